"""Rows in batches: how many fit into one statement, and what is one transaction with it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tortoise_kit.bulk.rows import Rows
from tortoise_kit.bulk.statements import is_postgres, is_unnested, same_for_database
from tortoise_kit.sql.identifiers import qualified, writing_connection
from tortoise_kit.upstream.tortoise import driver_connection

POSTGRES_PARAMETERS = 32_767  # asyncpg's limit; the protocol counts them in 16 bits
SQLITE_PARAMETERS = 32_766  # SQLite's default; the kit's connections know what theirs was built with
STEPS = 100_000  # some 30 ms
# `nextval` never goes back, and each step sees what other transactions took meanwhile: the sequence stops within a few
# keys of the largest. `setval` could go back, but not across so wide a gap.
_CONTINUE = f"""
WITH RECURSIVE own AS (SELECT pg_get_serial_sequence($1, $2)::regclass AS name),
behind AS (
    SELECT name, $3::bigint - coalesce(pg_sequence_last_value(name), 0) AS gap FROM own
),
steps AS (
    SELECT name, nextval(name) AS key FROM behind WHERE gap BETWEEN 1 AND {STEPS}
    UNION ALL SELECT name, nextval(name) FROM steps WHERE key < $3
)
SELECT max(key) FROM steps UNION ALL SELECT setval(name, $3) FROM behind WHERE gap > {STEPS}
"""  # noqa: S608 -- a constant

type Statement[Result] = Callable[[BaseDBAsyncClient, Rows], Awaitable[list[Result]]]


async def run[Result](
    rows: Sequence[Rows],
    statement: Statement[Result],
    batch_size: int,
    *,
    distinct: bool = False,
    inserts: bool = False,
) -> list[Result]:
    """The results of the statement for all rows, in as few batches as possible of at most `batch_size` rows.

    One statement is atomic without BEGIN and COMMIT; several are one transaction. Equal results that must be `distinct`
    raise BulkError, and nothing is written; Postgres checks a single statement itself. If the statement `inserts` rows,
    generated keys continue after those that the rows have.
    """
    name = writing_connection(rows[0].model)
    db = get_connection(name)
    batches = [batch for each in rows for batch in _fitting(db, each, batch_size)]
    continues = inserts and is_postgres(db) and any(_largest_key(batch) is not None for batch in batches)
    if len(batches) == 1 and not continues and (is_postgres(db) or not distinct):
        return await statement(db, batches[0])
    results: list[Result] = []
    async with in_transaction(name) as transaction:
        for batch in batches:
            results += await statement(transaction, batch)
            if continues:  # before the next batch, which may have its keys generated
                await continue_keys(transaction, batch.model, _largest_key(batch))
        if distinct and len(set(results)) < len(results):
            raise same_for_database(rows[0].model)
    return results


def _largest_key(rows: Rows) -> Any:
    """The largest generated key that a row has already; None if the database generates them all."""
    key = rows.model._meta.pk
    given = key.generated and key.model_field_name in rows.names
    return max(rows.values[rows.names.index(key.model_field_name)]) if given else None


async def continue_keys(db: BaseDBAsyncClient, model: type[Model], largest: int | None) -> None:
    """Let generated keys continue after `largest`, the largest that a row was given; SQLite does so by itself."""
    meta = model._meta
    if largest is not None and db.capabilities.dialect == "postgres":
        table = qualified(meta.schema, meta.db_table)
        await db.execute_query(_CONTINUE, [table, meta.db_pk_column, largest])


def _fitting(db: BaseDBAsyncClient, rows: Rows, batch_size: int) -> Iterator[Rows]:
    if is_unnested(db, rows) or not rows.names:
        return rows.batches(batch_size)
    return rows.batches(max(1, min(batch_size, _parameters_max(db) // len(rows.names))))


def _parameters_max(db: BaseDBAsyncClient) -> int:
    default = POSTGRES_PARAMETERS if is_postgres(db) else SQLITE_PARAMETERS
    return getattr(driver_connection(db), "parameters_max", default)
