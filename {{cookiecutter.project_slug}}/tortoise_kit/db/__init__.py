"""The database: connections and pools, transactions, locks, and one set of errors for Postgres and SQLite."""

from tortoise_kit.db.config import (
    POSTGRES_SCHEMES,
    REPLICA_ENGINE,
    REPLICA_ROUTER,
    PoolSettings,
    connection,
    over_budget,
    pool_size,
)
from tortoise_kit.db.errors import (
    AccessRefused,
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    DatabaseError,
    LockNotAvailable,
    PoolTimeout,
    QueryTimeout,
    RetryableTransactionError,
)
from tortoise_kit.db.locks import claim_rows, lock_name, lock_row, lock_rows
from tortoise_kit.db.pool_status import PoolStatus, pool_status
from tortoise_kit.db.transactions import after_commit, start_task, transaction, transactional

__all__ = [
    "POSTGRES_SCHEMES",
    "REPLICA_ENGINE",
    "REPLICA_ROUTER",
    "AccessRefused",
    "ConnectionLost",
    "Constraint",
    "ConstraintViolation",
    "DatabaseError",
    "LockNotAvailable",
    "PoolSettings",
    "PoolStatus",
    "PoolTimeout",
    "QueryTimeout",
    "RetryableTransactionError",
    "after_commit",
    "claim_rows",
    "connection",
    "lock_name",
    "lock_row",
    "lock_rows",
    "over_budget",
    "pool_size",
    "pool_status",
    "start_task",
    "transaction",
    "transactional",
]
