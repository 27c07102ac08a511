"""What a column can hold, checked before a value is sent, so that SQLite refuses what Postgres refuses.

SQLite stores any integer in an INT, any text in a VARCHAR(10) and any number in a DECIMAL(12,2). `hold_to_columns` adds
these limits to the fields of models, whichever way their rows are written:

    values           the fields' own conversion checks them, and rounds decimals half away from zero, as Postgres does
    expressions      `update(stock=F("stock") + 1)` is checked by SQLite itself, row by row, in a function of the engine
    SQL by hand      is not checked on SQLite
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from typing import Any

from tortoise import fields
from tortoise.exceptions import ValidationError
from tortoise.fields.base import Field
from tortoise.filters import int_encoder, string_encoder
from tortoise.models import Model

from tortoise_kit.schemas.column_limits import ColumnLimit, IntegerRange, StorableText
from tortoise_kit.schemas.conversion import (
    CONVERTED,
    SUSPICIOUS,
    OutOfRange,
    converted,
    require_number,
    require_storable_json,
    rounded,
    whole,
)
from tortoise_kit.schemas.guards import guard_of
from tortoise_kit.schemas.sqlite_functions import DATE_PARTS
from tortoise_kit.upstream.pypika import guard_updates, never_null

UNROUNDED = 1_000  # digits before the point that Postgres' columns cannot have


def hold_to_columns(model: type[Model]) -> None:
    """Let the model's fields refuse what their columns cannot hold; again after each initialisation of Tortoise.

    A value raises ValidationError, which names the field; an expression on SQLite OperationalError, as on Postgres.
    """
    guards = {}
    columns = model._meta.fields_db_projection
    fields_map = model._meta.fields_map
    doubles = {column for name, column in columns.items() if isinstance(fields_map[name], fields.FloatField)}
    for name, column in columns.items():
        field = fields_map[name]
        # Of these objects, since a validator changes no value.
        if (to_db := _to_db(field)) is not None:
            field.to_db_value = partial(to_db, field)  # type: ignore[method-assign]
        if isinstance(field, fields.DecimalField):
            field.to_python_value = partial(_decimal_to_python, field)  # type: ignore[method-assign]
        if (limit := _limit(field)) and not any(isinstance(each, ColumnLimit) for each in field.validators):
            field.validators.append(limit)
        if guard := guard_of(field, doubles):
            guards[column] = guard
    guard_updates(model._meta.basetable, guards)
    never_null(model._meta.basetable, [column for name, column in columns.items() if not fields_map[name].null])
    for name, found in model._meta.filters.items():
        if any(name.endswith(f"__{part}") for part in DATE_PARTS):  # such as `at__year`, whose value is no timestamp
            model._meta.filters[name] = {**found, "value_encoder": int_encoder}
        elif found.get("value_encoder") is string_encoder:
            model._meta.filters[name] = {**found, "value_encoder": partial(_text_of_filter, name)}


def _to_db(field: Field[Any]) -> Callable[[Any, Any, Any], Any] | None:
    if hasattr(field, "enum_type"):
        return None  # it takes only its members
    kinds: tuple[tuple[Any, Callable[[Any, Any, Any], Any]], ...] = (
        (fields.DecimalField, _decimal_to_db),
        (fields.FloatField, _float_to_db),
        (fields.IntField, _integer_to_db),
        (fields.JSONField, _json_to_db),
        (CONVERTED, _converted_to_db),
    )
    return next((to_db for kind, to_db in kinds if isinstance(field, kind)), None)


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
    text = type(field).to_db_value(field, value, instance)
    if isinstance(text, str) and any(mark in text for mark in SUSPICIOUS):
        _named(field, lambda: require_storable_json(value))
    return text


def _text_of_filter(name: str, value: Any, _instance: Any, _field: Field[Any]) -> str:
    """A text to search for; SQLite would search for what is before U+0000."""
    text = str(value)
    try:
        StorableText()(text)
    except OutOfRange as error:
        message = f"{name}: {error}"
        raise ValidationError(message) from error
    return text


def _limit(field: Field[Any]) -> ColumnLimit | None:
    if hasattr(field, "enum_type"):
        return None  # its members are its limit
    match field:
        case fields.IntField():
            return IntegerRange(field.constraints["ge"], field.constraints["le"])
        case fields.TimeDeltaField():
            return IntegerRange(-(2**63), 2**63 - 1)
        case fields.CharField() | fields.TextField():
            return StorableText()
    return None


def _decimal_to_python(field: fields.DecimalField[Any], value: Any) -> Any:
    """The value of an object, rounded as it will be stored; what cannot be rounded is refused when it is stored."""
    if value is None:
        return None
    number = Decimal(value)
    if not number.is_finite() or number.adjusted() > UNROUNDED:
        return number
    return number.quantize(field.quant, ROUND_HALF_UP, Context(prec=2 * UNROUNDED))


def _decimal_to_db(field: fields.DecimalField[Any], value: Any, instance: Any) -> Any:
    """What Tortoise sends; a class comes with the value of a filter, which need not fit into the column."""
    if value is not None and not isinstance(instance, type):
        value = _named(field, lambda: rounded(value, field.max_digits, field.decimal_places))
    elif isinstance(value, Decimal):
        _named(field, lambda: require_number(value))
    elif isinstance(value, float):
        value = Decimal(str(value))  # as it is written, and not as it is in binary
    return type(field).to_db_value(field, value, instance)


def _float_to_db(field: fields.FloatField[Any], value: Any, instance: Any) -> Any:
    """The same; SQLite would store NaN as NULL. Cursors compare with the NaN of another program on Postgres."""
    if isinstance(value, str) or not (value is None or isinstance(instance, type)):
        _named(field, lambda: require_number(float(value)))
    return type(field).to_db_value(field, value, instance)


def _named[Value](field: Field[Any], checked: Callable[[], Value]) -> Value:
    try:
        return checked()
    except OutOfRange as error:
        message = f"{field.model_field_name}: {error}"
        raise ValidationError(message) from error  # as `Field.validate` does
