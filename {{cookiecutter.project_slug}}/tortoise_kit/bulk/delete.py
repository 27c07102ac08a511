"""Rows deleted in batches, so that no lock is held for long.

async for deleted in delete_in_batches(Book.filter(lost=True).order_by("id"), size=1000): ...

A batch is one statement and one transaction, and no row is read. It needs an index on what the rows are ordered by.
"""

from collections.abc import AsyncGenerator
from typing import Any

from tortoise.queryset import QuerySet

from tortoise_kit.db.transactions import transactional
from tortoise_kit.sql.compiled import compiled
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.tortoise import write_connection

BATCH_SIZE = 1000  # some 10 ms each, for which a request may wait


async def delete_in_batches(rows: QuerySet[Any], *, size: int = BATCH_SIZE) -> AsyncGenerator[int]:
    """Delete the rows. Yields the number of each batch; the first batch that is not full is the last.

    On Postgres rows that another transaction has locked are skipped: concurrent runs share the work and do not wait.

    Args:
        rows: A queryset in the order of an index, without a limit.
        size: Rows of one statement, 1 or more.

    Raises:
        ConstraintViolation: Other rows refer to one of them; the batches before it are deleted.
    """
    deleted = size
    while deleted == size:
        deleted = await _delete(rows.limit(size))
        yield deleted


@transactional()
async def _delete(rows: QuerySet[Any]) -> int:
    meta = rows.model._meta
    db = write_connection(rows.model)
    text, parameters, _ = compiled(rows.only(meta.pk_attr).using_db(db))
    table, key = qualified(meta.schema, meta.db_table), quoted(meta.db_pk_column)
    # An array: in a join, Postgres may evaluate the limited rows several times while they change.
    locked = f"= ANY(ARRAY({text} FOR UPDATE SKIP LOCKED))"
    chosen = locked if db.capabilities.support_for_update else f"IN ({text})"
    count, _ = await db.execute_query(f"DELETE FROM {table} WHERE {key} {chosen}", parameters)  # noqa: S608  # names of models
    return int(count)
