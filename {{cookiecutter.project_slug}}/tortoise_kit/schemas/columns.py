"""The type of each column: what a client may send for it, and how a response shows it.

What a client sends is held to what both databases can store, and to the validators of the field. A text column without
a length takes 10 000 characters from a client, unless a `MaxLengthValidator` allows more or less, and JSON and binary
have a limit too: a page shows a hundred of them. Timestamps and times need an offset, and are converted to UTC. Binary
is base64 (RFC 4648, section 4), both ways. JSON is an object or an array. Stored values are shown as they are, old ones
too that break a validator.
"""

import re
from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from functools import partial, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, GetCoreSchemaHandler, JsonValue
from pydantic_core import CoreSchema
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import Field as Column
from tortoise.models import Model
from tortoise.validators import MaxLengthValidator

from tortoise_kit.schemas.column_limits import ColumnLimit
from tortoise_kit.schemas.types import (
    FROM_BASE64,
    SENT_BASE64,
    TO_BASE64,
    Instant,
    time_in_utc,
    valid_decimal,
    valid_duration,
    valid_json,
    valid_text,
    without_negative_zero,
)
from tortoise_kit.schemas.validators import Constraints, checks_of, constraints_of, tighten

TEXT_LENGTH_MAX = 10_000  # characters: some four pages of a book
ELEMENT = re.compile(r"(?P<name>[A-Z ]+?)\s*(?:\((?P<size>\d+)(?:\s*,\s*(?P<places>\d+))?\))?")
ELEMENTS: dict[str, type[Column[Any]]] = {
    "BIGINT": fields.BigIntField,
    "BOOL": fields.BooleanField,
    "BOOLEAN": fields.BooleanField,
    "BYTEA": fields.BinaryField,
    "DATE": fields.DateField,
    "DOUBLE PRECISION": fields.FloatField,
    "INT": fields.IntField,
    "INTEGER": fields.IntField,
    "SMALLINT": fields.SmallIntField,
    "TEXT": fields.TextField,
    "TIMESTAMPTZ": fields.DatetimeField,
    "UUID": fields.UUIDField,
}


def input_type(column: Column[Any]) -> Any:
    """The annotation of what a client sends for a column, with None if it is nullable."""
    sent = _sent(column)
    return sent | None if column.null else sent


def output_type(column: Column[Any]) -> Any:
    """The annotation of how a response shows a column, with None if it is nullable."""
    shown = _shown(column)
    return shown | None if column.null else shown


class ColumnType:
    """The type of a column, for a member of another schema: see `column_type`."""

    def __init__(self, model: type[Model], name: str) -> None:
        self.column = model._meta.fields_map[name]

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The column's schema in place of the annotated type's."""
        return handler.generate_schema(_sent(self.column))


def column_type(model: type[Model], name: str) -> ColumnType:
    """Let a filter or a hand-written schema take what a column holds.

        Price = Annotated[Decimal, column_type(Product, "price")]

    Args:
        model: The model; its relations must be known if the column is a foreign key.
        name: The column's field, such as `price` or `category_id`.

    Raises:
        KeyError: The model has no such field.
    """
    return ColumnType(model, name)


def _sent(column: Column[Any]) -> Any:
    """What a client sends for a column, unless it sends null."""
    kind, constraints, checks = _type(column)
    for validator in column.validators:
        if limits := constraints_of(validator, kind):
            tighten(constraints, limits)
        elif not isinstance(validator, ColumnLimit):
            checks = [*checks, *checks_of(validator)]
    parts = [*([Field(**constraints)] if constraints else []), *checks]
    return Annotated[(kind, *parts)] if parts else kind


def _type(column: Any) -> tuple[Any, Constraints, list[Any]]:
    """The type, limits that validators may tighten, and what is checked after them."""
    kind = python_type(column)
    match column:
        case fields.IntField() if kind is int:
            return int, _integers(column), []
        case fields.CharField() if kind is str:
            return str, {"max_length": column.max_length}, [AfterValidator(valid_text)]
        case fields.TextField() if kind is str:
            has_length = any(isinstance(each, MaxLengthValidator) for each in column.validators)
            return str, {} if has_length else {"max_length": TEXT_LENGTH_MAX}, [AfterValidator(valid_text)]
        case fields.DecimalField():
            digits, places = column.max_digits, column.decimal_places
            limits = {"max_digits": digits, "decimal_places": places, "allow_inf_nan": False}
            return Decimal, limits, [AfterValidator(partial(valid_decimal, digits=digits, places=places))]
        case fields.FloatField():
            return float, {"allow_inf_nan": False}, [AfterValidator(without_negative_zero)]
    adapted = next((adapted for field, adapted in ADAPTED.items() if isinstance(column, field)), None)
    return (adapted(column) if adapted else kind), {}, []


def _integers(column: Any) -> Constraints:
    """The range of the column; a key that the database generates, and what refers to one, begins at 1."""
    limits = {name: column.constraints[name] for name in ("ge", "le")}
    key = column.reference.to_field_instance if column.reference else column
    return {**limits, "ge": 1} if key.pk and key.generated else limits


def _json(column: Any) -> Any:
    kind = column.field_type
    if is_schema(kind):
        return Annotated[kind, BeforeValidator(lambda value: value if isinstance(value, kind) else valid_json(value))]
    return Annotated[dict[str, JsonValue] | list[JsonValue], AfterValidator(valid_json)]


def _array(column: Any) -> Any:
    element = element_of(column)
    return list[_sent(element) if element else Any]  # type: ignore[misc]  # known at run time only


# Types that no constraint of Pydantic's narrows.
ADAPTED: dict[type[Column[Any]], Callable[[Any], Any]] = {
    fields.DatetimeField: lambda _: Instant,
    fields.TimeField: lambda _: Annotated[time, AfterValidator(time_in_utc)],
    fields.TimeDeltaField: lambda _: Annotated[timedelta, AfterValidator(valid_duration)],
    fields.BinaryField: lambda _: Annotated[bytes, FROM_BASE64, *SENT_BASE64],
    fields.JSONField: _json,
    ArrayField: _array,
}


def element_of(column: ArrayField) -> Column[Any] | None:
    """A column of the array's elements; None for a type that is not known here."""
    parts = ELEMENT.fullmatch(column.element_type)
    name, size = (parts["name"], parts["size"]) if parts else ("", None)
    if parts and size and name in {"VARCHAR", "CHARACTER VARYING"}:
        return fields.CharField(int(size))
    if parts and size and name in {"NUMERIC", "DECIMAL"}:
        return fields.DecimalField(int(size), int(parts["places"] or 0))
    return ELEMENTS[name]() if name in ELEMENTS and not size else None


def _shown(column: Any) -> Any:
    """How a response shows a column that is not NULL."""
    match column:
        case fields.BinaryField():
            return Annotated[bytes, *TO_BASE64]
        case fields.JSONField() if not is_schema(column.field_type):
            return Any
        case ArrayField():
            element = element_of(column)
            return list[_shown(element) if element else Any]  # type: ignore[misc]  # known at run time only
    return python_type(column)


def python_type(column: Any) -> Any:
    """The type of the field's values, or a union of several."""
    kinds = column.field_type if isinstance(column.field_type, tuple) else (column.field_type,)
    return getattr(column, "enum_type", None) or reduce(or_, kinds)


def is_schema(kind: object) -> bool:
    """Whether a JSON column holds objects of a Pydantic class."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)
