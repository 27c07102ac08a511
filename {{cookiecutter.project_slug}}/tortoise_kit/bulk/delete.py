"""Rows that nobody needs any more, deleted a few at a time, so that no lock is held for long.

async for deleted in delete_in_batches(Book.filter(lost=True).order_by("id"), size=1000): ...

A batch is one statement and one transaction, and no row is read. A feature's `cleanup.py` says which rows are dead:
they are found by an index on what they are ordered by.
"""

from collections.abc import AsyncGenerator
from typing import Any

from tortoise.queryset import QuerySet

from tortoise_kit.db.transactions import transactional
from tortoise_kit.sql.compiled import statement_of
from tortoise_kit.sql.identifiers import qualified, quoted

BATCH_SIZE = 1000  # some 10 ms each; a request that wants one of the rows waits no longer


async def delete_in_batches(rows: QuerySet[Any], *, size: int = BATCH_SIZE) -> AsyncGenerator[int]:
    """Delete the rows; gives the number of each batch, and ends with the first that is not full.

    On Postgres rows that somebody else holds are left out: two runs at once share the work, and wait for nobody.

    Args:
        rows: Which ones, in the order of an index, without a limit.
        size: Rows of one statement, 1 or more.

    Raises:
        ConstraintViolation: Other rows refer to one of them.
    """
    deleted = size
    while deleted == size:
        deleted = await _delete(rows.limit(size))
        yield deleted


@transactional()
async def _delete(rows: QuerySet[Any]) -> int:
    meta = rows.model._meta
    db = rows.model._choose_db(for_write=True)
    text, parameters = statement_of(rows.only(meta.pk_attr).using_db(db))
    table, key = qualified(meta.schema, meta.db_table), quoted(meta.db_pk_column)
    # An array: as a join, the limited rows could be looked up again and again while they change (PostgreSQL).
    locked = f"= ANY(ARRAY({text} FOR UPDATE SKIP LOCKED))"
    chosen = locked if db.capabilities.support_for_update else f"IN ({text})"
    count, _ = await db.execute_query(f"DELETE FROM {table} WHERE {key} {chosen}", parameters)  # noqa: S608  # names of models
    return int(count)
