"""Locks that a transaction holds until its end: on rows, on a share of a queue, on a name.

Tortoise drops `select_for_update()` without a word on SQLite and before `.values()` or `.count()`; a lint in the suite
leads here instead. On SQLite one writer at a time holds the whole file, so there nothing else needs to be locked.
"""

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError
from tortoise.models import Model
from tortoise.queryset import QuerySet

CONNECTION = "default"


async def lock_rows[M: Model](rows: QuerySet[M], *, nowait: bool = False, skip_locked: bool = False) -> list[M]:
    """The rows, read and locked; nobody else changes them until the transaction ends.

    Give them an order that is the same everywhere, such as by key, so that two callers wait instead of deadlocking.

    Args:
        rows: Which ones.
        nowait: Fail at once when somebody else holds one.
        skip_locked: Leave out what somebody else holds.

    Raises:
        TransactionManagementError: There is no transaction that could hold the locks.
        LockNotAvailable: One was not granted in time.
    """
    connection = _holder("lock_rows", rows.model._choose_db(for_write=True))
    if connection.capabilities.support_for_update:
        rows = rows.select_for_update(nowait=nowait, skip_locked=skip_locked)
    return await rows.using_db(connection)


async def lock_row[M: Model](rows: QuerySet[M], *, nowait: bool = False) -> M | None:
    """The first row, read and locked, or None; raises as `lock_rows` does."""
    return next(iter(await lock_rows(rows.limit(1), nowait=nowait)), None)


async def claim_rows[M: Model](rows: QuerySet[M], limit: int) -> list[M]:
    """At most so many rows that nobody else has claimed: each worker of a queue gets others; raises as `lock_rows`."""
    return await lock_rows(rows.limit(limit), skip_locked=True)


async def lock_name(name: str, *, using: str = CONNECTION) -> None:
    """Hold a lock of this name until the transaction ends; whoever asks for the same waits.

    Raises:
        TransactionManagementError: There is no transaction that could hold it.
        LockNotAvailable: It was not granted in time.
    """
    connection = _holder("lock_name", get_connection(using))
    if connection.capabilities.dialect == "postgres":
        # 64 bits of the name: two names that meet wait for each other, and nothing worse.
        await connection.execute_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [name])


def _holder(caller: str, connection: BaseDBAsyncClient) -> BaseDBAsyncClient:
    if not isinstance(connection, TransactionalDBClient):
        message = f"{caller} needs an open transaction: outside of one, the lock would be gone at once."
        raise TransactionManagementError(message)
    if getattr(connection, "readonly", False):
        message = f"{caller} needs a transaction that may write; this one is read-only."
        raise TransactionManagementError(message)
    return connection
