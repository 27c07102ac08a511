"""Operations such as `F("price") / 4`, with the same result on both databases.

SQLite divides whole decimals as integers, stores NULL for a division by zero, turns an integer that is too large into
an approximation, and takes texts and timestamps for the number that they begin with. There the kit's own function
computes. What Postgres would reject or round to the type of the column is a FieldError on both.
"""

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import Function, Term, ValueWrapper
from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.fields.base import Field

from tortoise_kit.upstream.expressions import Operand, apply

COMPUTED = "computed"
DATE_PARTS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second", "microsecond")
MICROSECOND = timedelta(microseconds=1)
BIGINT = (-(2**63), 2**63 - 1)
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "mod": "%"}
_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda left, right: left + right,
    "sub": lambda left, right: left - right,
    "mul": lambda left, right: left * right,
    "truediv": lambda left, right: left / right,
    "mod": lambda left, right: left - right * math.trunc(left / right),
}
_KINDS: tuple[tuple[type[Field[Any]], str], ...] = (
    (fields.TimeDeltaField, "duration"),
    (fields.IntField, "integer"),
    (fields.DecimalField, "decimal"),
    (fields.FloatField, "float"),
    (fields.DatetimeField, "timestamp"),
)
# What a column of a kind computes with. Postgres would round a fraction to the type of a column of integers.
_CONSTANTS: dict[str, tuple[type, ...]] = {
    "duration": (timedelta, int),
    "integer": (int,),
    "decimal": (int, Decimal, float),
    "float": (int, float, Decimal),
    "timestamp": (timedelta,),
}
# SQL's types of the constants of Python.
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "BOOL"),
    (int, "BIGINT"),
    (float, "DOUBLE PRECISION"),
    (Decimal, "NUMERIC"),
    (str, "TEXT"),
    (bytes, "BYTEA"),
    (datetime, "TIMESTAMPTZ"),
    (date, "DATE"),
    (UUID, "UUID"),
)


def written(connector: str, left: Operand, right: Operand, dialect: str) -> Term:
    """The SQL of an operation.

    Raises:
        FieldError: The fields and constants cannot be computed with each other; the message says what can.
    """
    field = left.field or right.field
    kind = _kind(field)
    terms = [_term(each, kind, connector, field) for each in (left, right)]
    if kind == "timestamp" and (not right.is_constant or connector not in {"add", "sub"}):
        raise _rejected(connector, field, "add or subtract a timedelta; compute anything else in Python.")
    if kind == "timestamp":  # without its type, Postgres takes what is subtracted for a timestamp
        sqlite = dialect == "sqlite"
        terms[1] = ValueWrapper(right.value // MICROSECOND) if sqlite else Cast(right.term, "INTERVAL")
    if dialect != "sqlite":
        return apply(connector, *terms)
    result = Function(COMPUTED, connector, kind, *terms, *_limits(field))
    # With the affinity of a number, since a decimal that it is compared with arrives as text.
    return Cast(result, "NUMERIC") if kind == "decimal" else result


def constant(value: Any, dialect: str) -> Term:
    """A constant of `Case` and `When`, which on Postgres needs its type."""
    value = getattr(value, "value", value) if not isinstance(value, Term) else value  # a member of an enum
    sql = next((name for kind, name in _TYPES if isinstance(value, kind)), None)
    wrapped = ValueWrapper(value)
    return Cast(wrapped, sql) if sql and dialect == "postgres" else wrapped


def _kind(field: Field[Any] | None) -> str:
    if field is None:
        return "unknown"
    kind = next((name for each, name in _KINDS if isinstance(field, each)), "other")
    return "other" if hasattr(field, "enum_type") else kind


def _term(operand: Operand, kind: str, connector: str, field: Field[Any] | None) -> Term:
    """An operand's SQL; a constant is converted to the type of the column that it is computed with."""
    if kind == "other":
        raise _rejected(connector, field, "compute with numbers, or with timestamps and timedeltas.")
    value = operand.value
    if not operand.is_constant or kind == "unknown" or value is None:
        return operand.term
    if isinstance(value, bool) or not isinstance(value, _CONSTANTS[kind]):
        raise _rejected(
            connector, field, f"the constant must be {' or '.join(each.__name__ for each in _CONSTANTS[kind])}."
        )
    match kind, value:
        case "decimal", float():
            return ValueWrapper(Decimal(str(value)))
        case "float", Decimal():
            return ValueWrapper(float(value))
        case ("duration", timedelta()):
            return ValueWrapper(value // MICROSECOND)
    return operand.term


def _rejected(connector: str, field: Field[Any] | None, remedy: str) -> FieldError:
    name = field.model_field_name if field else "the expression"
    return FieldError(f"F({name!r}) {SYMBOLS[connector]}: {remedy}")


def _limits(field: Field[Any] | None) -> tuple[int, int]:
    if isinstance(field, fields.IntField):
        return field.constraints["ge"], field.constraints["le"]
    return BIGINT


def computed(connector: str, kind: str, left: Any, right: Any, *limits: int) -> Any:
    """The result of an operation of SQLite, as Postgres computes it.

    Raises:
        OverflowError: There is none: it is outside the column's limits, not finite, or divided by zero. SQLite's driver
            reports other errors without their kind.
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
        return _finite(float(_decimal(connector, Decimal(str(left)), Decimal(str(right)))))
    if isinstance(left, int) and isinstance(right, int) and kind != "float":
        return _integer(connector, left, right, limits)
    return _finite(_EXACT[connector](float(left), float(right)))


def _decimal(connector: str, left: Decimal, right: Decimal) -> Decimal:
    return left % right if connector == "mod" else _EXACT[connector](left, right)


def _integer(connector: str, left: int, right: int, limits: tuple[int, ...]) -> int:
    if connector in {"truediv", "mod"}:
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        result = quotient if connector == "truediv" else left - right * quotient
    else:
        result = _EXACT[connector](left, right)
    if not limits[0] <= result <= limits[1]:
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
