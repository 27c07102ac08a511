"""Values as their columns hold them: the same on both databases, or rejected.

SQLite stores a text as it is written, and a timestamp in a column of dates with its time of day, so that no filter
finds the row; asyncpg cuts the time off, and takes no text at all.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from math import isfinite
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.exceptions import ValidationError
from tortoise.fields.base import Field

SUSPICIOUS = ("NaN", "Infinity", "\\u0000", "\\ud")
"""One of these is in a text of JSON that holds what `require_storable_json` rejects."""


class OutOfRange(ValidationError):
    """A column cannot hold a value."""


def rounded(number: Any, digits: int, places: int) -> Decimal:
    """A number as a column of these digits holds it.

    Raises:
        OutOfRange: It has more digits before the point, or is infinite or NaN.
    """
    try:
        value = number if isinstance(number, Decimal) else Decimal(str(number))
        stored = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=digits))
    except InvalidOperation as error:
        message = (
            f"the column cannot hold the value, which is no number of up to {digits - places} digits before the point."
        )
        raise OutOfRange(message) from error
    require_number(stored)  # NaN can be rounded
    return stored or abs(stored)  # Postgres has no negative zero


def require_number(value: Any) -> None:
    """Raise OutOfRange for NaN."""
    if value != value:  # noqa: PLR0124  # the only one that differs from itself
        message = "the column cannot hold the value, which is not a number."
        raise OutOfRange(message)


def whole(value: Any) -> int:
    """An integer, of a number or a text without a fraction."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        message = "the column cannot hold the value, which is not a whole number."
        raise OutOfRange(message) from error
    if not isinstance(value, str) and number != value:
        message = "the column cannot hold the value, which has a fraction."
        raise OutOfRange(message)
    return number


def number(value: Any) -> Decimal:
    """A decimal, of a number or a text; a float is taken as it is written, and not as it is in binary."""
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        message = f"the value, of type {type(value).__name__}, is no number."
        raise OutOfRange(message) from error
    require_number(found)
    return found


def real(value: Any) -> float:
    """A float, of a number or a text."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        message = f"the value, of type {type(value).__name__}, is no number."
        raise OutOfRange(message) from error
    require_number(found)
    return found


def require_storable_json(value: Any) -> None:
    """Raise OutOfRange for a number that JSON does not have, and for U+0000 and lone surrogates.

    U+0000 cannot be stored in Postgres' jsonb; RFC 8259 has no NaN and no infinity.
    """
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, Mapping):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple):
            left += each
        elif (isinstance(each, float) and not isfinite(each)) or (isinstance(each, str) and not is_storable(each)):
            message = "the column cannot hold the value: it has a number or a character that is not in JSON."
            raise OutOfRange(message)


def is_storable(text: str) -> bool:
    """Whether both databases can hold it: it has no U+0000 and no lone surrogate."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text))


def _boolean(value: Any) -> bool:
    if value not in {False, True}:  # 0 and 1 are equal to them
        raise ValueError
    return bool(value)


def _timestamp(value: Any) -> datetime:
    if isinstance(value, str):
        found = datetime.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
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


def _time(value: Any) -> time:
    if isinstance(value, str):
        found = time.fromisoformat(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return _only(time, value)


def _binary(value: Any) -> bytes:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise TypeError  # bytes(5) are five zeros
    return bytes(value)


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
    fields.BooleanField: _boolean,
    fields.BinaryField: _binary,
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
    except (TypeError, ValueError) as error:
        raise not_of(field, value) from error


def not_of(field: Field[Any], value: Any) -> OutOfRange:
    """The error for a value of another type than the column's."""
    kind = type(field).__name__.removesuffix("Instance").removesuffix("Field").removeprefix("UTC").lower()
    return OutOfRange(f"the value, of type {type(value).__name__}, is no {kind}.")
