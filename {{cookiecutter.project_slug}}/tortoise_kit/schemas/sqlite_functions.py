"""Functions of the SQLite engine, which compute and check as Postgres does.

The driver reports an error of such a function without its cause; only OverflowError becomes one with its own code,
SQLITE_TOOBIG.
"""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from tortoise_kit.schemas.conversion import OutOfRange, rounded

COMPUTED = "computed"
DATE_PARTS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second", "microsecond")
MICROSECOND = timedelta(microseconds=1)
_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda left, right: left + right,
    "sub": lambda left, right: left - right,
    "mul": lambda left, right: left * right,
    "truediv": lambda left, right: left / right,
    "mod": lambda left, right: left - right * math.trunc(left / right),
}


def computed(connector: str, kind: str, left: Any, right: Any, *limits: int) -> Any:
    """The result of an operation of SQLite, as Postgres computes it.

    Raises:
        OverflowError: There is none: it is outside the column's limits, not finite, or divided by zero.
    """
    if left is None or right is None:
        return None
    try:
        return _computed(connector, kind, left, right, limits)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise OverflowError from error


def _computed(connector: str, kind: str, left: Any, right: Any, limits: tuple[int, ...]) -> Any:
    if kind == "timestamp":  # and the other side microseconds
        amount = right if connector == "add" else -right
        return (datetime.fromisoformat(left) + amount * MICROSECOND).isoformat(" ")
    if connector == "pow":
        return _finite(float(left) ** float(right))
    if kind == "decimal":
        return _finite(float(_decimal(connector, Decimal(str(left)), Decimal(str(right))))) + 0.0  # not -0.0
    if isinstance(left, int) and isinstance(right, int) and kind != "float":
        return _integer(connector, left, right, limits)
    result = _finite(_EXACT[connector](float(left), float(right)))
    if not result and left and right and connector in {"mul", "truediv"}:  # too small for a double
        raise OverflowError
    return result


def _decimal(connector: str, left: Decimal, right: Decimal) -> Decimal:
    return left % right if connector == "mod" else _EXACT[connector](left, right)


def _integer(connector: str, left: int, right: int, limits: tuple[int, ...]) -> int:
    if connector in {"truediv", "mod"}:
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        result = quotient if connector == "truediv" else left - right * quotient
    else:
        result = _EXACT[connector](left, right)
    if not limits[0] <= min(left, right, result) <= max(left, right, result) <= limits[1]:
        raise OverflowError
    return result


def _finite(number: Any) -> float:
    if isinstance(number, complex) or not math.isfinite(number):
        raise OverflowError
    return float(number)


def date_part(part: str, value: Any) -> Any:
    """A part of a stored timestamp, date or time of SQLite, as Postgres' EXTRACT returns it."""
    if value is None:
        return None
    text = str(value)
    at: Any = time.fromisoformat(text) if text[2:3] == ":" else datetime.fromisoformat(text)
    match part:
        case "quarter":
            return (at.month + 2) // 3
        case "week":
            return at.isocalendar().week
        case "second":
            return at.second + at.microsecond / 1_000_000
        case "microsecond":
            return at.second * 1_000_000 + at.microsecond
    return getattr(at, part)


def checked_integer(value: Any, low: int, high: int, is_double: int) -> Any:
    """An integer from `low` to `high`, rounded as Postgres does it: 2.5 is 2 as a double, and 3 as a decimal."""
    if value is None:
        return None
    try:
        number = round(value) if is_double else int(Decimal(str(value)).to_integral_value(ROUND_HALF_UP))
    except (ArithmeticError, TypeError, ValueError) as error:
        raise OverflowError from error
    if not low <= number <= high:
        raise OverflowError
    return number


def checked_decimal(value: Any, digits: int, places: int) -> str | None:
    """A number, rounded to the places of the column."""
    try:
        return None if value is None else str(rounded(value, digits, places))
    except OutOfRange as error:
        raise OverflowError from error


def checked_text(value: Any, length: int | None) -> Any:
    """A text of up to `length` characters, or of any length; Postgres converts nothing to text by itself."""
    if value is not None and (not isinstance(value, str) or (length is not None and len(value) > length)):
        raise OverflowError
    return value


def checked_float(value: Any) -> Any:
    """A finite number."""
    if value is not None and (isinstance(value, str) or not math.isfinite(value)):
        raise OverflowError
    return value


def checked_time(value: Any, kind: str) -> Any:
    """A date, a time or a timestamp as the column has it; the first and the last are converted in UTC."""
    if value is None:
        return None
    try:
        if kind == "time":
            return time.fromisoformat(value).isoformat()
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise OverflowError from error
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at.date().isoformat() if kind == "date" else at.isoformat(" ")


_KINDS: dict[str, Callable[[Any], bool]] = {
    "boolean": lambda value: value in {0, 1},
    "uuid": lambda value: bool(value == str(UUID(value))),
    "json": lambda value: json.loads(value) is not NotImplemented,
    "binary": lambda value: isinstance(value, bytes),
}


def checked_as(value: Any, kind: str) -> Any:
    """A boolean, a UUID, JSON or bytes."""
    try:
        if value is not None and not _KINDS[kind](value):
            raise OverflowError
    except (TypeError, ValueError, AttributeError) as error:
        raise OverflowError from error
    return value


SQLITE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "checked_integer": checked_integer,
    "checked_decimal": checked_decimal,
    "checked_text": checked_text,
    "checked_float": checked_float,
    "checked_time": checked_time,
    "checked_as": checked_as,
    COMPUTED: computed,
    "date_part": date_part,
}
"""What the SQLite engine registers on each connection."""
