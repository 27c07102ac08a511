"""Tortoise's executors, which build and run the statements of models.

Upstream (Tortoise 1.1.9):
- Lists of keys are limited by the number of parameters: see `tortoise_kit.upstream.executors`.
- On SQLite `payload__contains`, `payload__contained_by` and `payload__filter` raise NotImplementedError. Here the first
  two find the same rows on both databases, and the third names a filter that does.
- A value that cannot be read is a bare error that quotes it: see `tortoise_kit.upstream.rows`.
- For a model that has only a generated key, an empty statement is sent: nothing is stored, and no error says so.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, override

from pypika_tortoise.terms import Criterion, Function, Term
from tortoise import filters
from tortoise.backends.asyncpg.executor import AsyncpgExecutor
from tortoise.backends.base.executor import BaseExecutor
from tortoise.backends.sqlite.executor import SqliteExecutor
from tortoise.exceptions import ConfigurationError, DoesNotExist
from tortoise.filters import json_contained_by, json_contains, json_filter

from tortoise_kit.schemas.sqlite_functions import DATE_PARTS
from tortoise_kit.sql.conditions import JSON_CONTAINS
from tortoise_kit.upstream.executors import FOR_POSTGRES, FOR_SQLITE, PrefetchMixin
from tortoise_kit.upstream.rows import ReadingMixin


def _contains(field: Term, value: Any) -> Criterion:
    return Function(JSON_CONTAINS, field, value) == 1


def _contained_by(field: Term, value: Any) -> Criterion:
    return Function(JSON_CONTAINS, value, field) == 1


def _filter(field: Term, value: Any) -> NoReturn:
    names = ", ".join(value)
    message = f"{field}__filter of {names} is only on Postgres: use __contains, which finds the same rows on SQLite."
    raise ConfigurationError(message)


def _part(name: str) -> Callable[[Term, Any], Criterion]:
    """A filter such as `at__year`, which SQLite's driver has no EXTRACT for."""
    return lambda field, value: Function("date_part", name, field) == value


class UpdateMixin(BaseExecutor):
    """Lets `save()` raise where the row does not exist.

    Upstream changes nothing then, and says so to nobody: the row was deleted, or the transaction that created it was
    rolled back, as before the next attempt of a retried function.
    """

    @override
    async def execute_update(self, instance: Any, update_fields: Iterable[str] | None) -> int:
        """As upstream.

        Raises:
            DoesNotExist: There is no such row.
        """
        rows = await super().execute_update(instance, update_fields)
        if rows == 0 and not await self.model.filter(pk=instance.pk).using_db(self.db).exists():
            raise DoesNotExist(self.model)
        return rows


class PostgresExecutor(ReadingMixin, UpdateMixin, PrefetchMixin, AsyncpgExecutor):
    """For Postgres."""

    FILTER_FUNC_OVERRIDE = FOR_POSTGRES

    def _prepare_insert_statement(self, columns: Sequence[str], *args: Any, **options: Any) -> Any:
        if columns:
            return super()._prepare_insert_statement(columns, *args, **options)
        query: Any = self.db.query_class.into(self.model._meta.basetable)
        return query.default_values().returning(self.model._meta.db_pk_column)


class SQLiteExecutor(ReadingMixin, UpdateMixin, PrefetchMixin, SqliteExecutor):
    """For SQLite."""

    FILTER_FUNC_OVERRIDE = {  # noqa: RUF012 -- Tortoise's constant
        **FOR_SQLITE,
        json_contains: _contains,
        json_contained_by: _contained_by,
        json_filter: _filter,
        **{getattr(filters, f"extract_{name}_equal"): _part(name) for name in DATE_PARTS},
    }

    def _prepare_insert_statement(self, columns: Sequence[str], *args: Any, **options: Any) -> Any:
        if columns:
            return super()._prepare_insert_statement(columns, *args, **options)
        return self.db.query_class.into(self.model._meta.basetable).default_values()  # it reports the key by itself
