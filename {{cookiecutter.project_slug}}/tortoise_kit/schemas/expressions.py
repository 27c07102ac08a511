"""Operations such as `F("price") / 4`, with the same result on both databases.

SQLite divides whole decimals as integers, stores NULL for a division by zero, turns an integer that is too large into
an approximation, and takes texts and timestamps for the number that they begin with. There the kit's own function
computes. What Postgres would reject or round to the type of the column is a FieldError on both.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import Field as Column
from pypika_tortoise.terms import Function, Term, ValueWrapper
from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.fields.base import Field
from tortoise.models import Model

from tortoise_kit.schemas.assignments import assigned
from tortoise_kit.schemas.expression_types import Annotations, column, type_of
from tortoise_kit.schemas.filter_values import TEXT_LOOKUPS, compared_with, part_of, require_kind, searched
from tortoise_kit.schemas.sqlite_functions import COMPUTED, DATE_PARTS, MICROSECOND
from tortoise_kit.upstream.aiosqlite import compared
from tortoise_kit.upstream.expressions import (
    Operand,
    apply,
    convert_compared,
    keep_results,
    write_constants,
    write_operations,
)
from tortoise_kit.upstream.pypika import alternatives, write_json_paths
from tortoise_kit.upstream.querysets import check_expressions

BIGINT = (-(2**63), 2**63 - 1)
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "mod": "%"}
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
    (time, "TIMETZ"),
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
    if kind == "timestamp" and (not right.is_constant or right.value is None or connector not in {"add", "sub"}):
        raise _rejected(connector, field, "add or subtract a timedelta; compute anything else in Python.")
    if kind == "float" and connector == "mod":
        raise _rejected(connector, field, "take the remainder of integers or decimals.")
    if kind == "timestamp":  # without its type, Postgres takes what is subtracted for a timestamp
        sqlite = dialect == "sqlite"
        terms[1] = ValueWrapper(right.value // MICROSECOND) if sqlite else Cast(right.term, "INTERVAL")
    if dialect != "sqlite":
        return apply(connector, *terms)
    result = Function(COMPUTED, connector, kind, *terms, *_limits(field))
    # With the affinity of a number, since a decimal that it is compared with arrives as text.
    return Cast(result, "NUMERIC") if kind == "decimal" else result


def is_double(term: Term, doubles: Collection[str]) -> bool:
    """Whether Postgres computes a term as a double, given the columns that hold doubles."""
    if isinstance(term, Column):
        return str(term.name) in doubles
    if parts := alternatives(term):
        return any(is_double(each, doubles) for each in parts)
    if isinstance(term, ValueWrapper):
        return isinstance(term.value, float)
    if not isinstance(term, Function) or term.name != COMPUTED:
        return False
    connector, kind, *_ = (each.value for each in term.args[:2])
    return bool(kind == "float" or connector == "pow")


def constants(values: Sequence[Any], dialect: str) -> list[Term]:
    """The constants of a `Case` or a `Coalesce`; Postgres needs types, and SQLite would take decimals for texts."""
    plain = [each.value if isinstance(each, Enum) else each for each in values]
    plain = [each.replace(tzinfo=each.tzinfo or UTC) if isinstance(each, datetime | time) else each for each in plain]
    if dialect == "sqlite":  # whose driver does not take a UUID
        plain = [str(each) if isinstance(each, UUID) else each for each in plain]
    types = [next((name for kind, name in _TYPES if isinstance(each, kind)), None) for each in plain]
    return [
        Cast(ValueWrapper(each), name) if name and (dialect == "postgres" or name == "NUMERIC") else ValueWrapper(each)
        for each, name in zip(plain, types, strict=True)
    ]


def use_operations() -> None:
    """Let expressions be written as here; once for a process."""
    write_operations(written)
    write_constants(constants)
    keep_results()
    write_json_paths()
    convert_compared(_compared)
    check_expressions(_annotated, _filtered, assigned)


def _annotated(_: str, expression: Any, model: type[Model], annotations: Annotations) -> None:
    type_of(expression, model, annotations)


def _filtered(name: str, expression: Any, model: type[Model], annotations: Annotations) -> None:
    require_kind(name, type_of(expression, model, annotations), column(name, model, annotations))


def _compared(annotation: str, name: str, value: Any, context: Any, dialect: str) -> Any:
    """What is sent for a value that an annotation is compared with."""
    found = type_of(context.annotations[annotation], context.model, context.annotations)
    lookup = name.removeprefix(f"{annotation}__")
    if lookup in TEXT_LOOKUPS:
        return searched(name, found, value)
    if lookup in DATE_PARTS:
        return part_of(name, found, lookup, value)
    if lookup in {"isnull", "not_isnull"}:
        return value
    if found.kind == "json" and lookup in {"gt", "gte", "lt", "lte", "range"}:
        message = f"{name}: JSON has another order on each database."
        raise FieldError(message)
    return _sent(compared_with(name, found, value, context.model), dialect)


def _sent(value: Any, dialect: str) -> Any:
    """Postgres takes a parameter for the type of what it is compared with, and cuts 1.5 off for a count."""
    if dialect != "postgres" or not isinstance(value, Decimal | float):
        return compared(value) if dialect == "sqlite" else value
    return Cast(ValueWrapper(value), "NUMERIC" if isinstance(value, Decimal) else "DOUBLE PRECISION")


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
