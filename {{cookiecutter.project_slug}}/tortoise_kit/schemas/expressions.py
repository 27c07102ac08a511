"""Expressions that SQLite stores, such as `F("stock") + 1`: held to their column by functions of the engine.

The driver reports an error of such a function without its cause; only OverflowError becomes one with its own code,
SQLITE_TOOBIG.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from pypika_tortoise.terms import Function, Term
from tortoise import fields
from tortoise.exceptions import ValidationError
from tortoise.fields.base import Field

from tortoise_kit.schemas.arithmetic import COMPUTED, computed, date_part


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


def checked_integer(value: Any, low: int, high: int) -> Any:
    """An integer from `low` to `high`, rounded as Postgres does it."""
    if value is None:
        return None
    number = round(value)
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


SQLITE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "checked_integer": checked_integer,
    "checked_decimal": checked_decimal,
    "checked_text": checked_text,
    "checked_float": checked_float,
    "checked_time": checked_time,
    COMPUTED: computed,
    "date_part": date_part,
}
"""What the SQLite engine registers on each connection."""


def guard_of(field: Field[Any]) -> Callable[[Term], Term] | None:
    """What SQLite is to do with an expression before it stores it in the column."""
    guard = None if hasattr(field, "enum_type") else _guard(field)
    if guard is None:
        return None
    name, arguments = guard
    return lambda term: Function(name, term, *arguments)


def _guard(field: Field[Any]) -> tuple[str, tuple[Any, ...]] | None:
    match field:
        case fields.IntField():
            guard: tuple[str, tuple[Any, ...]] = "checked_integer", (field.constraints["ge"], field.constraints["le"])
        case fields.DecimalField():
            guard = "checked_decimal", (field.max_digits, field.decimal_places)
        case fields.CharField() | fields.TextField():
            guard = "checked_text", (getattr(field, "max_length", None),)
        case fields.FloatField():
            guard = "checked_float", ()
        case fields.DateField():
            guard = "checked_time", ("date",)
        case fields.TimeField():
            guard = "checked_time", ("time",)
        case fields.DatetimeField():
            guard = "checked_time", ("timestamp",)
        case _:
            return None
    return guard
