"""Resident memory of an app while many connections are open, each of which has read a list."""

import asyncio
import shutil
import subprocess
from pathlib import Path

from benchmarks.compare import client
from benchmarks.compare.results import Memory
from benchmarks.compare.server import HOST, Server
from benchmarks.compare.subjects import LIST, SUBJECTS

CONNECTIONS = 500
AT_ONCE = 32  # below the service's limit of requests in flight: it would refuse the rest, and keep less


class UnansweredError(Exception):
    """A list that was not answered as it should be."""


async def measure(server: Server, token: str) -> Memory:
    """Open all connections, read a list by each, and look at the process before they are closed.

    Raises:
        UnansweredError: A list was not answered, so the process did not do its work.
    """
    [request] = client.requests_of(next(subject for subject in SUBJECTS if subject.name == LIST), token)
    gate = asyncio.Semaphore(AT_ONCE)
    pairs = [await asyncio.open_connection(HOST, server.port) for _ in range(CONNECTIONS)]

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        async with gate:
            return await client.exchange(reader, writer, request)

    try:
        statuses = await asyncio.gather(*(read(*pair) for pair in pairs))
        if any(status not in client.OK for status in statuses):
            message = f"{server.entrant.name} answered {max(statuses)} at {CONNECTIONS} connections."
            raise UnansweredError(message)
        return Memory(server.entrant.name, CONNECTIONS, resident_mebibytes(server.pid))
    finally:
        for _, writer in pairs:
            writer.close()


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
