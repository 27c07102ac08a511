"""What a request costs besides the clock: CPU and statements of Postgres, and instructions of the processor.

Each is left out where it cannot be read, and a line of the result says so.
"""

import ctypes
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg

PROCESSES = Path("/proc")
# perf_event_open's number, its first and smallest structure, and two of its events: <linux/perf_event.h>.
SYSCALLS = {"x86_64": 298, "aarch64": 241}
ATTRIBUTES_BYTES = 64
HARDWARE, INSTRUCTIONS = 0, 1
SOFTWARE, TASK_CLOCK = 1, 1
INHERIT, NO_KERNEL, NO_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6
# asyncpg resets a session by these, in one message with the first, `SELECT pg_advisory_unlock_all()`.
UNCOUNTED = "^(CLOSE ALL|UNLISTEN|RESET ALL)|pg_stat_statements"  # and the question itself
CALLS = f"SELECT sum(calls)::bigint FROM pg_stat_statements WHERE query !~ '{UNCOUNTED}'"  # noqa: S608  # a constant


class _Attributes(ctypes.Structure):
    """`struct perf_event_attr`, version 0."""

    _fields_ = (
        ("type", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
        ("config", ctypes.c_uint64),
        ("unused", ctypes.c_uint64 * 3),
        ("flags", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 2),
    )


class EventCounter:
    """Counts an event of this process and of threads that it starts later, in user space.

    Raises:
        OSError: The processor or the system does not count it for this user.
    """

    def __init__(self, kind: int = HARDWARE, event: int = INSTRUCTIONS) -> None:
        number = SYSCALLS.get(platform.machine()) if platform.system() == "Linux" else None
        if number is None:
            message = f"no perf_event_open on {platform.system()} {platform.machine()}"
            raise OSError(message)
        attributes = _Attributes(type=kind, size=ATTRIBUTES_BYTES, config=event)
        attributes.flags = INHERIT | NO_KERNEL | NO_HYPERVISOR
        call = ctypes.CDLL(None, use_errno=True).syscall
        self._file: int = call(number, ctypes.byref(attributes), 0, -1, -1, 0)
        if self._file < 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    def read(self) -> int:
        """Events so far."""
        return int.from_bytes(os.read(self._file, 8), "little")


class PostgresCounters:
    """CPU and statements of a Postgres server, as one of its sessions sees them.

    Attributes:
        notes: What cannot be read, and why.
    """

    def __init__(self, connection: Any, postmaster: int | None, *, statements: bool) -> None:
        self._connection, self._postmaster, self._statements = connection, postmaster, statements
        self.notes = [
            *([] if postmaster else ["Postgres CPU is not known: its processes are not on this machine."]),
            *([] if statements else ["Statements are not counted: Postgres does not preload pg_stat_statements."]),
        ]

    @classmethod
    async def open(cls, database_url: str) -> "PostgresCounters":
        """With a session of a database, in which it creates the extension pg_stat_statements."""
        connection = await asyncpg.connect(database_url, timeout=10)
        preloaded = await connection.fetchval("SHOW shared_preload_libraries")
        statements = "pg_stat_statements" in preloaded
        if statements:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        return cls(connection, _postmaster(await connection.fetchval("SELECT pg_backend_pid()")), statements=statements)

    async def close(self) -> None:
        """End the session."""
        await self._connection.close()

    def cpu(self) -> dict[int, int] | None:
        """Nanoseconds of each of the server's processes so far."""
        if self._postmaster is None:
            return None
        return {pid: _nanoseconds(pid) for pid in _children(self._postmaster)}

    async def statements(self) -> int | None:
        """How many the server has run."""
        return await self._connection.fetchval(CALLS) if self._statements else None


def spent(before: dict[int, int] | None, after: dict[int, int] | None) -> float | None:
    """Microseconds between two looks; what ended in between is not counted."""
    if before is None or after is None:
        return None
    return sum(nanoseconds - before.get(pid, 0) for pid, nanoseconds in after.items()) / 1e3


def _postmaster(backend: int) -> int | None:
    """The parent of a session's process, if that runs here: its number could be that of another machine's."""
    try:
        title = (PROCESSES / str(backend) / "cmdline").read_bytes()
        return _parent(backend) if title.startswith(b"postgres:") else None
    except OSError:
        return None


def _children(postmaster: int) -> Iterator[int]:
    for each in PROCESSES.iterdir():
        if each.name.isdecimal() and _parent(int(each.name)) == postmaster:
            yield int(each.name)


def _parent(pid: int) -> int | None:
    try:
        return int((PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _nanoseconds(pid: int) -> int:
    """On a processor, from schedstat, since stat has hundredths of a second only."""
    try:
        return int((PROCESSES / str(pid) / "schedstat").read_text().split()[0])
    except OSError:
        return 0
