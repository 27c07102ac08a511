"""Models of rows that another program wrote, with values that their fields cannot read; as Tortoise 1.1.9 makes models.

SQLite stores any text in any column, and Postgres has timestamps of the years 4713 BC to 294276.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.upstream.querysets import select

UNREADABLE = (ArithmeticError, FieldError, TypeError, ValueError)  # what drivers and fields raise for such a value
NAMES = "__unreadable__"
# asyncpg takes the last and the first day that Python knows for infinity.
DAYS = "NOT isfinite({0}) OR ({0} >= '0001-01-01' AND {0} <= '9999-12-31')"
TIMESTAMPS = "NOT isfinite({0}) OR ({0} >= '0001-01-01T00:00:00Z' AND {0} < '9999-12-31T24:00:00Z')"
TIMES = "extract(hour FROM {0}) < 24"

log = logging.getLogger(__name__)


async def select_leniently(rows: QuerySet[Any], sql: str, parameters: list[Any]) -> list[Any]:
    """As `select`, but a value that cannot be read is None, and its row and column are logged.

    Tortoise does not save such a model as a whole, so that nothing is overwritten. A key must be readable, and the
    queryset must not select related rows; otherwise the error is raised.
    """
    try:
        return await select(rows, sql, parameters)
    except UNREADABLE:
        if rows._select_related:
            raise
        db = rows._choose_db()
        readable = _with_readable_times(rows, sql) if db.capabilities.dialect == "postgres" else sql
        _, found = await db.execute_query(readable, parameters)
        return [_model(rows, dict(row)) for row in found]


def unreadable(row: Model) -> Iterable[str]:
    """The fields whose values could not be read."""
    return getattr(row, NAMES, ())


def _with_readable_times(rows: QuerySet[Any], sql: str) -> str:
    """The statement with NULL for what Python has no type for, and the names of those columns."""
    checks = dict(_checks(rows.model))
    columns = [*rows.model._meta.fields_db_projection.values(), *rows._annotations]
    shown = [
        f'CASE WHEN {checks[name]} THEN "{name}" END AS "{name}"' if name in checks else f'"{name}"' for name in columns
    ]
    names = [f"CASE WHEN NOT ({check}) THEN '{column}' END" for column, check in checks.items()]
    lost = f"concat_ws(' ', {', '.join(['NULL', *names])})"
    return f'SELECT {", ".join(shown)}, {lost} AS "{NAMES}" FROM ({sql}) AS "r"'  # noqa: S608  # names of models


def _checks(model: type[Model]) -> Iterator[tuple[str, str]]:
    for name, column in model._meta.fields_db_projection.items():
        kinds = {fields.DatetimeField: TIMESTAMPS, fields.DateField: DAYS, fields.TimeField: TIMES}
        for kind, check in kinds.items():
            if isinstance(model._meta.fields_map[name], kind):
                yield column, check.format(f'"{column}"')


def _model(rows: QuerySet[Any], row: dict[str, Any]) -> Model:
    meta = rows.model._meta
    lost = set(row.pop(NAMES, "").split())
    for name, column in meta.fields_db_projection.items():
        try:
            meta.fields_map[name].to_python_value(row.get(column))
        except UNREADABLE:
            if column == meta.db_pk_column:
                raise
            lost.add(column)
            row[column] = None
    found: Model = rows.model._init_from_db(
        **{name: value for name, value in row.items() if name not in rows._annotations}
    )
    for name in rows._annotations:
        object.__setattr__(found, name, row[name])
    if lost:
        found._partial = True
        object.__setattr__(found, NAMES, {meta.fields_db_projection_reverse[column] for column in lost})
        log_unreadable(found, sorted(lost))
    return found


def log_unreadable(row: Model, columns: Iterable[str]) -> None:
    """Log which values of a row are shown as null."""
    log.error(
        "%s %s was written by another program, and %s cannot be read: it is shown as null. Correct the row.",
        type(row).__name__,
        row.pk,
        ", ".join(columns),
    )
