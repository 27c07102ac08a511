"""The schema that statements create on SQLite, and what was created by hand and would not work after a change."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.migrations.dependents import READ_TRIGGERS, READ_VIEWS, broken, broken_view
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import (
    column_definitions,
    constraint_definitions,
    quoted,
    tokens,
    unquoted,
    without_comments,
)

READ_SCHEMA = (
    "SELECT type, name, tbl_name, sql FROM sqlite_master "
    "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
    "ORDER BY type = 'trigger', type = 'view', type = 'index', rowid"
)
BEFORE = "drop it in a migration before this one, and create it again in one after it if it is still needed"


@dataclass
class SqliteTable:
    """One table as SQLite keeps it: columns by name, constraints, indexes and triggers by name."""

    name: str
    sql: str
    columns: dict[str, str]
    constraints: list[str]
    attached: dict[str, str] = field(default_factory=dict)

    @property
    def checks(self) -> dict[str, str]:
        """Its CHECKs by name; one without a name by its definition."""
        named = ((tokens(sql), sql) for sql in self.constraints)
        found = (
            (words[2:3], unquoted(words[1]), sql) if words[0].upper() == "CONSTRAINT" else (words, sql, sql)
            for words, sql in named
        )
        return {name: sql for (first, *_), name, sql in found if first.upper() == "CHECK"}

    def checks_by_hand(self, known: Collection[str]) -> list[str]:
        """Those whose names are not known."""
        return [sql for name, sql in self.checks.items() if name not in known]


type Schema = dict[str, SqliteTable]


def read(statements: Iterable[str]) -> Schema:
    """The schema after these statements on an empty database."""
    schema: Schema = {}
    with _scratch(statements) as database:
        for kind, name, owner, sql in database.execute(READ_SCHEMA):
            if kind == "table":
                schema[name] = SqliteTable(name, sql, column_definitions(sql), constraint_definitions(sql))
            elif owner in schema:  # a view is its own owner, and owns its triggers
                schema[owner].attached[name] = sql
    return schema


def require_working(before: Sequence[str], changes: Sequence[str]) -> None:
    """Stop if a view or trigger that works on SQLite would not work after these changes.

    Raises:
        MigrationError: One would not.
    """
    if _broken(before) is None and (reason := _broken([*before, *changes])):
        message = f"{reason}: {BEFORE}."
        raise MigrationError(message)


def require_types(views: Iterable[str], old: Mapping[str, Table], new: Mapping[str, Table], renames: Renames) -> None:
    """Stop if Postgres would not change the type of a column, because a view of the history reads it.

    Args:
        views: The statements of the history's schema on SQLite.
        old: The old tables on Postgres.
        new: The new ones.
        renames: What was renamed.

    Raises:
        MigrationError: A view does.
    """
    changed = {
        (before.name, name)
        for table in new.values()
        if (before := old.get(renames.origin(table.name)))
        for name, column in before.columns.items()
        if (after := table.columns.get(renames.columns.get(table.name, {}).get(name, name)))
        and after.type != column.type
    }
    for view, columns in _columns_of_views(views) if changed else ():
        for table, column in sorted(columns & changed):
            message = (
                f"The view {view} reads {table}.{column}, and Postgres does not change its type under it: {BEFORE}."
            )
            raise MigrationError(message)


def _broken(statements: Iterable[str]) -> str | None:
    with _scratch(statements) as database:
        try:
            for statement in READ_VIEWS:
                database.execute(statement)
        except sqlite3.Error as error:
            return broken_view(error)
        for trigger, statement in database.execute(READ_TRIGGERS).fetchall():
            try:
                database.execute(statement)
            except sqlite3.Error as error:
                return broken(f"trigger {trigger}", error)
    return None


def _columns_of_views(statements: Iterable[str]) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Each view with the tables and columns that it reads, itself or through other views."""
    with _scratch(statements) as database:
        for (view,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            found = set[tuple[str, str]]()

            def note(action: int, table: str | None, column: str | None, *_: object) -> int:
                if action == sqlite3.SQLITE_READ:
                    found.add((table or "", column or ""))  # noqa: B023 - used before the next view
                return sqlite3.SQLITE_OK

            database.set_authorizer(note)
            database.execute(f"SELECT * FROM {quoted(view)} LIMIT 0")  # noqa: S608
            database.set_authorizer(None)
            yield view, found


@contextmanager
def _scratch(statements: Iterable[str]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        for statement in map(without_comments, statements):
            try:
                database.execute(statement)
            except sqlite3.Error as error:
                message = (
                    f"This change cannot be made on SQLite: {error}, in {statement!r}. Write the migration by hand."
                )
                raise MigrationError(message) from error
        yield database
