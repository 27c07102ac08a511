"""Resident memory of a new app: while many connections are open that each have read a list, then after some logins."""

import asyncio
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.progress import track

from benchmarks.compare import client
from benchmarks.compare.results import Measure, Rounds
from benchmarks.compare.server import HOST, Server, server
from benchmarks.compare.subjects import LIST, LOGIN, LOGINS_AT_ONCE, Entrant, answers, named

CONNECTIONS = 500
SUBJECT = f"{CONNECTIONS} connections"
AT_ONCE = 32  # below the service's limit of requests in flight: it would refuse the rest, and keep less

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class UnansweredError(Exception):
    """A list that was not answered as it should be."""


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
    """Open all connections, and look at the process after a list by each, then after logins by a few, all at once."""
    pairs = [await asyncio.open_connection(HOST, server.port) for _ in range(CONNECTIONS)]
    try:
        await _answered(server, pairs, client.requests_of(named(LIST), token))
        after_lists = resident_mebibytes(server.pid)
        if not answers(server.entrant, named(LOGIN)):
            return {Measure.MEMORY: after_lists}
        await _answered(server, pairs[:LOGINS_AT_ONCE], client.requests_of(named(LOGIN), token))
        return {Measure.MEMORY: after_lists, Measure.MEMORY_AFTER_LOGINS: resident_mebibytes(server.pid)}
    finally:
        for _, writer in pairs:
            writer.close()


async def _answered(server: Server, pairs: Sequence[Streams], requests: Sequence[bytes]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        async with gate:
            return await client.exchange(reader, writer, requests[0])

    statuses = await asyncio.gather(*(ask(*pair) for pair in pairs))
    if any(status not in client.OK for status in statuses):
        message = f"{server.entrant.name} answered {max(statuses)} at {CONNECTIONS} connections."
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
