"""Whether a database takes writes now: what it says itself, and what recent writes found out; who may read its file."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import TransactionManagementError

from tortoise_kit.db.errors import DatabaseFull, ReadOnlyDatabase
from tortoise_kit.db.translation import is_fatal
from tortoise_kit.db.urls import scheme_of, sqlite_file

# A full disk shows only when something is written. If this forgot at once, a service that is taken out of rotation, and
# so writes nothing more, would never come back; it does so after this time, and the next write finds out again.
REMEMBERED_SECONDS = 5.0
IN_MEMORY = ("", ":memory:")  # names of SQLite's databases that are no files
OF_OTHERS = 0o077  # permissions of the file's group and of everybody else


class WriteFailures:
    """Remembers for some seconds that a write failed because the database takes none."""

    def __init__(self) -> None:
        self._last: tuple[float, BaseException] | None = None

    def note(self, error: BaseException) -> None:
        """Remember the error, if it is of this kind."""
        if isinstance(error, (ReadOnlyDatabase, DatabaseFull)):
            self._last = time.monotonic(), error

    def of_transaction(self) -> "TransactionFailures":
        """For a transaction of the same client."""
        return TransactionFailures(self)

    def recent(self) -> BaseException | None:
        """The last one, if it is recent."""
        at, error = self._last or (float("-inf"), None)
        return error if time.monotonic() - at < REMEMBERED_SECONDS else None


class TransactionFailures:
    """What the failed statements of one transaction mean for its connection and its client.

    Attributes:
        fatal: The error after which the connection should not be used again; None if it may.
    """

    def __init__(self, client: WriteFailures) -> None:
        self._client = client
        self.fatal: BaseException | None = None

    def of_transaction(self) -> "TransactionFailures":
        """For a block nested in the transaction."""
        return self

    def note(self, error: BaseException, *, readonly: bool = False) -> None:
        """Note an error.

        Raises:
            TransactionManagementError: In its place, if the transaction itself is `readonly` and the statement wrote.
        """
        if readonly and isinstance(error, ReadOnlyDatabase):
            message = f"The transaction was opened with readonly=True, so it cannot write. {error}"
            raise TransactionManagementError(message) from error
        if is_fatal(error):
            self.fatal = error
            self._client.note(error)


async def require_writable(connection: BaseDBAsyncClient) -> None:
    """Raise if the database takes no writes, as far as recent statements found out; call it after one.

    On Postgres it sends nothing, since a server says with each response whether it is read-only. Before Postgres 14,
    and behind PgBouncer, only a failed write finds out.

    Raises:
        ReadOnlyDatabase: It is a standby, or the server, the role or the file is read-only.
        DatabaseFull: A write of the last five seconds found no room.
    """
    client: Any = connection
    failed = client.failures.recent()
    if isinstance(failed, DatabaseFull):
        raise failed
    if connection.capabilities.dialect == "postgres":
        said = getattr(getattr(client, "_pool", None), "read_only", None)
        read_only = failed is not None if said is None else said
    else:
        [row] = await connection.execute_query_dict("PRAGMA query_only")
        read_only = failed is not None or row["query_only"] or not may_write(client.filename)
    if read_only:
        message = "The database takes no writes: it is a standby, or the server, the role or the file is read-only."
        raise ReadOnlyDatabase(message)


def may_write(file: str) -> bool:
    """Whether the file's permissions and file system let this process write it, or it is not there yet."""
    return not Path(file).exists() or os.access(file, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def create_private(file: str) -> None:
    """Create the file of a new SQLite database, which only its owner can read: SQLite itself makes it readable to all.

    Its `-wal` and `-shm` get the same permissions. A file that exists keeps its own, and `:memory:` and URIs have none.
    Where the file cannot be created, nothing happens: SQLite reports why when it opens the file.
    """
    if file not in IN_MEMORY and not file.startswith("file:"):
        with contextlib.suppress(OSError):
            os.close(os.open(Path(file).resolve(), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def readable_by_others(url: str) -> list[Path]:
    """The files of an SQLite database that users other than their owner can read or write; empty for Postgres.

    Windows has other permissions, and there it is empty, too.
    """
    return files_open_to_others(sqlite_file(url)) if scheme_of(url) == "sqlite" else []


def files_open_to_others(path: str | Path) -> list[Path]:
    """The same for a file, its write-ahead log and its journal."""
    if os.name == "nt":
        return []
    files = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
    return [file for file in files if file.is_file() and file.stat().st_mode & OF_OTHERS]


def try_to_open(file: str) -> None:
    """Open and close an SQLite database, and create it if it does not exist.

    Raises:
        sqlite3.OperationalError: It cannot be opened.
    """
    create_private(file)
    sqlite3.connect(file).close()
