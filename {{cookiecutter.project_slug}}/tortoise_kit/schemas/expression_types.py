"""What expressions are: a kind of values, and the column whose values they are, if they are those of one.

Postgres rejects a comparison or a function of another kind by the types of a statement, and converts some kinds by
itself; SQLite compares and computes anything, row by row. So both are checked here, before a statement is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any, NamedTuple
from uuid import UUID

from pypika_tortoise.terms import Term
from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.expressions import Case, CombinedExpression, Expression, F, Function, Value
from tortoise.fields.base import Field
from tortoise.fields.relational import RelationalField
from tortoise.functions import Avg, Coalesce, Concat, Count, Length, Lower, Max, Min, Sum, Trim, Upper
from tortoise.models import Model

from tortoise_kit.schemas.conversion import is_storable
from tortoise_kit.upstream.expressions import branches

COLUMN_KINDS: tuple[tuple[type[Field[Any]], str], ...] = (
    (fields.TimeDeltaField, "duration"),
    (fields.IntField, "number"),
    (fields.DecimalField, "number"),
    (fields.FloatField, "number"),
    (fields.CharField, "text"),
    (fields.TextField, "text"),
    (fields.BooleanField, "boolean"),
    (fields.DatetimeField, "timestamp"),
    (fields.DateField, "date"),
    (fields.TimeField, "time"),
    (fields.UUIDField, "uuid"),
    (fields.JSONField, "json"),
    (fields.BinaryField, "binary"),
)
_CONSTANTS: tuple[tuple[Any, str], ...] = (
    (bool, "boolean"),
    ((int, float, Decimal), "number"),
    (str, "text"),
    (datetime, "timestamp"),
    (date, "date"),
    (time, "time"),
    (timedelta, "duration"),
    (UUID, "uuid"),
    (bytes, "binary"),
    ((dict, list), "json"),
)
_TAKES: tuple[tuple[tuple[type[Function], ...], frozenset[str]], ...] = (
    ((Lower, Upper, Trim), frozenset({"text"})),
    ((Length,), frozenset({"text", "binary"})),
    ((Sum, Avg), frozenset({"number", "duration"})),
    ((Max, Min), frozenset({"number", "text", "timestamp", "date", "time", "duration"})),
)


class Type(NamedTuple):
    """What the values of an expression are.

    Attributes:
        kind: None if it is not known, as of SQL by hand.
        field: That of the column whose values they are.
    """

    kind: str | None = None
    field: Any = None


type Annotations = Mapping[str, Any]


def type_of(expression: Any, model: type[Model], annotations: Annotations) -> Type:
    """What an expression is.

    Raises:
        FieldError: The databases understand a part of it differently; the message says what can be.
    """
    match expression:
        case F():
            return column(expression.name, model, annotations)
        case Value():
            return constant_type(expression.value)
        case CombinedExpression():
            sides = sorted((expression.left, expression.right), key=lambda each: isinstance(each, Value))
            first, _ = (type_of(each, model, annotations) for each in sides)
            return Type(first.kind)
        case Case():
            return _alike("Case", branches(expression), model, annotations)
        case Function():
            return _function(expression, model, annotations)
    return Type() if isinstance(expression, Expression | Term) else constant_type(expression)


def column(name: str, model: type[Model], annotations: Annotations) -> Type:
    """What a name stands for: an annotation, or a column, along relations; an element of JSON is a text."""
    if name in annotations:
        return type_of(annotations[name], model, {key: each for key, each in annotations.items() if key != name})
    for at, part in enumerate(parts := name.split("__")):
        field: Any = model._meta.pk if part == "pk" else model._meta.fields_map.get(part)
        if not isinstance(field, RelationalField):
            is_path = isinstance(field, fields.JSONField) and at < len(parts) - 1
            return Type("text") if is_path else Type(_kind(field), field)
        model = field.related_model
    return Type()


def _function(function: Function, model: type[Model], annotations: Annotations) -> Type:
    if isinstance(function, Coalesce):
        return _alike("Coalesce", branches(function), model, annotations)
    argument = function.field
    found = column(argument, model, annotations) if isinstance(argument, str) else type_of(argument, model, annotations)
    taken = next((kinds for functions, kinds in _TAKES if isinstance(function, functions)), None)
    if taken and found.kind and (found.kind not in taken or _is_enum_sum(function, found)):
        kind = f"{found.kind}{' of an enum' * _is_enum_sum(function, found)}"
        message = f"{type(function).__name__}: it takes {' or '.join(sorted(taken))}, and no {kind}."
        raise FieldError(message)
    match function:
        case Max() | Min():
            return found
        case Sum():
            return Type(found.kind)
        case Count() | Length() | Avg():
            return Type("number")
        case Lower() | Upper() | Trim() | Concat():
            return Type("text")
    return Type()


def _is_enum_sum(function: Function, found: Type) -> bool:
    return isinstance(function, Sum | Avg) and hasattr(found.field, "enum_type")


def _alike(name: str, parts: Sequence[Any], model: type[Model], annotations: Annotations) -> Type:
    kinds = {type_of(each, model, annotations).kind for each in parts} - {None}
    if len(kinds) > 1:
        message = f"{name}: its values are of {' and '.join(sorted(map(str, kinds)))}: use one kind."
        raise FieldError(message)
    return Type(next(iter(kinds), None))


def constant_type(value: Any) -> Type:
    """What a value of Python is.

    Raises:
        FieldError: A database has none such: it is infinite or NaN, an integer of more than 64 bits, or no text of it.
    """
    plain = value.value if isinstance(value, Enum) else value
    if isinstance(plain, int | float | Decimal) and not is_of_both(plain):
        message = "A constant of an expression is no finite number of up to 64 bits."
        raise FieldError(message)
    if isinstance(plain, str) and not is_storable(plain):
        message = "A constant of an expression has U+0000 or a lone surrogate, which no column can hold."
        raise FieldError(message)
    return Type(next((kind for types, kind in _CONSTANTS if isinstance(plain, types)), None))


def is_of_both(number: Any) -> bool:
    """Whether the driver of each database takes the number."""
    return -(2**63) <= number < 2**63 if isinstance(number, int) else isfinite(number)


def _kind(field: Any) -> str | None:
    return next((kind for each, kind in COLUMN_KINDS if isinstance(field, each)), None)
