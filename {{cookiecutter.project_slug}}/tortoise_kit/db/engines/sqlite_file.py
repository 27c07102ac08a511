"""An SQLite file with two connections: one for all that writes, and one for what only reads.

In the write-ahead log a reader waits for no writer, but with one connection it waits for whatever that waits for, such
as the lock that another process holds.
"""

import contextlib
import re
import sqlite3
from functools import lru_cache
from typing import Any

from tortoise.backends.sqlite.client import SqliteClient

from tortoise_kit.db.engines.sqlite_connection import acquire_lock, connect, shielded
from tortoise_kit.db.errors import ConnectionLost, DatabaseFull, SchemaMismatch
from tortoise_kit.db.translation import is_fatal, translated
from tortoise_kit.db.writability import IN_MEMORY, WriteFailures, create_private, may_write
from tortoise_kit.sql.recording import suppressed

_READS = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_BY_WRITER = re.compile(  # what writes, says what the connection wrote last, or is only in its own temporary tables
    r"\b(INSERT|UPDATE|DELETE|REPLACE|changes|total_changes|last_insert_rowid|temp)\b|\bpragma_", re.IGNORECASE
)


@lru_cache(maxsize=2048)
def only_reads(query: str) -> bool:
    """Whether a statement has the same result on every connection, and changes nothing."""
    return _READS.match(query) is not None and _BY_WRITER.search(query) is None


class FileClient(SqliteClient):
    """Tortoise's client of a file that is opened again when its connection is of no more use.

    Args:
        acquire_timeout: Seconds that a caller waits for the connection; None for ever.
        command_timeout: Seconds that one statement may take; None for ever.
        is_reader: Whether it is the connection for reading of another client.
        pragmas: As Tortoise's: `file_path`, and pragmas by name.

    Attributes:
        failures: Writes that failed because the database takes none.
        opened_read_only: Whether nobody could write the file when it was opened. SQLite keeps to that, and what it
            maps into memory for one connection serves all others of the process.
        resets_sessions: Whether what a caller leaves in the session is undone; migrations need not.
        reader: What statements that only read run on outside of transactions; None in memory.
    """

    resets_sessions = True

    def __init__(
        self,
        *,
        acquire_timeout: float | None = None,
        command_timeout: float | None = None,
        is_reader: bool = False,
        **pragmas: Any,
    ) -> None:
        super().__init__(**pragmas)
        self.acquire_timeout = acquire_timeout
        self.command_timeout = command_timeout
        self.failures = WriteFailures()
        self.opened_read_only = False
        self.reader: FileClient | None = None
        if not is_reader and self.filename not in IN_MEMORY:  # where a second connection would see other tables
            limits: dict[str, Any] = {"acquire_timeout": acquire_timeout, "command_timeout": command_timeout}
            self.reader = reader = type(self)(is_reader=True, **limits, **pragmas)
            reader.pragmas["query_only"] = "ON"  # the last one, since it forbids to turn the log on

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002, FBT001 -- Tortoise's signature
        """Open the file; a new one can only be read by its owner.

        Raises:
            ConnectionLost: It cannot be opened.
        """
        if self._connection:
            return
        if self.reader is not None and self.reader.opened_read_only:
            await self.reader.close_when_free()
        create_private(self.filename)
        self.opened_read_only = not may_write(self.filename)
        with translated(), suppressed():
            self._connection = await connect(self.filename)
            try:
                for pragma, value in self.pragmas.items():
                    await self._connection.execute_fetchall(f"PRAGMA {pragma}={value}")
                await self._post_connect()
            except BaseException:  # it would be used without the rest, such as foreign keys
                await shielded(super().close())
                raise

    async def opened(self) -> Any:
        """The connection, opened if it is not, or if the file was read-only when it was."""
        if self.opened_read_only and may_write(self.filename):
            await super().close()
        await self.create_connection(with_db=True)
        return self._connection

    async def reopen_after(self, error: BaseException | None) -> None:
        """Close the connection if an error says that it is of no more use; the next statement opens the file again.

        Call it with the lock held. In memory there is nothing to open again; a full disk is no fault of the connection.
        """
        connection = self._connection
        if is_fatal(error) and not isinstance(error, DatabaseFull) and self.filename not in IN_MEMORY and connection:
            self._connection = None
            with contextlib.suppress(sqlite3.Error, ValueError):  # it is closed already
                await shielded(connection.close())

        if connection and self._connection is None and self.reader is not None:
            await self.reader.close_when_free()

    async def close_when_free(self) -> None:
        """Close the connection once nobody uses it."""
        await acquire_lock(self._lock, self.acquire_timeout)
        try:
            await super().close()
        finally:
            self._lock.release()

    async def close(self) -> None:
        """Close both connections."""
        await super().close()
        if self.reader is not None:
            await self.reader.close()

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        """As Tortoise's; what only reads waits for no writer."""
        if self.reader is not None and only_reads(query):
            with contextlib.suppress(SchemaMismatch):  # it may have a temporary table or a function
                return await self.reader.execute_query(query, values)
        return await super().execute_query(query, values)

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> Any:
        """As Tortoise's; what only reads waits for no writer."""
        if self.reader is not None and only_reads(query):
            with contextlib.suppress(SchemaMismatch):
                return await self.reader.execute_query_dict(query, values)
        return await super().execute_query_dict(query, values)

    async def reset_session(self) -> None:
        """Undo what the last user left, whether or not the caller is cancelled meanwhile."""
        connection: Any = self._connection
        if self.resets_sessions and connection is not None and connection.is_touched():
            with suppressed():
                await shielded(self._reset(connection))

    async def _reset(self, connection: Any) -> None:
        if await connection.undo(self.pragmas):
            return
        self._connection = None
        with contextlib.suppress(ConnectionLost):  # the next caller tries again
            await self.create_connection(with_db=True)
            if self.filename == ":memory:":
                await connection.backup(self._connection)
        await connection.close()
