"""The database: configuration, transactions, locks, state machines, and one set of errors for Postgres and SQLite."""

from tortoise_kit.db.collation import collation_problem
from tortoise_kit.db.config import PoolSettings, tortoise_config
from tortoise_kit.db.engines.asyncpg_pool import pool_status
from tortoise_kit.db.errors import (
    AccessRefused,
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    DatabaseError,
    DatabaseFull,
    DataError,
    LockNotAvailable,
    QueryTimeout,
    ReadOnlyDatabase,
    RetryableTransactionError,
    SchemaMismatch,
)
from tortoise_kit.db.locks import claim_rows, lock_name, lock_row, lock_rows
from tortoise_kit.db.state_machine import StateMachine
from tortoise_kit.db.transactions import after_commit, start_task, transaction, transactional
from tortoise_kit.db.urls import database_hosts
from tortoise_kit.db.writability import readable_by_others, require_writable

__all__ = [
    "AccessRefused",
    "ConnectionLost",
    "Constraint",
    "ConstraintViolation",
    "DataError",
    "DatabaseError",
    "DatabaseFull",
    "LockNotAvailable",
    "PoolSettings",
    "QueryTimeout",
    "ReadOnlyDatabase",
    "RetryableTransactionError",
    "SchemaMismatch",
    "StateMachine",
    "after_commit",
    "claim_rows",
    "collation_problem",
    "database_hosts",
    "lock_name",
    "lock_row",
    "lock_rows",
    "pool_status",
    "readable_by_others",
    "require_writable",
    "start_task",
    "tortoise_config",
    "transaction",
    "transactional",
]
