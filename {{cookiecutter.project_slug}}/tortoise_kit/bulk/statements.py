"""One statement for many rows.

On Postgres a batch is one array for each column, unnested: the SQL is the same for any number of rows, so it is
prepared once. Measured, 10 000 rows of six columns take two thirds of the time of asyncpg's `fetchmany`, and less than
half of that of many VALUES. Casts name no length, with which Postgres would silently cut text that is too long. Arrays
cannot be unnested; models with one use VALUES, as all do on SQLite.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, count
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from tortoise_kit.bulk.rows import BulkError, Row, Rows
from tortoise_kit.sql.identifiers import column_list, qualified
from tortoise_kit.sql.parsing import quoted

ROW_TWICE = "21000"  # SQLSTATE: ON CONFLICT DO UPDATE cannot affect a row a second time
TEXTS = 500  # kept for models and their fields; on SQLite each number of rows has its own, and none is kept
_LENGTH = re.compile(r"\(.*?\)")


async def insert(db: BaseDBAsyncClient, rows: Rows) -> list[Row]:
    """Insert the rows. Returns for each of them the columns that the database filled in."""
    meta = rows.model._meta
    left_out = [column for name, column in meta.fields_db_projection.items() if name not in rows.names]
    query, parameters = _insert(db, rows)
    if not left_out:
        await db.execute_query(query, parameters)
        return [{} for _ in range(rows.count)]
    if is_postgres(db):
        return await _returned(db, query, parameters, left_out)
    if meta.pk_attr in rows.names:
        returned = await _returned(db, query, parameters, [meta.db_pk_column, *left_out])
        keyed = {meta.pk.to_python_value(row.pop(meta.db_pk_column)): row for row in returned}
        return [keyed[key] for (key,) in rows.tuples((meta.pk_attr,))]
    returned = await _returned(db, query, parameters, left_out)
    # SQLite returns rows in an arbitrary order; keys are generated in the order of VALUES.
    return sorted(returned, key=lambda row: row[meta.db_pk_column])


async def upsert(db: BaseDBAsyncClient, rows: Rows, conflict: Sequence[str], changed: Sequence[str]) -> list[Any]:
    """Insert the rows, or update the fields `changed` of those that exist. Returns the key of each row.

    Values are compared by the database only, since a column may ignore case (citext, NOCASE), accents or blanks.
    """
    meta = rows.model._meta
    columns = meta.fields_db_projection
    source = "target" if changed == conflict else "excluded"  # of a row to keep: its own spelling
    changes = ", ".join(f"{quoted(columns[name])} = {source}.{quoted(columns[name])}" for name in changed)
    query, parameters = _insert(db, rows, alias=" AS target")
    query = f"{query} ON CONFLICT ({column_list(columns[name] for name in conflict)}) DO UPDATE SET {changes}"
    if not is_postgres(db):
        await db.execute_query(query, parameters)
        return await _sqlite_keys(db, rows, conflict)
    try:
        returned = await _returned(db, query, parameters, [meta.db_pk_column])
    except Exception as error:
        if ROW_TWICE in {getattr(each, "sqlstate", None) for each in (error, error.__cause__)}:
            raise same_for_database(rows.model) from error
        raise
    return [meta.pk.to_python_value(row[meta.db_pk_column]) for row in returned]


async def _sqlite_keys(db: BaseDBAsyncClient, rows: Rows, conflict: Sequence[str]) -> list[Any]:
    """The keys of the stored rows with these values; RETURNING has no order on SQLite."""
    meta = rows.model._meta
    values = ", ".join(f"({position}{', ?' * len(conflict)})" for position in range(rows.count))
    # A comparison takes its left side's collation. CROSS JOIN keeps SQLite from scanning the table.
    columns = enumerate((meta.fields_db_projection[name] for name in conflict), start=2)
    same = " AND ".join(f"target.{quoted(column)} = given.column{number}" for number, column in columns)
    query = (
        f"SELECT target.{quoted(meta.db_pk_column)} AS key FROM (VALUES {values}) AS given "  # noqa: S608  # names of fields
        f"CROSS JOIN {_table(rows.model)} AS target WHERE {same} ORDER BY given.column1"
    )
    parameters = chain.from_iterable(zip(*(rows.values[rows.names.index(name)] for name in conflict), strict=True))
    return [meta.pk.to_python_value(row["key"]) for row in await db.execute_query_dict(query, list(parameters))]


def same_for_database(model: type[Model]) -> BulkError:
    """The error for rows that are one row to the database, but not to Python."""
    return BulkError(
        f"Two rows are the same {model.__name__} for the database, which may ignore case: pass one of them."
    )


async def update(db: BaseDBAsyncClient, rows: Rows) -> list[int]:
    """Update every field but the key, matched by key. Returns the number of rows found, as a one-element list."""
    if is_unnested(db, rows):
        query, parameters = _update_unnested(rows.model, rows.names), rows.values
    else:
        source, parameters = _source(db, rows)
        query = _update(rows.model, rows.names, source)
    found, _ = await db.execute_query(query, parameters)
    return [found]


@lru_cache(maxsize=TEXTS)
def _update_unnested(model: type[Model], names: tuple[str, ...]) -> str:
    return _update(model, names, f"{_unnest(model, names)} AS given ({column_list(_columns(model, names))})")


def _update(model: type[Model], names: tuple[str, ...], source: str) -> str:
    same = {column: f"{quoted(column)} = given.{quoted(column)}" for column in _columns(model, names)}
    match = f"target.{same.pop(model._meta.db_pk_column)}"
    return f"UPDATE {_table(model)} AS target SET {', '.join(same.values())} FROM {source} WHERE {match}"  # noqa: S608


def _insert(db: BaseDBAsyncClient, rows: Rows, *, alias: str = "") -> tuple[str, list[Any]]:
    if is_unnested(db, rows):
        return insert_unnested(rows.model, rows.names, alias=alias), rows.values
    into = f"INSERT INTO {_table(rows.model)}{alias}"
    if not rows.names and is_postgres(db):
        return f"{into} SELECT FROM generate_series(1, $1)", [rows.count]
    if not rows.names:
        return f"{into} ({quoted(rows.model._meta.db_pk_column)}) VALUES {', '.join(['(NULL)'] * rows.count)}", []
    return f"{into} ({column_list(rows.columns)}) {_values(db, rows, casts=False)}", _flat(rows)


@lru_cache(maxsize=TEXTS)
def insert_unnested(
    model: type[Model], names: tuple[str, ...], more: tuple[str, str] | None = None, alias: str = ""
) -> str:
    """An INSERT for Postgres, of one array for each field; `more` are one more column, and its value's SQL."""
    found = _columns(model, names)
    position = quoted(next(name for name in map("_{}".format, count()) if name not in found))
    given = column_list(found)
    source = f"{_unnest(model, names)} WITH ORDINALITY AS given ({given}, {position})"
    columns, values = (f"{given}, {quoted(more[0])}", f"{given}, {more[1]}") if more else (given, given)
    # Keys are generated after sorting, so they ascend in the order of the rows.
    return f"INSERT INTO {_table(model)}{alias} ({columns}) SELECT {values} FROM {source} ORDER BY {position}"  # noqa: S608


def _source(db: BaseDBAsyncClient, rows: Rows) -> tuple[str, list[Any]]:
    columns = column_list(rows.columns)
    values = _values(db, rows, casts=True)
    if is_postgres(db):
        return f"({values}) AS given ({columns})", _flat(rows)
    named = ", ".join(f"column{number} AS {quoted(column)}" for number, column in enumerate(rows.columns, start=1))
    return f"(SELECT {named} FROM ({values})) AS given", _flat(rows)  # noqa: S608  # names of fields


def _unnest(model: type[Model], names: tuple[str, ...]) -> str:
    return f"unnest({', '.join(f'${number}::{kind}[]' for number, kind in enumerate(types_of(model, names), start=1))})"


def _values(db: BaseDBAsyncClient, rows: Rows, *, casts: bool) -> str:
    if not is_postgres(db):
        row = f"({', '.join('?' * len(rows.names))})"
        return f"VALUES {', '.join([row] * rows.count)}"
    types = [f"::{kind}" if casts else "" for kind in types_of(rows.model, rows.names)]
    numbers = iter(range(1, rows.count * len(types) + 1))
    marks = (", ".join(f"${next(numbers)}{kind}" for kind in types) for _ in range(rows.count))
    return f"VALUES {', '.join(f'({row})' for row in marks)}"


def _flat(rows: Rows) -> list[Any]:
    return list(chain.from_iterable(zip(*rows.values, strict=True)))


async def _returned(db: BaseDBAsyncClient, query: str, parameters: list[Any], columns: list[str]) -> list[Any]:
    return await db.execute_query_dict(f"{query} RETURNING {column_list(columns)}", parameters)


def is_postgres(db: BaseDBAsyncClient) -> bool:
    """Whether the connection is to Postgres."""
    return db.capabilities.dialect == "postgres"


def is_unnested(db: BaseDBAsyncClient, rows: Rows) -> bool:
    """Whether a batch is one array for each column, so that its rows are no parameters."""
    return (
        is_postgres(db)
        and bool(rows.names)
        and not any(kind.endswith("[]") for kind in types_of(rows.model, rows.names))
    )


@lru_cache(maxsize=TEXTS)
def types_of(model: type[Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """What Postgres calls the types of these fields, without lengths."""
    fields = (model._meta.fields_map[name] for name in names)
    return tuple(_LENGTH.sub("", field.get_for_dialect("postgres", "SQL_TYPE")) for field in fields)


def _columns(model: type[Model], names: Iterable[str]) -> list[str]:
    return [model._meta.fields_db_projection[name] for name in names]


def _table(model: type[Model]) -> str:
    return qualified(model._meta.schema, model._meta.db_table)
