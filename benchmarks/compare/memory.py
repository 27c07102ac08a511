"""Resident memory of a new app: while many connections are open that each have read a list, then after some logins."""

import asyncio
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from rich.progress import track

from benchmarks.compare import client
from benchmarks.compare.results import Measure, Rounds
from benchmarks.compare.server import HOST, Server, server
from benchmarks.compare.subjects import LIST, LOGIN, LOGINS_AT_ONCE, Entrant, answers, named

CONNECTIONS = 500
SUBJECT = f"{CONNECTIONS} connections"
AT_ONCE = 32  # below the service's limit of requests in flight: it would refuse the rest, and keep less


class UnansweredError(Exception):
    """A request that was not answered as it should be."""


def measure(entrants: Sequence[Entrant], database_url: str, token: str, *, rounds: int) -> Rounds:
    """Start each app this number of times.

    Raises:
        UnansweredError: A request was not answered, so the process did not do its work.
    """
    found = Rounds()
    for _ in track(range(rounds), description="Memory"):
        with ExitStack() as stack:
            for one in [stack.enter_context(server(each, database_url)) for each in entrants]:
                found.add(SUBJECT, one.entrant.name, asyncio.run(resident(one, token)))
    return found


async def resident(server: Server, token: str) -> dict[Measure, float | None]:
    """Look at the process after a list on each of many open connections, then after logins by a few, all at once.

    Raises:
        UnansweredError: A request was not answered.
    """
    async with AsyncExitStack() as stack:
        await _answered(server, stack, client.requests_of(named(LIST), token), CONNECTIONS)
        after_lists = resident_mebibytes(server.pid)
        if not answers(server.entrant, named(LOGIN)):
            return {Measure.MEMORY: after_lists}
        await _answered(server, stack, client.requests_of(named(LOGIN), token), LOGINS_AT_ONCE)
        return {Measure.MEMORY: after_lists, Measure.MEMORY_AFTER_LOGINS: resident_mebibytes(server.pid)}


async def _answered(server: Server, stack: AsyncExitStack, requests: Sequence[bytes], connections: int) -> None:
    """Open connections that stay open with the stack, and send a request by each."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask() -> int:
        async with gate:
            reader, writer = await asyncio.open_connection(HOST, server.port)
            stack.callback(writer.close)
            return await client.exchange(reader, writer, requests[0])

    try:
        statuses = await asyncio.gather(*(ask() for _ in range(connections)))
    except (OSError, EOFError, TimeoutError) as error:
        message = f"{server.entrant.name} did not answer one of {connections} connections: {error!r}"
        raise UnansweredError(message) from error
    if any(status not in client.OK for status in statuses):
        message = f"{server.entrant.name} answered {max(statuses)} at {connections} connections."
        raise UnansweredError(message)


def resident_mebibytes(pid: int) -> float:
    """Of one process: from /proc on Linux, from `ps` elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        kibibytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    else:
        ps = shutil.which("ps") or "/bin/ps"
        kibibytes = subprocess.run(  # noqa: S603  # a program of the system
            [ps, "-o", "rss=", "-p", str(pid)], check=True, capture_output=True, text=True, timeout=10
        ).stdout
    return int(kibibytes) / 1024
