"""Rows deleted in batches, so that no lock is held for long.

async for deleted in delete_in_batches(Book.filter(lost=True).order_by("id"), size=1000): ...

A batch is one statement and one transaction, and no row is read. It needs an index on what the rows are ordered by.
"""

from collections.abc import AsyncGenerator
from typing import Any

from tortoise.queryset import QuerySet

from tortoise_kit.db.locks import require_rows
from tortoise_kit.db.transactions import transactional
from tortoise_kit.sql.compiled import compiled
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.querysets import is_limited
from tortoise_kit.upstream.tortoise import write_connection

BATCH_SIZE = 1000  # some 10 ms each, for which a request may wait


async def delete_in_batches(rows: QuerySet[Any], *, size: int = BATCH_SIZE) -> AsyncGenerator[int]:
    """Delete the rows. Yields the number of each batch; the first batch that is not full is the last.

    A queryset that filters by a relation may find one row several times, so there the first empty batch is the last.
    On Postgres rows that another transaction has locked are skipped: concurrent runs share the work and do not wait.

    Args:
        rows: A queryset in the order of an index, without a limit.
        size: Rows of one statement, 1 or more.

    Raises:
        ConstraintViolation: Other rows refer to one of them; the batches before it are deleted.
        TypeError: `rows` is no queryset of models.
        ValueError: It has a limit, an offset, `distinct()`, `group_by()` or an aggregate.
    """
    require_rows("delete_in_batches", rows)
    if is_limited(rows):
        message = "delete_in_batches deletes all rows that it is given: pass a queryset without limit() and offset()."
        raise ValueError(message)
    more = True
    while more:
        deleted, joined = await _delete(rows.limit(size))
        more = deleted > 0 if joined else deleted == size
        yield deleted


@transactional()
async def _delete(rows: QuerySet[Any]) -> tuple[int, bool]:
    """The number of rows deleted, and whether other tables were joined to choose them."""
    meta = rows.model._meta
    db = write_connection(rows.model)
    text, parameters, _ = compiled(rows.only(meta.pk_attr).using_db(db))
    table, key = qualified(meta.schema, meta.db_table), quoted(meta.db_pk_column)
    joined = " JOIN " in text
    if not db.capabilities.support_for_update:
        # Its rows are counted, since SQLite's own number includes those that the database deletes with them.
        gone = await db.execute_query_dict(f"DELETE FROM {table} WHERE {key} IN ({text}) RETURNING 1", parameters)  # noqa: S608  # names of models
        return len(gone), joined
    # An array: in a join, Postgres may evaluate the limited rows several times while they change.
    locked = f"ARRAY({text} FOR UPDATE OF {quoted(meta.db_table)} SKIP LOCKED)"
    count, _ = await db.execute_query(f"DELETE FROM {table} WHERE {key} = ANY({locked})", parameters)  # noqa: S608  # names of models
    return int(count), joined
