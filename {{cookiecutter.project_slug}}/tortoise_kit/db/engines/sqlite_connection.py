"""An aiosqlite connection that reports its statements, and ends them before its next user."""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Awaitable, Mapping
from functools import lru_cache, partial
from types import TracebackType
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper

from tortoise_kit.db.errors import PoolTimeout
from tortoise_kit.db.translation import translated
from tortoise_kit.schemas.sqlite_functions import SQLITE_FUNCTIONS
from tortoise_kit.sql.conditions import JSON_CONTAINS, json_contains, json_element
from tortoise_kit.sql.parsing import without_comments
from tortoise_kit.sql.recording import instrument
from tortoise_kit.upstream.aiosqlite import ANYTHING, HookedConnection, open_file
from tortoise_kit.upstream.pypika import JSON_ELEMENT

IDLE_CHECK_SECONDS = 0.01
FETCHED_AHEAD = 64  # rows of an iterated cursor that cross between the threads at once: aiosqlite's default

# What SQLite keeps in a connection: no trigger, view or function of SQL can change any of it.
_LEFT = re.compile(
    r"""(?:^|;)\s*(?:attach|detach|create\s+temp|(?:create|alter)\b[^;]*?\btemp"?\s*\.)|\bload_extension\s*\(""",
    re.IGNORECASE,
)
_PRAGMA = re.compile(r"""(?:^|;)\s*pragma\s+(?:["\w]+\s*\.\s*)?["`\[]?(\w+)["`\]]?\s*[=(]""", re.IGNORECASE)
_READS = re.compile("foreign_key_|incremental_vacuum|index_|integrity_check|optimize|quick_check|table_|wal_checkpoint")


@lru_cache(maxsize=2048)
def left_by(sql: str) -> frozenset[str]:
    """The pragmas that a statement or a script may set; ANYTHING for what else it may leave in the session."""
    texts = (sql, without_comments(sql)) if "--" in sql or "/*" in sql else (sql,)
    pragmas = {name.lower() for text in texts for name in _PRAGMA.findall(text) if not _READS.match(name.lower())}
    return frozenset(pragmas | {ANYTHING} if any(map(_LEFT.search, texts)) else pragmas)


class Connection(HookedConnection):
    """Reports its statements to `tortoise_kit.sql.recording`.

    Attributes:
        parameters_max: Parameters that one statement may have, as its SQLite was built.
    """

    parameters_max: int

    left_by = staticmethod(left_by)
    instrument = staticmethod(instrument)

    def is_touched(self) -> bool:
        """Whether a user left anything: a transaction that a statement began, pragmas, temporary tables, and so on."""
        with contextlib.suppress(ValueError):  # it is closed
            return bool(self.touched) or self.in_transaction
        return False

    async def undo(self, pragmas: Mapping[str, Any]) -> bool:
        """Undo a transaction and changes of these pragmas; whether that was all, or else it must be closed."""
        try:
            await self.rollback()
            if not self.touched <= pragmas.keys():
                return False
            for pragma in self.touched:
                await self.execute_fetchall(f"PRAGMA {pragma}={pragmas[pragma]}")
        except (sqlite3.Error, ValueError):  # ValueError for a closed connection
            return False
        self.touched = frozenset()
        return True


async def connect(path: str) -> Connection:
    """A connection to a file, in autocommit, with rows by column name."""
    connection = Connection(partial(open_file, path), FETCHED_AHEAD)
    try:
        await shielded(_open(connection))
    except asyncio.CancelledError:
        await shielded(connection.close())
        raise
    return connection


async def _open(connection: Connection) -> None:
    await connection
    connection.row_factory = sqlite3.Row
    await connection.execute_fetchall("PRAGMA case_sensitive_like = ON")  # as on Postgres: __contains is by case
    await connection.create_function(JSON_CONTAINS, 2, json_contains, deterministic=True)
    await connection.create_function(JSON_ELEMENT, 2, json_element, deterministic=True)
    for name, function in SQLITE_FUNCTIONS.items():
        await connection.create_function(name, -1, function, deterministic=True)
    connection.parameters_max = await connection.read_parameters_max()
    connection.touched = frozenset()


async def shielded[T](work: Awaitable[T]) -> T:
    """The result of `work`, which is awaited to its end before a cancellation of the caller is raised."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()  # retrieved, so that asyncio does not warn about it
        raise cancelled
    return task.result()


async def interrupt(connection: Any) -> None:
    """Interrupt the statement that runs in the connection's thread, if one does, and wait until it has ended.

    With none running, an interrupt would hit the next statements for as long as a cursor has rows left, as after a text
    that is not UTF-8, and ROLLBACK would be the first of them.
    """
    idle = asyncio.ensure_future(connection.idle())
    while not idle.done():
        try:
            await asyncio.wait([idle], timeout=IDLE_CHECK_SECONDS)
        except asyncio.CancelledError:
            continue  # the caller is being cancelled already
        if not idle.done():
            await connection.interrupt()  # repeatedly, since it does nothing to a statement that has not begun


async def roll_back(connection: Any) -> None:
    """Roll back what is still open, after a cancelled statement has ended; no error hides the caller's."""
    await interrupt(connection)
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            await shielded(connection.rollback())


async def acquire_lock(lock: asyncio.Lock, timeout: float | None) -> None:  # noqa: ASYNC109 -- as a pool's
    """Acquire the lock that guards a connection.

    Raises:
        PoolTimeout: It was not free within `timeout` seconds.
    """
    try:
        async with asyncio.timeout(timeout):
            await lock.acquire()
    except TimeoutError as error:
        message = f"The connection did not become free within {timeout} s."
        raise PoolTimeout(message) from error


class ConnectionGuard(ConnectionWrapper[Any]):
    """Lends the connection for one statement with a time limit; when it is left, the statement has ended."""

    client: Any  # of the engine: has acquire_timeout, command_timeout, opened, after_statement and reset_session

    async def __aenter__(self) -> Any:
        await acquire_lock(self._lock, self.client.acquire_timeout)
        try:
            self.connection = await self.client.opened()
            self._limit = asyncio.timeout(self.client.command_timeout)
            await self._limit.__aenter__()
        except BaseException:
            self._lock.release()
            raise
        return self.connection

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        failure = exc_val
        try:
            with translated():
                await self._end(exc_type, exc_val, exc_tb)
        except Exception as error:
            failure = error
            raise
        finally:
            try:
                await self.client.after_statement(failure)
                await self.client.reset_session()
            finally:
                self._lock.release()

    async def _end(self, *raised: Any) -> None:
        error = raised[1]
        if isinstance(error, asyncio.CancelledError):
            await interrupt(self.connection)
        await self._limit.__aexit__(*raised)
        if isinstance(error, sqlite3.Error | ValueError | OverflowError):
            raise _as_sqlite(error)


def _as_sqlite(error: Exception) -> Exception:
    """An sqlite3 error for what aiosqlite and Python raise for a closed connection or a value that fits no column."""
    if isinstance(error, sqlite3.Error):
        return error
    if "onnection" in str(error):
        return sqlite3.ProgrammingError("Cannot operate on a closed database.")
    return sqlite3.DataError(type(error).__name__)
