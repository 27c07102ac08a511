"""The type of each column: what a client may send for it, and how a response shows it.

What a client sends is held to what both databases can store, and to the validators of the field. Timestamps and times
need an offset, and are converted to UTC. Binary is base64 (RFC 4648, section 4), both ways. JSON is an object or an
array. Stored values are shown as they are, old ones too that break a validator.
"""

import re
from datetime import time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, GetCoreSchemaHandler, JsonValue
from pydantic_core import CoreSchema, PydanticCustomError
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.exceptions import ValidationError
from tortoise.fields.base import Field as Column
from tortoise.models import Model
from tortoise.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
)

from tortoise_kit.schemas.limits import ColumnLimit
from tortoise_kit.schemas.types import (
    FROM_BASE64,
    TO_BASE64,
    Instant,
    time_in_utc,
    valid_decimal,
    valid_duration,
    valid_json,
    valid_text,
    without_negative_zero,
)

type Constraints = dict[str, Any]

ARRAY_OF = re.compile(r"(?P<name>[A-Z ]+?)\s*(?:\((?P<size>\d+)(?:\s*,\s*(?P<places>\d+))?\))?")
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
NOT_ECMA = re.compile(r"\(\?(?![:=!])|\\[AZaz]")


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
    """Let a filter or a hand-written schema take what a column holds: `Annotated[Decimal, column_type(Product, "price")]`.

    Args:
        model: The model; its relations must be known if the column is a foreign key.
        name: The column's field, such as `price` or `category_id`.

    Raises:
        KeyError: The model has no such field.
    """
    return ColumnType(model, name)


def _sent(column: Column[Any]) -> Any:
    """What a client sends for a column, unless it sends null."""
    kind, constraints, checks = _kind(column)
    for validator in column.validators:
        if limits := _constraints(column, validator):
            _tighten(constraints, limits)
        elif not isinstance(validator, ColumnLimit):
            checks = [*checks, *_checks(validator)]
    parts = [*([Field(**constraints)] if constraints else []), *checks]
    return Annotated[(kind, *parts)] if parts else kind


def _kind(column: Column[Any]) -> tuple[Any, Constraints, list[Any]]:
    """The type, limits that validators may tighten, and what is checked after them."""
    if (enum := getattr(column, "enum_type", None)) is not None:
        return enum, {}, []
    match column:
        case fields.IntField() if column.field_type is int:
            return int, _integers(column), []
        case fields.CharField() if column.field_type is str:
            return str, {"max_length": column.max_length}, [AfterValidator(valid_text)]
        case fields.TextField() if column.field_type is str:
            return str, {}, [AfterValidator(valid_text)]
        case fields.DecimalField():
            digits, places = column.max_digits, column.decimal_places
            limits = {"max_digits": digits, "decimal_places": places, "allow_inf_nan": False}
            return Decimal, limits, [AfterValidator(partial(valid_decimal, digits=digits, places=places))]
        case fields.FloatField():
            return float, {"allow_inf_nan": False}, [AfterValidator(without_negative_zero)]
        case _:
            return _other_kind(column), {}, []


def _other_kind(column: Column[Any]) -> Any:
    """The types that no constraint of Pydantic's narrows."""
    match column:
        case fields.DatetimeField():
            return Instant
        case fields.TimeField():
            return Annotated[time, AfterValidator(time_in_utc)]
        case fields.TimeDeltaField():
            return Annotated[timedelta, AfterValidator(valid_duration)]
        case fields.BinaryField():
            return Annotated[bytes, FROM_BASE64, *TO_BASE64]
        case fields.JSONField():
            return _json(column)
        case ArrayField():
            element = _element(column)
            return list[_sent(element) if element else Any]  # type: ignore[misc]  # known at run time only
        case _:
            return _plain(column)


def _integers(column: Column[Any]) -> Constraints:
    """The range of the column; a key that the database generates, and what refers to one, begins at 1."""
    limits = {name: column.constraints[name] for name in ("ge", "le")}
    reference: Any = column.reference
    key = reference.to_field_instance if reference else column
    return {**limits, "ge": 1} if key.pk and key.generated else limits


def _json(column: Column[Any]) -> Any:
    kind = column.field_type
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Annotated[kind, BeforeValidator(lambda value: value if isinstance(value, kind) else valid_json(value))]
    return Annotated[dict[str, JsonValue] | list[JsonValue], AfterValidator(valid_json)]


def _element(column: ArrayField) -> Column[Any] | None:
    """A column of the array's elements; None for a type that is not known here."""
    parts = ARRAY_OF.fullmatch(column.element_type)
    if parts is None:
        return None
    if parts["name"] in {"VARCHAR", "CHARACTER VARYING"} and parts["size"]:
        return fields.CharField(int(parts["size"]))
    if parts["name"] in {"NUMERIC", "DECIMAL"} and parts["size"]:
        return fields.DecimalField(int(parts["size"]), int(parts["places"] or 0))
    kind = ELEMENTS.get(parts["name"])
    return kind() if kind and not parts["size"] else None


def _plain(column: Column[Any]) -> Any:
    """The Python type, or types, of the field."""
    kinds = column.field_type if isinstance(column.field_type, tuple) else (column.field_type,)
    whole = kinds[0]
    for kind in kinds[1:]:
        whole = whole | kind
    return whole


def _shown(column: Column[Any]) -> Any:
    if (enum := getattr(column, "enum_type", None)) is not None:
        return enum
    match column:
        case fields.BinaryField():
            return Annotated[bytes, *TO_BASE64]
        case fields.JSONField():
            kind = column.field_type
            return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else Any
        case ArrayField():
            element = _element(column)
            return list[_shown(element) if element else Any]  # type: ignore[misc]  # known at run time only
        case _:
            return _plain(column)


# --- validators


def _constraints(column: Column[Any], validator: Any) -> Constraints:
    """A validator as constraints that OpenAPI has a word for; empty if it has none."""
    kind = None if hasattr(column, "enum_type") else column.field_type
    match validator:
        case MinValueValidator() if kind in {int, float, Decimal}:
            return {"ge": _number(kind, validator.min_value)}
        case MaxValueValidator() if kind in {int, float, Decimal}:
            return {"le": _number(kind, validator.max_value)}
        case MinLengthValidator() if kind is str:
            return {"min_length": validator.min_length}
        case MaxLengthValidator() if kind is str:
            return {"max_length": validator.max_length}
    return {}


def _number(kind: Any, limit: Any) -> Any:
    return Decimal(str(limit)) if kind is Decimal else limit


def _tighten(constraints: Constraints, limits: Constraints) -> None:
    for name, limit in limits.items():
        narrower = max if name in {"ge", "min_length"} else min
        constraints[name] = narrower(constraints.get(name, limit), limit)


def _checks(validator: Any) -> list[Any]:
    """A validator as one of Pydantic's, which neither repeats the value nor lets an error of its code pass."""
    message = "The value breaks a rule of this field"
    schema: Any = None
    if isinstance(regex := getattr(validator, "regex", None), re.Pattern):
        message = "The text has not the form that this field requires"
    if isinstance(validator, RegexValidator) and not (regex.flags & ~re.UNICODE or NOT_ECMA.search(regex.pattern)):
        schema = Field(json_schema_extra={"pattern": f"^(?:{regex.pattern})"})  # it matches at the beginning

    def check(value: Any) -> Any:
        try:
            validator(value.value if isinstance(value, Enum) else value)
        except (ValidationError, ValueError, TypeError, AssertionError):
            kind = "column_validator"
            raise PydanticCustomError(kind, message) from None  # the cause would show the value
        return value

    return [AfterValidator(check), *([schema] if schema else [])]
