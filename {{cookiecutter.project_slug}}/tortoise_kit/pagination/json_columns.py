"""SQL for Postgres of a column's value as the JSON that Pydantic writes.

A value that the column's type does not allow is written as `UNREADABLE`. Then the rows are read again, as models, and
an error names the value's row. A text that contains `UNREADABLE` by chance only costs the second reading.

There is none for what Postgres writes in another way than Pydantic: a timedelta, binary, an array, a time of day, a
decimal of more than six places, which Python may write as 0E-7; nor for a field with its own conversion.
"""

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import JsonValue
from pydantic.fields import FieldInfo
from tortoise import fields
from tortoise.fields.data import JSON_LOADS, CharEnumFieldInstance, IntEnumFieldInstance
from tortoise.models import Model

from tortoise_kit.pagination.order import Key
from tortoise_kit.pagination.rows import key_alias
from tortoise_kit.sql.parsing import quoted, text

type Column = fields.Field[Any]

UNREADABLE = "tortoise_kit:unreadable"
MAX_PLACES = 6  # str() writes no exponent for a decimal of up to six places
# asyncpg stores the last and the first day that Python knows as infinity; it has no years but 1 to 9999.
DAY = (
    "CASE WHEN {0} = 'infinity' THEN '9999-12-31' WHEN {0} = '-infinity' THEN '0001-01-01' "
    "WHEN {0} < '0001-01-01' OR {0} > '9999-12-31' THEN '{1}' ELSE {0}::text END"
)
TIMESTAMP = (
    "CASE WHEN {0} = 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN {0} = '-infinity' THEN '0001-01-01T00:00:00Z' "
    "WHEN {0} < '0001-01-01T00:00:00Z' OR {0} >= '9999-12-31T24:00:00Z' THEN '{1}' ELSE "
    """replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') END"""
)
NUMBER = "CASE WHEN {0} IN ('Infinity', '-Infinity', 'NaN') THEN NULL ELSE {0} END"
DECIMAL = "CASE WHEN {0} = 'NaN' THEN '{1}' ELSE {0}::text END"
MEMBER = "CASE WHEN {0} IN ({2}) THEN to_json({0}) WHEN {0} IS NOT NULL THEN to_json('{1}'::text) END"
AS_IT_IS = "{0}"
WRITTEN: dict[type[Column], str] = {
    fields.DatetimeField: TIMESTAMP,
    fields.DateField: DAY,
    fields.DecimalField: DECIMAL,
    fields.FloatField: NUMBER,
    fields.BigIntField: AS_IT_IS,
    fields.BooleanField: AS_IT_IS,
    CharEnumFieldInstance: MEMBER,
    fields.CharField: AS_IT_IS,
    IntEnumFieldInstance: MEMBER,
    fields.IntField: AS_IT_IS,
    fields.JSONField: AS_IT_IS,
    fields.SmallIntField: AS_IT_IS,
    fields.TextField: AS_IT_IS,
    fields.UUIDField: AS_IT_IS,
}
JSON_TYPES = (Any, JsonValue, dict[str, Any], dict[str, JsonValue], list[Any], list[JsonValue], dict, list, type(None))


class UnsupportedError(Exception):
    """The schema has something that SQL cannot write as Pydantic does."""


def column_json(field: Column, column: str) -> str:
    """SQL of a column's value for JSON.

    Raises:
        UnsupportedError: Pydantic writes it in another way.
    """
    kind = next((each for each in type(field).__mro__ if each in WRITTEN), None)
    if kind is None or not _reads_as(field, kind):
        raise UnsupportedError
    return WRITTEN[kind].format(column, UNREADABLE, _members(field))


def _members(field: Column) -> str:
    """SQL of the values that an enum's column may have."""
    values = [member.value for member in getattr(field, "enum_type", ())]
    return ", ".join(text(value) if isinstance(value, str) else str(value) for value in values)


def _reads_as(field: Column, kind: type[Column]) -> bool:
    """Whether the field reads what is stored as a field of this kind does."""
    if isinstance(field, fields.DecimalField) and field.decimal_places > MAX_PLACES:
        return False
    if isinstance(field, fields.JSONField) and field.decoder is not JSON_LOADS:
        return False
    return type(field).to_python_value is kind.to_python_value and field.field_type == kind.field_type


def key_json(model: type[Model], key: Key, position: int) -> str:
    """As a client sees it, except decimals, which JSON's numbers would round, and floats that JSON does not have."""
    column = f'"r".{quoted(key_alias(position) if key.related else model._meta.fields_db_projection[key.name])}'
    match key.field:
        case fields.DecimalField():
            return f"{column}::text"
        case fields.DatetimeField() | fields.DateField():
            return column_json(key.field, column)
        case _:
            return column


def is_shown_as_it_is(field: Column, info: FieldInfo, annotation: Any) -> bool:
    """Whether a schema's member shows a column under its own name and as its own type; any JSON type fits JSON.

    Args:
        field: The column's field.
        info: The schema's member.
        annotation: What a schema of the model makes of the column.
    """
    if isinstance(field, fields.JSONField):
        return not info.metadata and all(part in JSON_TYPES for part in _union(info.annotation))
    return not info.metadata and info.annotation == annotation


def plucked_type(field: Column) -> Any:
    """The type of a column's values in a list of them.

    Raises:
        UnsupportedError: It is JSON, whose values have no order.
    """
    if isinstance(field, fields.JSONField):
        raise UnsupportedError
    kind = getattr(field, "enum_type", field.field_type)
    return kind | None if field.null else kind


def _union(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
