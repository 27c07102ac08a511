"""Executors, which write models, with a row for a model that has only a generated key.

For such a model Tortoise (1.1.9) sends an empty statement: nothing is stored, and no error says so.
"""

from collections.abc import Sequence
from typing import Any

from tortoise.backends.asyncpg.executor import AsyncpgExecutor
from tortoise.backends.sqlite.executor import SqliteExecutor


class PostgresExecutor(AsyncpgExecutor):
    """For Postgres."""

    def _prepare_insert_statement(self, columns: Sequence[str], *args: Any, **options: Any) -> Any:
        if columns:
            return super()._prepare_insert_statement(columns, *args, **options)
        query: Any = self.db.query_class.into(self.model._meta.basetable)
        return query.default_values().returning(self.model._meta.db_pk_column)


class SQLiteExecutor(SqliteExecutor):
    """For SQLite, which reports the key of a row without RETURNING."""

    def _prepare_insert_statement(self, columns: Sequence[str], *args: Any, **options: Any) -> Any:
        if columns:
            return super()._prepare_insert_statement(columns, *args, **options)
        return self.db.query_class.into(self.model._meta.basetable).default_values()
