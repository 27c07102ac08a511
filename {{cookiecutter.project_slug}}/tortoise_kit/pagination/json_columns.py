"""SQL for Postgres that returns a row as the JSON that Pydantic writes for a schema.

A schema has such SQL when all its members are columns of its model, or relations one level deep: other such schemas,
or a column of the related rows (`plucked`). It has none when it runs code (serializers, computed members), or has what
Postgres writes in another way than Pydantic: a timedelta, binary, a decimal of more than six places, which Python may
write as 0E-7. Then the rows are read as models.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeGuard, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    PlainValidator,
    WrapSerializer,
    WrapValidator,
)
from pydantic.fields import FieldInfo
from tortoise import fields
from tortoise.fields.relational import (
    BackwardFKRelation,
    BackwardOneToOneRelation,
    ForeignKeyFieldInstance,
    ManyToManyFieldInstance,
    RelationalField,
)
from tortoise.models import Model

from tortoise_kit.pagination.order import Key
from tortoise_kit.pagination.rows import key_alias
from tortoise_kit.schemas.models import Plucked, ReadSchema
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted

MAX_PLACES = 6  # str() writes no exponent for a decimal of up to six places
# asyncpg stores the last and the first day that Python knows as infinity.
DAY = "CASE {0} WHEN 'infinity' THEN '9999-12-31' WHEN '-infinity' THEN '0001-01-01' ELSE {0}::text END"
TIMESTAMP = (
    "CASE {0} WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' WHEN '-infinity' THEN '0001-01-01T00:00:00Z' ELSE "
    """replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') END"""
)
NUMBER = "CASE WHEN {0} IN ('Infinity', '-Infinity', 'NaN') THEN NULL ELSE {0} END"
CODE = (AfterValidator, BeforeValidator, PlainSerializer, PlainValidator, WrapSerializer, WrapValidator)
AS_IT_IS = (
    fields.BigIntField,
    fields.BooleanField,
    fields.CharField,
    fields.IntField,
    fields.JSONField,
    fields.SmallIntField,
    fields.TextField,
    fields.UUIDField,
)


class UnsupportedError(Exception):
    """The schema has something that SQL cannot write as Pydantic does."""


@cache
def json_sql(schema: type[ReadSchema]) -> str | None:
    """SQL of the JSON of a row called `"r"`, or None if SQL cannot write it."""
    try:
        return _record(schema, "r")
    except UnsupportedError:
        return None


@cache
def select_sql(schema: type[ReadSchema], keys: Sequence[Key]) -> str:
    """SELECT, up to FROM, of a row called `"r"`, for a schema that `json_sql` supports.

    It has the columns `item`, the row's JSON; `place`, a JSON array of its sort keys; and `pk`, its primary key.
    """
    model = schema.__model__
    place = ", ".join(_key_json(model, key, at) for at, key in enumerate(keys))
    pk = quoted(model._meta.db_pk_column)
    return f'SELECT {_record(schema, "r")}::text AS item, json_build_array({place})::text AS place, "r".{pk} AS pk'


def _key_json(model: type[Model], key: Key, position: int) -> str:
    """As a client sees it, except decimals, which JSON's numbers would round, and floats that JSON does not have."""
    column = f'"r".{quoted(key_alias(position) if key.related else model._meta.fields_db_projection[key.name])}'
    match key.field:
        case fields.DecimalField():
            return f"{column}::text"
        case fields.DatetimeField() | fields.DateField():
            return column_json(key.field, column)
        case _:
            return column


def _record(schema: type[ReadSchema], row: str) -> str:
    decorators = schema.__pydantic_decorators__
    if schema.model_computed_fields or decorators.field_serializers or decorators.model_serializers:
        raise UnsupportedError
    members = [f"{_member(schema, name, info, row)} AS {quoted(name)}" for name, info in schema.model_fields.items()]
    return f"(SELECT row_to_json(item) FROM (SELECT {', '.join(members)}) AS item)"  # noqa: S608  # names of models


def _member(schema: type[ReadSchema], name: str, info: FieldInfo, row: str) -> str:
    meta = schema.__model__._meta
    column = meta.fields_db_projection.get(name)
    relation = meta.fields_map.get(name)
    if info.serialization_alias not in {None, name}:
        raise UnsupportedError
    if column and _is_shown_as_it_is(schema, name, info):
        return column_json(meta.fields_map[name], f"{quoted(row)}.{quoted(column)}")
    if isinstance(relation, RelationalField) and row == "r":
        return _relation(relation, info)
    raise UnsupportedError


def _is_shown_as_it_is(schema: type[ReadSchema], name: str, info: FieldInfo) -> bool:
    field = schema.__model__._meta.fields_map[name]
    same = isinstance(field, fields.JSONField) or info.annotation == schema.__columns__.get(name)
    return same and not any(isinstance(each, CODE) for each in info.metadata)


def column_json(field: fields.Field[Any], column: str) -> str:
    """SQL of a column's value for JSON.

    Raises:
        UnsupportedError: Pydantic writes it in another way.
    """
    if isinstance(field, fields.DatetimeField):
        return TIMESTAMP.format(column)
    if isinstance(field, fields.DateField):
        return DAY.format(column)
    if isinstance(field, fields.DecimalField) and field.decimal_places <= MAX_PLACES:
        return f"{column}::text"
    if isinstance(field, fields.FloatField):
        return NUMBER.format(column)
    if isinstance(field, AS_IT_IS):
        return column
    raise UnsupportedError


def _relation(relation: RelationalField[Any], info: FieldInfo) -> str:
    model = relation.related_model
    shown, sorted_by = _shown(model, info)
    table = f'{qualified(model._meta.schema, model._meta.db_table)} AS "c"'
    key = quoted(model._meta.db_pk_column)
    if isinstance(relation, ManyToManyFieldInstance):
        through = qualified(relation.through_schema, relation.through)
        joined = f'{table} JOIN {through} AS "t" ON "t".{quoted(relation.forward_key)} = "c".{key}'
        return _many(shown, sorted_by, joined, f'"t".{quoted(relation.backward_key)} = {_own_key(relation)}')
    if isinstance(relation, BackwardFKRelation) and not isinstance(relation, BackwardOneToOneRelation):
        return _many(shown, sorted_by, table, f'"c".{quoted(relation.relation_source_field)} = {_own_key(relation)}')
    if isinstance(relation, ForeignKeyFieldInstance) and relation.source_field:
        source = relation.model._meta.fields_db_projection[relation.source_field]
        return f'(SELECT {shown} FROM {table} WHERE "c".{key} = "r".{quoted(source)})'  # noqa: S608
    raise UnsupportedError


def _many(shown: str, sorted_by: str, tables: str, condition: str) -> str:
    return f"(SELECT COALESCE(json_agg({shown} ORDER BY {sorted_by}), '[]') FROM {tables} WHERE {condition})"  # noqa: S608


def _own_key(relation: RelationalField[Any]) -> str:
    return f'"r".{quoted(relation.model._meta.db_pk_column)}'


def _shown(model: type[Model], info: FieldInfo) -> tuple[str, str]:
    """SQL of a related row `"c"`, and of what the rows are sorted by."""
    for each in info.metadata:
        if isinstance(each, BeforeValidator) and isinstance(each.func, Plucked):
            field = model._meta.fields_map[each.func.column]
            column = f'"c".{quoted(model._meta.fields_db_projection[each.func.column])}'
            by_code_point = ' COLLATE "C"' if isinstance(field, fields.CharField | fields.TextField) else ""
            return column_json(field, column), column + by_code_point
    kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if _is_schema(kind)]
    if len(kinds) != 1 or info.metadata:
        raise UnsupportedError
    return _record(kinds[0], "c"), f'"c".{quoted(model._meta.db_pk_column)}'


def _is_schema(kind: object) -> TypeGuard[type[ReadSchema]]:
    return isinstance(kind, type) and issubclass(kind, ReadSchema)
