"""Rows that another program wrote, with values that their fields cannot read, as Tortoise 1.1.9 reads them.

SQLite stores any text in any column, and Postgres has timestamps of the years 4713 BC to 294276. Tortoise and the
drivers raise bare errors, which quote the value and name neither row nor column.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, override

from tortoise import fields
from tortoise.backends.base.executor import BaseExecutor
from tortoise.exceptions import FieldError
from tortoise.models import Model

READ_ERRORS = (ArithmeticError, FieldError, TypeError, ValueError)  # what drivers and fields raise for such a value
INFINITE = {"infinity", "-infinity"}  # asyncpg stores the last and the first day that Python has as these
TIMES: dict[type[fields.Field[Any]], Any] = {fields.DatetimeField: datetime, fields.DateField: date}

log = logging.getLogger(__name__)


class UnreadableValueError(RuntimeError):
    """A row has a value that its column does not allow. The error and its log line name the row, never the value."""

    def __init__(self, model: type[Model], pk: object, column: str) -> None:
        super().__init__(
            f"{model.__name__} {pk} has a value in {column} that the column does not allow: another program wrote it. "
            "Correct the row."
        )
        log.error("%s", self)


def read_rows[Row: Model](model: type[Row], rows: Iterable[Any]) -> list[Row]:
    """The models of rows that a driver returned, with all columns of the model.

    Raises:
        UnreadableValueError: A value cannot be read.
    """
    found = list(rows)
    try:
        return [model._init_from_db(**row) for row in found]
    except READ_ERRORS:
        if unreadable := next(_unreadable((model, dict(row)) for row in found), None):
            raise UnreadableValueError(*unreadable) from None
        raise


class ReadingMixin(BaseExecutor):
    """Raises an error that names the row and the column of a value that cannot be read."""

    @override
    async def execute_select(
        self, sql: str, values: list[Any] | None = None, custom_fields: list[str] | None = None
    ) -> list[Any]:
        """As upstream.

        Raises:
            UnreadableValueError: Upstream, or the driver, cannot read a value. One or two more statements look for it.
        """
        try:
            return await super().execute_select(sql, values, custom_fields)
        except READ_ERRORS:
            if found := await self._first_unreadable(sql, values):
                raise UnreadableValueError(*found) from None
            raise

    async def _first_unreadable(self, sql: str, values: list[Any] | None) -> tuple[type[Model], object, str] | None:
        try:
            _, rows = await self.db.execute_query(sql, values)
        except READ_ERRORS:  # the driver's; Postgres writes all values as JSON
            text = f'SELECT row_to_json("r")::text AS "row" FROM ({sql}) AS "r"'  # noqa: S608  # the statement itself
            _, written = await self.db.execute_query(text, values)
            rows = [json.loads(each["row"]) for each in written]
            reads = _is_python_time
        else:
            reads = _is_readable
        parts = (part for row in rows for part in self._parts(dict(row)))
        return next(_unreadable(parts, reads), None)

    def _parts(self, row: Mapping[str, Any]) -> Iterator[tuple[type[Model], Mapping[str, Any]]]:
        """The columns of each model of a row: those that are selected with it follow its own."""
        if not self.select_related_idx:
            yield self.model, row
            return
        start, items = 0, list(row.items())
        for model, count, *_ in self.select_related_idx:
            yield model, {name.rpartition(".")[2]: value for name, value in items[start : start + count]}
            start += count


def _is_readable(field: fields.Field[Any], value: Any) -> bool:
    try:
        field.to_python_value(value)
    except READ_ERRORS:
        return False
    return True


def _unreadable(
    parts: Iterable[tuple[type[Model], Mapping[str, Any]]],
    reads: Callable[[fields.Field[Any], Any], bool] = _is_readable,
) -> Iterator[tuple[type[Model], object, str]]:
    """The model, key and field of each value that cannot be read."""
    for model, columns in parts:
        for name, column in model._meta.fields_db_projection.items():
            if not reads(model._meta.fields_map[name], columns.get(column)):
                yield model, columns.get(model._meta.db_pk_column), name


def _is_python_time(field: fields.Field[Any], value: Any) -> bool:
    """Whether Python has a date or time that Postgres wrote; other values are no driver's trouble."""
    if not isinstance(value, str) or value in INFINITE:
        return True
    if isinstance(field, fields.TimeField):
        return not value.startswith("24")
    kind = next((TIMES[each] for each in type(field).__mro__ if each in TIMES), None)
    try:
        return kind is None or bool(kind.fromisoformat(value))
    except ValueError:
        return False
