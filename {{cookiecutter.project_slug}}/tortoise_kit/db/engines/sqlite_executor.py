"""Tortoise's executor for SQLite, with the filters of JSON columns that it leaves to Postgres.

Upstream (Tortoise 1.1.9) raises NotImplementedError for `payload__contains`, `payload__contained_by` and
`payload__filter`, so that a query that works on Postgres fails while it is built. Here the first two find the same rows
on both databases, and the third names a filter that does.
"""

from typing import Any, NoReturn

from pypika_tortoise.terms import Criterion, Function, Term
from tortoise.backends.sqlite.executor import SqliteExecutor
from tortoise.exceptions import ConfigurationError
from tortoise.filters import json_contained_by, json_contains, json_filter

from tortoise_kit.sql.conditions import JSON_CONTAINS


def _contains(field: Term, value: Any) -> Criterion:
    return Function(JSON_CONTAINS, field, value) == 1


def _contained_by(field: Term, value: Any) -> Criterion:
    return Function(JSON_CONTAINS, value, field) == 1


def _filter(field: Term, value: Any) -> NoReturn:
    names = ", ".join(value)
    message = f"{field}__filter of {names} is only on Postgres: use __contains, which finds the same rows on SQLite."
    raise ConfigurationError(message)


class Executor(SqliteExecutor):
    """What Tortoise builds and runs statements with."""

    FILTER_FUNC_OVERRIDE = {  # noqa: RUF012 -- Tortoise's constant
        **SqliteExecutor.FILTER_FUNC_OVERRIDE,
        json_contains: _contains,
        json_contained_by: _contained_by,
        json_filter: _filter,
    }
