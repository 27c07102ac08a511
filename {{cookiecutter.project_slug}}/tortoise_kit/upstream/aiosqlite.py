"""aiosqlite, read at 0.22.1: the method that all calls pass on their way to the connection's thread; and sqlite3."""

import sqlite3
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, ClassVar, override

import aiosqlite
import tortoise.backends.sqlite.executor  # noqa: F401 -- registers adapters

ANYTHING = "anything"
_CHANGING = ("create_", "set_", "setlimit", "setconfig", "enable_load_extension", "load_extension")
_TEXTS = {"commit": "COMMIT", "rollback": "ROLLBACK"}
_WITH_TEXT = ("execute", "_execute_fetchall", "_execute_insert", "executemany", "executescript")


def compared(value: Any) -> Any:
    """A parameter as it compares with what is computed, which has no column to convert it: texts sort after numbers."""
    if isinstance(value, Decimal) and value.is_finite():
        whole = int(value)
        return whole if whole == value and abs(whole) < 2**63 else float(value)
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat(" ")
    return value


# The driver stores dates and timestamps as text, and has nothing for times of day.
sqlite3.register_adapter(time, time.isoformat)
sqlite3.register_adapter(datetime, compared)  # after Tortoise's, which keeps offsets, by which texts do not sort


def open_file(path: str) -> sqlite3.Connection:
    """A connection in autocommit, to which a name in double quotes is a name; by default an unknown one is a text."""
    connection = sqlite3.connect(path, isolation_level=None)
    for option in (sqlite3.SQLITE_DBCONFIG_DQS_DML, sqlite3.SQLITE_DBCONFIG_DQS_DDL):
        connection.setconfig(option, False)  # noqa: FBT003 -- the driver's
    return connection


class HookedConnection(aiosqlite.Connection):
    """A connection whose statements pass a function.

    Attributes:
        left_by: The pragmas that a statement may set; ANYTHING for what else it may leave in the session.
        instrument: Given each statement before it is sent; what it returns is awaited in place of the work.
        touched: What was left in the session.
        changed: Rows that statements changed, without those of cascades and triggers, which Postgres does not count.
    """

    left_by: ClassVar[Callable[..., frozenset[str]]]
    instrument: ClassVar[Callable[..., Coroutine[Any, Any, Any]]]
    touched: frozenset[str] = frozenset()
    changed = 0

    @property
    @override
    def total_changes(self) -> int:
        """What Tortoise counts the rows of a statement by."""
        return self.changed

    @override
    def _execute_fetchall(self, sql: str, parameters: Any) -> Any:
        cursor = self._conn.execute(sql, parameters)
        rows = cursor.fetchall()
        self.changed += max(cursor.rowcount, 0)
        return rows

    # It is no coroutine itself, so that a hook costs no further await.
    def _execute(self, fn: Callable[..., Any], *args: Any, **options: Any) -> Any:
        work: Coroutine[Any, Any, Any] = super()._execute(fn, *args, **options)  # type: ignore[no-untyped-call]
        name = getattr(fn, "__name__", "")
        text = str(args[0]) if name in _WITH_TEXT else _TEXTS.get(name)
        if name.startswith(_CHANGING):
            self.touched |= {ANYTHING}
        elif name in _WITH_TEXT:
            self.touched |= self.left_by(text)
        return work if text is None else self.instrument(text, work, many=name == "executemany")

    async def read_parameters_max(self) -> int:
        """How many parameters one statement may have, as its SQLite was built."""
        limit: int = await self._execute(self._conn.getlimit, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        return limit

    async def idle(self) -> None:
        """Wait until the thread has done all that it was given: it takes its work in order."""
        await self._execute(bool)
