"""What fields make of values: those of their columns, or a ValidationError that names the column, not the value.

Tortoise cuts 3.5 to 3, takes "false" for true, 0 for 1970, and the number 5 for five bytes.
"""

import json
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from tortoise import fields
from tortoise.exceptions import FieldError, ValidationError
from tortoise.fields.base import Field
from tortoise.fields.data import JSON_DUMPS
from tortoise.models import Model

from tortoise_kit.schemas.column_limits import IntegerRange
from tortoise_kit.schemas.conversion import (
    CONVERTED,
    SUSPICIOUS,
    OutOfRange,
    converted,
    not_of,
    number,
    real,
    require_storable_json,
    rounded,
    whole,
)

UNROUNDED = 1_000  # digits before the point that Postgres' columns cannot have


def given(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that an object of the model is given by name, in the types of their columns.

    Raises:
        ValidationError: A value does not belong to its column.
    """
    fields_map = model._meta.fields_map
    return {name: given_value(fields_map.get(name), value) for name, value in values.items()}


def given_value(field: Any, value: Any) -> Any:
    """The same of one column."""
    if value is None:
        return None
    if hasattr(field, "enum_type"):
        return value if isinstance(value, field.enum_type) else _named(field, lambda: _member(field, value))
    if type(value) is getattr(field, "field_type", None):
        return value
    convert = next((each for kinds, each in _CONVERSIONS if isinstance(field, kinds)), None)
    return value if convert is None else _named(field, lambda: convert(field, value))


def to_db_of(field: Field[Any]) -> Callable[[Any, Any, Any], Any] | None:
    """What is to make a value that is sent of one that the field is given; None for what Tortoise makes of it."""
    if hasattr(field, "enum_type"):
        return _member_to_db
    kinds: tuple[tuple[Any, Callable[[Any, Any, Any], Any]], ...] = (
        (fields.DecimalField, _decimal_to_db),
        (fields.FloatField, _float_to_db),
        (fields.IntField, _integer_to_db),
        (fields.JSONField, _json_to_db),
        ((fields.CharField, fields.TextField), _text_to_db),
        (CONVERTED, _converted_to_db),
    )
    return next((to_db for kind, to_db in kinds if isinstance(field, kind)), None)


def _text_to_db(field: Field[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends; it would store "b'x'" for bytes."""
    if not isinstance(value, str | None):
        _named(field, lambda: _text(field, value))
    return type(field).to_db_value(field, value, instance)


def _text(field: Field[Any], value: Any) -> str:
    if not isinstance(value, str):
        raise not_of(field, value)
    return value


def _member_to_db(field: Any, value: Any, instance: Any) -> Any:
    if value is not None and not isinstance(value, field.enum_type):
        value = _named(field, lambda: _member(field, value))
    return type(field).to_db_value(field, value, instance)


def _member(field: Any, value: Any) -> Any:
    try:
        return field.enum_type(value)
    except ValueError as error:
        raise not_of(field, value) from error


def _converted_to_db(field: Field[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends, of a value that the column has a type for; a text is read as `to_python_value` reads it."""
    if value is not None:
        value = _named(field, lambda: converted(field, value))
    return type(field).to_db_value(field, value, instance)


def _integer_to_db(field: fields.IntField[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends; it would cut fractions off."""
    if not (value is None or isinstance(value, int)):
        value = _named(field, lambda: whole(value))
    return type(field).to_db_value(field, value, instance)


def _json_to_db(field: fields.JSONField[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends; SQLite would store what is no JSON, and what no text of Postgres can hold."""
    if isinstance(value, str | bytes):
        _named(field, lambda: _of_json(field, value))
    if isinstance(value, int | float) and not -(2**63) <= value < 2**63:
        _named(field, lambda: IntegerRange(-(2**63), 2**63 - 1)(value))  # SQLite takes the column for one of numbers
    try:
        if field.encoder is JSON_DUMPS and isinstance(value, dict | list):
            field.validate(value)
            text: Any = json.dumps(value, sort_keys=True, separators=(",", ":"))  # SQLite compares texts
        else:
            text = type(field).to_db_value(field, value, instance)
    except TypeError as error:
        message = f"{field.model_field_name}: a part of the value has no JSON."
        raise ValidationError(message) from error
    if isinstance(text, str) and any(mark in text for mark in SUSPICIOUS):
        _named(field, lambda: require_storable_json(value))
    return text


def _of_json(field: fields.JSONField[Any], value: Any) -> Any:
    try:
        return field.to_python_value(value)
    except FieldError as error:
        raise not_of(field, value) from error


def decimal_to_python(field: fields.DecimalField[Any], value: Any) -> Any:
    """The value of an object, rounded as it will be stored; what cannot be rounded is refused when it is stored."""
    if value is None:
        return None
    found = Decimal(value)
    if not found.is_finite() or found.adjusted() > UNROUNDED:
        return found
    return found.quantize(field.quant, ROUND_HALF_UP, Context(prec=2 * UNROUNDED))


def _decimal_to_db(field: fields.DecimalField[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends; a class comes with the value of a filter, which need not fit into the column."""
    if value is not None:
        is_filter = isinstance(instance, type)
        value = _named(
            field, lambda: number(value) if is_filter else rounded(value, field.max_digits, field.decimal_places)
        )
    return type(field).to_db_value(field, value, instance)


def _float_to_db(field: fields.FloatField[Any], value: Any, instance: Any) -> Any:
    """The same; SQLite would store NaN as NULL. Cursors compare with the NaN of another program on Postgres."""
    if not isinstance(value, int | float | None) or not (value is None or isinstance(instance, type)):
        value = _named(field, lambda: real(value))
    return type(field).to_db_value(field, value, instance)


def _named[Value](field: Field[Any], checked: Callable[[], Value]) -> Value:
    try:
        return checked()
    except OutOfRange as error:
        message = f"{field.model_field_name}: {error}"
        raise ValidationError(message) from error  # as `Field.validate` does


_CONVERSIONS: tuple[tuple[Any, Callable[[Any, Any], Any]], ...] = (
    (fields.IntField, lambda _, value: value if isinstance(value, int) else whole(value)),
    (fields.DecimalField, lambda _, value: number(value)),
    (fields.FloatField, lambda _, value: real(value)),
    (fields.JSONField, _of_json),
    ((fields.CharField, fields.TextField), _text),
    (CONVERTED, converted),
)
"""What makes a value of a column; Tortoise makes nothing of others."""
