"""Numbers of several rows increased or decreased, each by its own amount."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.expressions import Case, F, When
from tortoise.fields import DecimalField, FloatField, IntField
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tortoise_kit.bulk.columns import default_of, stored
from tortoise_kit.bulk.rows import BulkError, auto_now_fields, require_columns
from tortoise_kit.bulk.statements import TEXTS, is_postgres, types_of
from tortoise_kit.schemas.field_values import given_value
from tortoise_kit.sql.identifiers import qualified, writing_connection
from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.rows import read_rows


async def increment_many[M: Model](model: type[M], field: str, amounts: Mapping[Any, Any]) -> list[M]:
    """Add to a number of several rows, and return these rows as they are then, by key; keys without a row are left out.

        products = await increment_many(Product, "stock", {3: -2, 8: -1})
        if any(product.stock < 0 for product in products):
            raise Conflict(...)     # in a transaction, which is rolled back

    The database adds to what the row has at that time, so no change by others is lost, and rows need not be locked
    before. They are locked in the order of their keys, so two callers wait for each other instead of deadlocking.
    `auto_now` fields are set. As with `F()`, the column's range is checked, and validators are not asked.

    Args:
        model: The model.
        field: A field of integers, decimals or floats.
        amounts: What to add, by key; negative to subtract.

    Raises:
        BulkError: The field has no numbers.
        DataError: A result is out of the column's range, or an amount is; OperationalError on SQLite.
    """
    require_columns(model, [field])
    number = model._meta.fields_map[field]
    if not isinstance(number, IntField | DecimalField | FloatField) or hasattr(number, "enum_type") or number.pk:
        message = f"{model.__name__}.{field} is no number to add to: name a field of integers, decimals or floats."
        raise BulkError(message)
    if not amounts:
        return []
    added = {each: given_value(number, amount) for each, amount in amounts.items()}
    now = {name: await default_of(model._meta.fields_map[name]) for name in auto_now_fields(model)}
    name = writing_connection(model)
    db = get_connection(name)
    if is_postgres(db):
        found = await _increment(db, model, field, added, now)
    else:
        async with in_transaction(name) as transaction:
            rows = model.filter(pk__in=list(added)).using_db(transaction)
            cases = [When(pk=each, then=F(field) + amount) for each, amount in added.items()]
            await rows.update(**{field: Case(*cases, default=F(field)), **now})
            found = await rows
    return sorted(found, key=lambda row: row.pk)


async def _increment[M: Model](
    db: BaseDBAsyncClient, model: type[M], field: str, added: Mapping[Any, Any], now: Mapping[str, Any]
) -> list[M]:
    meta = model._meta
    keys = [meta.pk.to_db_value(each, model) for each in added]
    times = [value for name, each in now.items() for value in stored(meta.fields_map[name], [each])]
    _, rows = await db.execute_query(_text(model, field, tuple(now)), [keys, [*added.values()], *times])
    return read_rows(model, rows)


@lru_cache(maxsize=TEXTS)
def _text(model: type[Model], field: str, automatic: tuple[str, ...]) -> str:
    """The UPDATE for Postgres: of keys, amounts, and the values of `automatic` fields.

    The rows are locked by a part that is evaluated by itself, since an UPDATE with a join locks them in any order. It
    adds to the newest version of a row, also where that is newer than the statement's snapshot (PostgreSQL manual,
    13.2.1).
    """
    meta = model._meta
    columns = meta.fields_db_projection
    table, key, number = qualified(meta.schema, meta.db_table), quoted(meta.db_pk_column), quoted(columns[field])
    kinds = types_of(model, (meta.pk_attr, field))
    times = [f"{quoted(columns[name])} = ${at}" for at, name in enumerate(automatic, start=3)]
    changes = ", ".join([f"{number} = target.{number} + given.amount", *times])
    returned = ", ".join(f"target.{quoted(column)}" for column in columns.values())
    return (
        f"WITH held AS MATERIALIZED (SELECT {key} AS key FROM {table} WHERE {key} = ANY($1::{kinds[0]}[]) "  # noqa: S608  # names of fields
        f"ORDER BY {key} FOR NO KEY UPDATE) "
        f"UPDATE {table} AS target SET {changes} "
        f"FROM held JOIN unnest($1::{kinds[0]}[], $2::{kinds[1]}[]) AS given (key, amount) ON given.key = held.key "
        f"WHERE target.{key} = held.key RETURNING {returned}"
    )
