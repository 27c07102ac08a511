"""Names that both databases accept, and that no two things of the models share."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tortoise_kit.development.migrations.renames import NAME_BYTES
from tortoise_kit.development.migrations.schema_model import Table, ordered
from tortoise_kit.development.migrations.snapshot import Snapshot, joins, managed
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError

type Named = tuple[str, str]
"""A name, and the model or field that has it."""


def require_usable(snapshot: Snapshot, tables: Mapping[str, Table]) -> None:
    """Stop if a name of the new models is rejected or cut by a database, or if two things have the same.

    Raises:
        MigrationError: A name is not usable, or tables reference each other in a cycle.
    """
    own = [(model["table"], f"the table of {_title(model)}") for model in managed(snapshot)]
    own += [(join["through"], f"the join table of {_title(model)}.{join['name']}") for model, join in joins(snapshot)]
    indexes = [(name, f"an index of {table.title}") for table in tables.values() for name in table.indexes]
    columns = [[*_columns(model)] for model in managed(snapshot)]
    reasons = [*map(_unusable, [*own, *indexes, *(one for group in columns for one in group)])]
    reasons += [reason for group in ([*own, *indexes], *columns) for reason in _shared(group)]
    if found := next(filter(None, reasons), None):
        raise MigrationError(found)
    ordered(list(tables.values()))


def _title(model: dict[str, Any]) -> str:
    return str(model["name"].rpartition(".")[2])


def _columns(model: dict[str, Any]) -> Iterator[Named]:
    for one in (model["pk_field"], *model["data_fields"]):
        if "db_column" in one:
            yield one["db_column"], f"the column of {_title(model)}.{one['name']}"


def _unusable(named: Named) -> str | None:
    name, thing = named
    if '"' in name or "\0" in name:
        return f"{name!r}, {thing}, has a character that Tortoise does not quote: choose another name."
    if len(name.encode()) > NAME_BYTES:
        return f"{name!r}, {thing}, is longer than {NAME_BYTES} bytes, which Postgres cuts off: choose a shorter name."
    if name == AERICH_TABLE or name.casefold().startswith("sqlite_"):
        return f"{name!r}, {thing}, is the name of a table of Aerich or SQLite: choose another name."
    return None


def _shared(group: Iterable[Named]) -> Iterator[str]:
    things = defaultdict[str, list[Named]](list)
    for name, thing in group:
        things[name.casefold()].append((name, thing))
    for same in things.values():
        if len(same) > 1:
            (name, one), (_, other), *_ = same
            yield f"{name!r} names {one} and {other}, as SQLite ignores case: choose another name for one of them."
