"""Locks that a transaction holds until it ends: on rows, on a share of a queue, on a name.

Tortoise silently drops `select_for_update()` on SQLite and before `.values()` or `.count()`; a lint in the suite leads
here instead. On SQLite one writer at a time holds the whole file, so nothing else needs a lock.
"""

from typing import overload

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.db.transactions import CONNECTION
from tortoise_kit.problems.errors import NotFound
from tortoise_kit.sql.identifiers import writing_connection
from tortoise_kit.upstream.querysets import is_grouped


async def lock_rows[M: Model](rows: QuerySet[M], *, nowait: bool = False, skip_locked: bool = False) -> list[M]:
    """Read rows and lock them: nobody else changes them until the transaction ends.

    Only rows of the queryset's own model are locked, not those of relations that it filters, orders or selects by.
    Order the queryset the same way everywhere, for example by key, so that two callers wait instead of deadlocking.

    Args:
        rows: The rows to lock.
        nowait: Fail at once if another transaction holds one.
        skip_locked: Leave out the rows that other transactions hold.

    Raises:
        TransactionManagementError: There is no open transaction to hold the locks, or it is read-only.
        LockNotAvailable: One was not granted in time.
        ValueError: The queryset has `distinct()`, `group_by()` or an aggregate.
    """
    if is_grouped(rows):
        message = "lock_rows cannot lock the rows of a queryset with distinct(), group_by() or an aggregate."
        raise ValueError(message)
    connection = _require_transaction("lock_rows", get_connection(writing_connection(rows.model)))
    if connection.capabilities.support_for_update:
        table = rows.model._meta.db_table
        rows = rows.select_for_update(nowait=nowait, skip_locked=skip_locked, of=(table,))
    return await rows.using_db(connection)


@overload
async def lock_row[M: Model](rows: QuerySet[M], *, nowait: bool = False) -> M | None: ...


@overload
async def lock_row[M: Model](rows: QuerySet[M], *, nowait: bool = False, missing: str) -> M: ...


async def lock_row[M: Model](rows: QuerySet[M], *, nowait: bool = False, missing: str | None = None) -> M | None:
    """Read and lock the first row. Raises as `lock_rows` does.

    Args:
        rows: The row, as a queryset.
        nowait: As for `lock_rows`.
        missing: The detail of the problem if there is no row; without it None is returned.

    Raises:
        NotFound: There is no row, and `missing` is set.
    """
    found = await lock_rows(rows.limit(1), nowait=nowait)
    if not found and missing is not None:
        raise NotFound(missing)
    return found[0] if found else None


async def claim_rows[M: Model](rows: QuerySet[M], limit: int) -> list[M]:
    """Read and lock at most `limit` rows that nobody else holds, so that each worker of a queue gets different ones.

    Raises as `lock_rows` does.
    """
    return await lock_rows(rows.limit(limit), skip_locked=True)


async def lock_name(name: str, *, using: str = CONNECTION) -> None:
    """Hold a lock on a name until the transaction ends; other callers with the same name wait.

    Args:
        name: Of any length. The lock is on a 64-bit hash, so two names may, very rarely, wait for each other.
        using: The connection's name in Tortoise's configuration.

    Raises:
        TransactionManagementError: There is no open transaction to hold it, or it is read-only.
        LockNotAvailable: It was not granted in time.
    """
    connection = _require_transaction("lock_name", get_connection(using))
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [name])


def _require_transaction(caller: str, connection: BaseDBAsyncClient) -> BaseDBAsyncClient:
    if not isinstance(connection, TransactionalDBClient):
        message = f"{caller} needs an open transaction: outside one, the lock would be released at once."
        raise TransactionManagementError(message)
    if getattr(connection, "readonly", False):
        message = f"{caller} needs a transaction that may write; this one is read-only."
        raise TransactionManagementError(message)
    return connection
