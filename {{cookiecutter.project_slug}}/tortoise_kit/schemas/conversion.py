"""Values of dates, times and UUIDs: what a column has a type for is stored alike on both databases, or rejected.

SQLite stores a text as it is written, and a timestamp in a column of dates with its time of day, so that no filter
finds the row; asyncpg cuts the time off, and takes no text at all.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from iso8601 import ParseError
from tortoise import fields
from tortoise.fields.base import Field

from tortoise_kit.schemas.expressions import OutOfRange


def _timestamp(value: Any) -> datetime:
    if isinstance(value, str):
        return fields.DatetimeField().to_python_value(value)  # type: ignore[return-value]  # None for None only
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return _only(datetime, value)


def _date(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(value, datetime):
        message = "a timestamp is no date: pass value.date(), in the time zone that you mean."
        raise OutOfRange(message)
    return _only(date, value)


def _time(value: Any) -> time | timedelta:
    if isinstance(value, str):
        found = time.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return value if isinstance(value, timedelta) else _only(time, value)  # as asyncpg returns it from MySQL's times


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(_only(str, value))


def _only[T](kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError
    return value


CONVERSIONS: dict[type[Field[Any]], Callable[[Any], Any]] = {
    fields.DatetimeField: _timestamp,
    fields.DateField: _date,
    fields.TimeField: _time,
    fields.TimeDeltaField: lambda value: _only(timedelta, value),
    fields.UUIDField: _uuid,
}
CONVERTED = tuple(CONVERSIONS)


def converted(field: Field[Any], value: Any) -> Any:
    """The value in the type of the column.

    Raises:
        OutOfRange: It has another type, or is a text that stands for no such value.
    """
    convert = next(each for kind, each in CONVERSIONS.items() if isinstance(field, kind))
    try:
        return convert(value)
    except (TypeError, ValueError, ParseError) as error:
        kind = type(field).__name__.removesuffix("Field").removeprefix("UTC").lower()
        message = f"the value, of type {type(value).__name__}, is no {kind}."
        raise OutOfRange(message) from error
