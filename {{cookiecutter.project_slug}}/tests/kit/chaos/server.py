"""Servers to break: a Postgres whose acknowledged commits survive `kill -9`, and what surrounds it.

Each is owned by a separate process (see `owner.py`), so that it ends with the suite, however the suite ends.
"""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import anyio
import asyncpg

from app.settings import PROJECT_FILE

CONNECT_TIMEOUT_SECONDS = 10


class ServerError(Exception):
    """A server could not be made, started or ended; the message is the owner's."""


class Server:
    """A server that another process owns, and the commands that it takes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = str(self._answer()["url"])

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "The owner of the server ended."}
        if "error" in answer:
            raise ServerError(answer["error"])
        return answer

    def command(self, word: str) -> None:
        """Have the owner do this, and wait until it is done."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        self._answer()

    async def start(self) -> None:
        """Start it, also after it was killed, on the same port and data; done when it takes queries."""
        await anyio.to_thread.run_sync(self.command, "start")

    async def stop(self) -> None:
        """End it at once."""
        await anyio.to_thread.run_sync(self.command, "stop")

    async def kill9(self) -> None:
        """SIGKILL for each of its processes."""
        await anyio.to_thread.run_sync(self.command, "kill9")

    async def query(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Rows of a query as superuser, on a new connection."""
        connection = await asyncpg.connect(self.url, timeout=CONNECT_TIMEOUT_SECONDS)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
            return rows
        finally:
            await connection.close()

    async def terminate_sessions(self, database: str) -> int:
        """End every session of `database`, and say how many there were."""
        sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
        return len(await self.query(sessions, database))


@contextmanager
def running(kind: str, *arguments: str) -> Generator[Server]:
    """A started server of this kind: `postgres`, `durable`, `replica` of a URL, or `pgbouncer` before a URL."""
    with subprocess.Popen(  # noqa: S603 -- a script of this suite
        [sys.executable, "-m", "tests.kit.chaos.owner", kind, *arguments],
        cwd=PROJECT_FILE.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C ends the suite first, which then ends the server
    ) as process:
        server = Server(process)
        server.command("start")
        yield server
