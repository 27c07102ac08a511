"""One row by its key, without a queryset: with SQL that depends on the model only."""

from functools import lru_cache
from typing import Any

from tortoise.connection import get_connection
from tortoise.models import Model

from tortoise_kit.sql.identifiers import column_list, qualified, reading_client
from tortoise_kit.sql.parsing import quoted

TEXTS = 500


async def get_by_key[Row: Model](model: type[Row], key: Any, *, using: str | None = None) -> Row | None:
    """The row with this key, or None: as `await model.get_or_none(pk=key)`, at half of its cost.

        user = await get_by_key(User, 7)

    Args:
        model: The model.
        key: The value of its primary key.
        using: The connection to read from, such as `default` where a replica would be too old; None for the model's.

    Raises:
        ValidationError: The value does not belong to the key's column.
    """
    meta = model._meta
    db = get_connection(using) if using else reading_client(model)
    value = meta.pk.to_db_value(key, model)  # as for a filter
    rows: list[Row] = await db.executor_class(model=model, db=db).execute_select(
        _text(model, db.capabilities.dialect), [value]
    )
    return rows[0] if rows else None


@lru_cache(maxsize=TEXTS)
def _text(model: type[Model], dialect: str) -> str:
    meta = model._meta
    columns, table = column_list(meta.fields_db_projection.values()), qualified(meta.schema, meta.db_table)
    mark = "$1" if dialect == "postgres" else "?"
    return f"SELECT {columns} FROM {table} WHERE {quoted(meta.db_pk_column)}={mark}"  # noqa: S608  # names of fields
