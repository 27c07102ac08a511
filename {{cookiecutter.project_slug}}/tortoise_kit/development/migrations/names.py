"""What both databases accept: names that no two things of the models share, and tables that form no cycle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tortoise_kit.development.migrations.renames import NAME_BYTES
from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.development.migrations.snapshot import Snapshot, joins, managed, title
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError
from tortoise_kit.sql.parsing import quoted

SYSTEM_COLUMNS = {"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"}  # which each table of Postgres has already

type Named = tuple[str, str]
"""A name, and the model or field that has it."""


def require_usable(snapshot: Snapshot, tables: Mapping[str, Table]) -> None:
    """Stop if a name of the new models is rejected or cut by a database, or if two things have the same.

    Raises:
        MigrationError: A name is not usable, or tables reference each other in a cycle.
    """
    own = [(model["table"], f"the table of {title(model)}") for model in managed(snapshot)]
    own += [(join["through"], f"the join table of {title(model)}.{join['name']}") for model, join in joins(snapshot)]
    groups = [[*_columns(model)] for model in managed(snapshot)]
    reasons = [_of_system(named) for group in groups for named in group]
    for schema in {table.schema: None for table in tables.values()}:
        there = [table for table in tables.values() if table.schema == schema]
        indexes = [(name, f"an index of {table.title}") for table in there for name in _indexes(table)]
        groups.append([*(named for named in own if tables[named[0]] in there), *indexes])
    reasons += [*map(_unusable, [*own, *(one for group in groups for one in group)])]
    reasons += [reason for group in (own, *groups) for reason in _shared(group)]
    if found := next(filter(None, reasons), None):
        raise MigrationError(found)
    ordered(list(tables.values()))


def _indexes(table: Table) -> set[str]:
    """The names of its indexes, and of constraints that are indexes on Postgres."""
    return {*table.declared.indexes} | {
        name for name, sql in table.declared.constraints.items() if not sql.startswith("CHECK")
    }


def _columns(model: dict[str, Any]) -> Iterator[Named]:
    for one in (model["pk_field"], *model["data_fields"]):
        if "db_column" in one:
            yield one["db_column"], f"the column of {title(model)}.{one['name']}"


def _unusable(named: Named) -> str | None:
    name, thing = named
    if '"' in name or "\0" in name:
        return f"{name!r}, {thing}, has a character that Tortoise does not quote: choose another name."
    if len(name.encode()) > NAME_BYTES:
        return f"{name!r}, {thing}, is longer than {NAME_BYTES} bytes, which Postgres cuts off: choose a shorter name."
    if name == AERICH_TABLE or name.casefold().startswith("sqlite_"):
        return f"{name!r}, {thing}, is the name of a table of Aerich or SQLite: choose another name."
    return None


def _of_system(named: Named) -> str | None:
    name, thing = named
    if name not in SYSTEM_COLUMNS:
        return None
    return f"{name!r}, {thing}, is a system column of Postgres: rename the field, or give it another source_field."


def _shared(group: Iterable[Named]) -> Iterator[str]:
    things = defaultdict[str, list[Named]](list)
    for name, thing in group:
        things[name.casefold()].append((name, thing))
    for same in things.values():
        if len(same) > 1:
            (name, one), (_, other), *_ = same
            yield f"{name!r} names {one} and {other}, as SQLite ignores case: choose another name for one of them."


def ordered(unordered: list[Table]) -> list[Table]:
    """The tables, each after those it references.

    Raises:
        MigrationError: Two reference each other.
    """
    left, done = list(unordered), list[Table]()
    while left:
        names = {quoted(table.name) for table in left}
        ready = [table for table in left if not (_targets(table) - {quoted(table.name)}) & names]
        if not ready:
            titles = ", ".join(sorted(table.title or table.name for table in left))
            message = f"{titles} reference each other in a cycle: make one of the foreign keys an integer field."
            raise MigrationError(message)
        done += ready
        left = [table for table in left if table not in ready]
    return done


def _targets(table: Table) -> set[str]:
    return {column.references.split(" (")[0] for column in table.columns.values() if column.references}
