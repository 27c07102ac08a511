"""What an UPDATE may store in a column by an expression: its own kind of values, and constants that it can hold."""

from typing import Any

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import ValueWrapper
from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.expressions import Case
from tortoise.fields.relational import RelationalField
from tortoise.functions import Coalesce
from tortoise.models import Model

from tortoise_kit.schemas.expression_types import Annotations, column, constant_type, type_of
from tortoise_kit.schemas.field_values import given
from tortoise_kit.schemas.filter_values import MICROSECOND, require_kind
from tortoise_kit.upstream.expressions import branches, is_constant, with_branches
from tortoise_kit.upstream.tortoise import write_connection

_CONVERTED = {"timestamp": "date", "date": "timestamp"}
"""Kinds that both databases convert when they store them."""


def assigned(name: str, expression: Any, model: type[Model], annotations: Annotations) -> Any:
    """The expression, with constants as the column has them.

    Raises:
        FieldError: It is of another kind than the column.
        ValidationError: The column cannot hold one of its constants.
    """
    field: Any = model._meta.fields_map.get(name)
    if field is None or isinstance(field, RelationalField):
        return expression  # upstream's errors
    if isinstance(expression, Case | Coalesce):
        return _with_constants(name, expression, model, annotations)
    found, expected = type_of(expression, model, annotations), column(name, model, {})
    require_kind(f"{model.__name__}.{name}", found, expected, _CONVERTED.get(str(expected.kind), ""))
    enum = getattr(field, "enum_type", None)
    if enum and found.kind and getattr(found.field, "enum_type", None) is not enum:
        message = f"{model.__name__}.{name} has members of {enum.__name__}, and the expression may have others."
        raise FieldError(message)
    return expression


def _with_constants(name: str, expression: Any, model: type[Model], annotations: Annotations) -> Any:
    parts = branches(expression)
    if all(each is None for each in parts):  # which has no type of SQL
        message = f"{model.__name__}.{name}: each value of the {type(expression).__name__} is None: assign None."
        raise FieldError(message)
    return with_branches(
        expression,
        [
            _constant(name, each, model) if is_constant(each) else assigned(name, each, model, annotations)
            for each in parts
        ],
    )


def _constant(name: str, value: Any, model: type[Model]) -> Any:
    """The value as Python has it, since its type is written next to it."""
    if value is None:
        return None
    constant_type(value)
    field = model._meta.fields_map[name]
    text = field.to_db_value(value, None)  # type: ignore[arg-type]  # as upstream does
    if isinstance(field, fields.JSONField):
        dialect = write_connection(model).capabilities.dialect
        return Cast(ValueWrapper(text), "JSONB") if dialect == "postgres" else ValueWrapper(text)
    found: Any = given(model, {name: value})[name]
    if isinstance(field, fields.TimeDeltaField):
        return found // MICROSECOND
    return int(found) if isinstance(found, bool) and isinstance(field, fields.IntField) else found
