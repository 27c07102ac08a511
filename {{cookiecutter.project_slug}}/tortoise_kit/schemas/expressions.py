"""Expressions that SQLite stores, such as `F("stock") + 1`: held to their column by functions of the engine.

The driver reports an error of such a function without its cause; only OverflowError becomes one with its own code,
SQLITE_TOOBIG.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from pypika_tortoise.terms import Function, Term
from tortoise import fields
from tortoise.exceptions import ValidationError
from tortoise.fields.base import Field


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


def checked_text(value: Any, length: int) -> Any:
    """A text of up to `length` characters."""
    if isinstance(value, str) and len(value) > length:
        raise OverflowError
    return value


SQLITE_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "checked_integer": checked_integer,
    "checked_decimal": checked_decimal,
    "checked_text": checked_text,
}
"""What the SQLite engine registers on each connection."""


def guard_of(field: Field[Any]) -> Callable[[Term], Term] | None:
    """What SQLite is to do with an expression before it stores it in the column."""
    if hasattr(field, "enum_type"):
        return None
    match field:
        case fields.IntField():
            limits = field.constraints
            return lambda term: Function("checked_integer", term, limits["ge"], limits["le"])
        case fields.DecimalField():
            return lambda term: Function("checked_decimal", term, field.max_digits, field.decimal_places)
        case fields.CharField():
            return lambda term: Function("checked_text", term, field.max_length)
    return None
