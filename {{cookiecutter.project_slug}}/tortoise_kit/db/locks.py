"""Locks that a transaction holds until it ends: on rows, on a share of a queue, on a name.

Tortoise silently drops `select_for_update()` on SQLite and before `.values()` or `.count()`; a lint in the suite leads
here instead. On SQLite one writer at a time holds the whole file, so nothing else needs a lock.
"""

from typing import NamedTuple, overload

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.db.transactions import CONNECTION
from tortoise_kit.problems.errors import NotFound
from tortoise_kit.sql.compiled import cached
from tortoise_kit.sql.identifiers import writing_connection
from tortoise_kit.sql.parsing import quoted
from tortoise_kit.upstream.querysets import clauses, is_grouped, is_limited, is_list, select


async def lock_rows[M: Model](rows: QuerySet[M], *, nowait: bool = False, skip_locked: bool = False) -> list[M]:
    """Read rows and lock them: nobody else changes them until the transaction ends.

    Each row is returned once, also where a filter over a relation to many finds it several times. Only rows of the
    queryset's own model are locked, not those of relations that it filters, orders or selects by. Order the queryset
    the same way everywhere, for example by key, so that two callers wait instead of deadlocking.

    Args:
        rows: The rows to lock, as a list of models; an offset counts a row as often as it is found.
        nowait: Fail at once if another transaction holds one.
        skip_locked: Leave out the rows that other transactions hold.

    Raises:
        TransactionManagementError: There is no open transaction to hold the locks, or it is read-only.
        LockNotAvailable: One was not granted in time.
        ValueError: The queryset has `distinct()`, `group_by()` or an aggregate.
        TypeError: `rows` is no queryset, or does not result in a list of models, as after `values()` or `first()`.
    """
    require_rows("lock_rows", rows)
    connection = _require_transaction("lock_rows", get_connection(writing_connection(rows.model)))
    lock = _Lock(nowait, skip_locked) if connection.capabilities.support_for_update else None
    return await _each_once(rows.using_db(connection), lock)


def require_rows(caller: str, rows: object) -> None:
    """Raise TypeError or ValueError, in the name of `caller`, for what are not plain rows of one table."""
    if not is_list(rows):
        name = getattr(rows, "__name__", type(rows).__name__)
        message = (
            f"{caller} needs a queryset of models, such as Book.filter(…), and {name} is not one: pass it without "
            "values(), first(), get() and the like, or call all()."
        )
        raise TypeError(message)
    assert isinstance(rows, QuerySet)  # noqa: S101 -- for the type checker
    if is_grouped(rows):
        message = f"{caller} cannot use the rows of a queryset with distinct(), group_by() or an aggregate."
        raise ValueError(message)


class _Lock(NamedTuple):
    """What to do where another transaction holds a row."""

    nowait: bool
    skip_locked: bool

    def clause(self, table: str) -> str:
        """The end of a statement that selects rows of this table, as Tortoise writes it."""
        return f" FOR UPDATE OF {quoted(table)}{' NOWAIT' * self.nowait}{' SKIP LOCKED' * self.skip_locked}"


async def _each_once[M: Model](rows: QuerySet[M], lock: _Lock | None) -> list[M]:
    """The rows without repetitions, in their order; where a limit counted those, more rows until it is reached."""
    found = await _read(rows, lock)
    once = {row.pk: row for row in found}
    if len(once) == len(found):
        return found
    given = clauses(rows)
    limit = given.limit if given.offset is None else None
    while limit is not None and found and len(once) < limit:
        found = await _read(rows.filter(pk__not_in=list(once)).limit(limit - len(once)), lock)
        once |= {row.pk: row for row in found}
    return list(once.values())


async def _read[M: Model](rows: QuerySet[M], lock: _Lock | None) -> list[M]:
    """The rows, locked; with SQL that is built only once, unless the queryset prefetches or joins."""
    table = rows.model._meta.db_table
    query = None if clauses(rows).prefetches else cached(rows)
    if query is not None:
        return await select(rows, query.text + (lock.clause(table) if lock else ""), query.parameters)
    if lock:
        rows = rows.select_for_update(nowait=lock.nowait, skip_locked=lock.skip_locked, of=(table,))
    return await rows


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
    require_rows("lock_row", rows)
    found = await lock_rows(rows.limit(1), nowait=nowait)
    if not found and missing is not None:
        raise NotFound(missing)
    return found[0] if found else None


async def claim_rows[M: Model](rows: QuerySet[M], limit: int) -> list[M]:
    """Read and lock at most `limit` rows that nobody else holds, so that each worker of a queue gets different ones.

    Raises as `lock_rows` does, and ValueError if the queryset has a limit or an offset.
    """
    require_rows("claim_rows", rows)
    if is_limited(rows):
        message = "claim_rows has a limit itself: pass a queryset without limit() and offset()."
        raise ValueError(message)
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
