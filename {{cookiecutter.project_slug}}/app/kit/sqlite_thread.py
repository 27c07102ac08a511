"""What a connection of aiosqlite does in its thread, brought to an end before anybody else uses it."""

import asyncio
import sqlite3
from collections.abc import Awaitable
from types import TracebackType
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper

from app.kit.errors import PoolTimeout, translated

IDLE_CHECK_SECONDS = 0.01


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
