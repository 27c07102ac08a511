"""A connection of aiosqlite: what it does in its thread, reported, and ended before anybody else uses it."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper

from tortoise_kit.db.errors import PoolTimeout, translated
from tortoise_kit.sql.conditions import JSON_CONTAINS, json_contains
from tortoise_kit.sql.recording import instrument

IDLE_CHECK_SECONDS = 0.01
FETCHED_AHEAD = 64  # rows of an iterated cursor that cross between the threads at once: aiosqlite's default

_TEXTS = {"commit": "COMMIT", "rollback": "ROLLBACK"}
_WITH_TEXT = ("execute", "_execute_fetchall", "_execute_insert", "executemany", "executescript")


class Connection(aiosqlite.Connection):
    """Reports its statements to `tortoise_kit.sql.recording`.

    Attributes:
        parameters_max: How many one statement may have, as its SQLite was built.
    """

    parameters_max: int

    async def _execute(self, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """What all of aiosqlite's calls run on."""
        work: Coroutine[Any, Any, Any] = super()._execute(fn, *args, **options)  # type: ignore[no-untyped-call]
        name = getattr(fn, "__name__", "")
        text = str(args[0]) if name in _WITH_TEXT else _TEXTS.get(name)
        return await (work if text is None else instrument(text, work, many=name == "executemany"))


async def connected(path: str) -> Connection:
    """A connection to a file, in autocommit, whose rows are known by name."""
    connection = Connection(partial(sqlite3.connect, path, isolation_level=None), FETCHED_AHEAD)
    await connection
    connection.row_factory = sqlite3.Row
    await connection.create_function(JSON_CONTAINS, 2, json_contains, deterministic=True)
    connection.parameters_max = await connection._execute(
        connection._conn.getlimit, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    )
    return connection


async def finish[T](work: Awaitable[T]) -> T:
    """The result of `work`, which goes on to its end when the caller is cancelled; then the caller is."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()  # seen, so that nobody warns of it
        raise cancelled
    return task.result()


async def stop_statement(connection: Any) -> None:
    """Interrupt what runs in the connection's thread, and wait until it has ended."""
    idle = asyncio.ensure_future(connection._execute(bool))  # the thread takes its work in order
    while not idle.done():
        await connection.interrupt()  # again and again, since it does nothing to a statement that has not begun
        try:
            await asyncio.wait([idle], timeout=IDLE_CHECK_SECONDS)
        except asyncio.CancelledError:
            continue  # the caller is being cancelled already


async def lock_within(lock: asyncio.Lock, seconds: float | None) -> None:
    """Acquire the lock that guards a connection.

    Raises:
        PoolTimeout: It was not free within so many seconds.
    """
    try:
        async with asyncio.timeout(seconds):
            await lock.acquire()
    except TimeoutError as error:
        message = f"The connection did not become free within {seconds} s."
        raise PoolTimeout(message) from error


class Held(ConnectionWrapper[Any]):
    """The connection for one statement, whose time is limited; nothing of it runs on when this is left."""

    client: Any  # of the engine: has acquire_timeout, command_timeout and after_statement

    async def __aenter__(self) -> Any:
        await lock_within(self._lock, self.client.acquire_timeout)
        try:
            await self.ensure_connection()
            self._limit = asyncio.timeout(self.client.command_timeout)
            await self._limit.__aenter__()
        except BaseException:
            self._lock.release()
            raise
        return self.connection

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        try:
            if isinstance(exc_val, asyncio.CancelledError):
                await stop_statement(self.connection)
            with translated():
                await self._limit.__aexit__(exc_type, exc_val, exc_tb)
                if isinstance(exc_val, sqlite3.Error | ValueError | OverflowError):
                    raise _as_sqlite(exc_val)
        finally:
            self.client.after_statement(failed=exc_type is not None)
            self._lock.release()


def _as_sqlite(error: Exception) -> Exception:
    """What aiosqlite and Python say of a closed connection or a value that no column holds, in the driver's words."""
    if isinstance(error, sqlite3.Error):
        return error
    if "onnection" in str(error):
        return sqlite3.ProgrammingError("Cannot operate on a closed database.")
    return sqlite3.DataError(type(error).__name__)
