"""SQL for Postgres that returns a row as the JSON that Pydantic writes for a schema.

A schema has such SQL when all its members are columns of its model, or relations at any depth: other such schemas, or a
column of the related rows (`plucked`). It has none when it runs code (validators, serializers, computed members), hides
or renames a member, or has a column that `json_columns` cannot write. Then the rows are read as models.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeGuard, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from tortoise import fields
from tortoise.fields.relational import (
    BackwardFKRelation,
    ForeignKeyFieldInstance,
    ManyToManyFieldInstance,
    RelationalField,
)
from tortoise.manager import Manager
from tortoise.models import Model

from tortoise_kit.pagination.json_columns import (
    UnsupportedError,
    column_json,
    is_shown_as_it_is,
    key_json,
    plucked_type,
)
from tortoise_kit.pagination.order import Key, related_order
from tortoise_kit.schemas.models import Plucked, ReadSchema
from tortoise_kit.schemas.relations import is_to_many
from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted

NAME_MAX = 63  # bytes of a name in Postgres, which cuts longer ones
HARMLESS = {"title", "description", "json_schema_extra", "frozen", "protected_namespaces", "use_attribute_docstrings"}


@cache
def json_sql(schema: type[ReadSchema]) -> str | None:
    """SQL of the JSON of a row called `"r"`, or None if SQL cannot write it."""
    try:
        return _record(schema, "r", 0)
    except UnsupportedError:
        return None


@cache
def select_sql(schema: type[ReadSchema], keys: Sequence[Key]) -> str:
    """SELECT, up to FROM, of a row called `"r"`, for a schema that `json_sql` supports.

    It has the columns `item`, the row's JSON; `place`, a JSON array of its sort keys; and `pk`, its primary key.
    """
    model = schema.__model__
    place = ", ".join(key_json(model, key, at) for at, key in enumerate(keys))
    pk = quoted(model._meta.db_pk_column)
    item = json_sql(schema)  # pyright: ignore[reportArgumentType]  # a class is hashable, if its objects are not
    return f'SELECT {item}::text AS item, json_build_array({place})::text AS place, "r".{pk} AS pk'


def _record(schema: type[ReadSchema], row: str, depth: int) -> str:
    if _runs_code(schema):
        raise UnsupportedError
    members = [
        f"{_member(schema, name, info, row, depth)} AS {quoted(name)}" for name, info in schema.model_fields.items()
    ]
    # `item.*` is the whole row, also where it has a column called item.
    return f"(SELECT row_to_json(item.*) FROM (SELECT {', '.join(members)}) AS item)"  # noqa: S608  # names of models


def _runs_code(schema: type[ReadSchema]) -> bool:
    """Whether Pydantic does more than to read attributes and write them."""
    decorators = schema.__pydantic_decorators__
    decorated = any(getattr(decorators, kind) for kind in decorators.__dataclass_fields__)
    configured = schema.model_config.keys() - ReadSchema.model_config.keys() - HARMLESS
    return decorated or bool(configured) or schema.__pydantic_custom_init__ or bool(schema.__pydantic_post_init__)


def _is_renamed_or_hidden(name: str, info: FieldInfo) -> bool:
    """Whether Pydantic shows a member under another name, or not always; Postgres cannot write the longest names."""
    names = (info.alias, info.validation_alias, info.serialization_alias)
    renamed = any(each is not None and each != name for each in names)
    return renamed or bool(info.exclude) or info.exclude_if is not None or len(name.encode()) > NAME_MAX


def _member(schema: type[ReadSchema], name: str, info: FieldInfo, row: str, depth: int) -> str:
    meta = schema.__model__._meta
    column = meta.fields_db_projection.get(name)
    field = meta.fields_map.get(name)
    if _is_renamed_or_hidden(name, info):
        raise UnsupportedError
    if column and field and is_shown_as_it_is(field, info, schema.__columns__.get(name)):
        return column_json(field, f"{quoted(row)}.{quoted(column)}")
    if isinstance(field, RelationalField):
        return _relation(field, info, row, depth + 1)
    raise UnsupportedError


def _relation(relation: RelationalField[Any], info: FieldInfo, row: str, depth: int) -> str:
    model, own = relation.related_model, relation.model._meta
    if type(model._meta.manager) is not Manager or model._meta.default_connection != own.default_connection:
        raise UnsupportedError  # other rows than all, or rows of another database
    related = f"r{depth}"
    table = f"{qualified(model._meta.schema, model._meta.db_table)} AS {quoted(related)}"
    condition, joined = _join(relation, row, related)
    if not is_to_many(relation):
        return f"(SELECT {_one(relation, info, related, depth)} FROM {table}{joined} WHERE {condition})"  # noqa: S608
    shown, order = _many(model, info, related, depth)
    array = f"COALESCE(json_agg({shown} ORDER BY {order}), '[]')"
    return f"(SELECT {array} FROM {table}{joined} WHERE {condition})"  # noqa: S608  # as above


def _join(relation: RelationalField[Any], row: str, related: str) -> tuple[str, str]:
    """The condition of a relation's rows, and the join of a table between, if there is one; as Tortoise joins them."""
    model, own = relation.related_model, relation.model
    if isinstance(relation, ManyToManyFieldInstance):
        through, link = qualified(relation.through_schema, relation.through), f"{related}_link"
        key = _column(related, model._meta.db_pk_column)
        joined = f" JOIN {through} AS {quoted(link)} ON {_column(link, str(relation.forward_key))} = {key}"
        return f"{_column(link, relation.backward_key)} = {_column(row, own._meta.db_pk_column)}", joined
    target = relation.to_field_instance.model_field_name
    if isinstance(relation, BackwardFKRelation):
        column = own._meta.fields_db_projection[target]
        return f"{_column(related, relation.relation_source_field)} = {_column(row, column)}", ""
    if isinstance(relation, ForeignKeyFieldInstance) and relation.source_field:
        source = own._meta.fields_db_projection[relation.source_field]
        return f"{_column(related, model._meta.fields_db_projection[target])} = {_column(row, source)}", ""
    raise UnsupportedError


def _column(row: str, column: str) -> str:
    return f"{quoted(row)}.{quoted(column)}"


def _one(relation: RelationalField[Any], info: FieldInfo, related: str, depth: int) -> str:
    """SQL of a related row; a schema that cannot be null is Pydantic's to report where there may be no row."""
    kinds = {*get_args(info.annotation)} if type(None) in get_args(info.annotation) else {info.annotation}
    surely_one = isinstance(relation, ForeignKeyFieldInstance) and relation.db_constraint and not relation.null
    if type(None) not in kinds and not surely_one:
        raise UnsupportedError
    [kind, *others] = kinds - {type(None)}
    if others or info.metadata:
        raise UnsupportedError
    return _schema_record(kind, relation.related_model, related, depth)


def _many(model: type[Model], info: FieldInfo, related: str, depth: int) -> tuple[str, str]:
    """SQL of one of several related rows, and of what they are sorted by."""
    if get_origin(info.annotation) is not list:
        raise UnsupportedError
    [kind] = get_args(info.annotation)
    match info.metadata:
        case []:
            return _schema_record(kind, model, related, depth), _order(model, related)
        case [BeforeValidator(func=Plucked(column=name))]:
            return _plucked(model, kind, name, related)
    raise UnsupportedError


def _schema_record(kind: Any, model: type[Model], related: str, depth: int) -> str:
    if not _is_schema(kind) or kind.__model__ is not model:
        raise UnsupportedError
    return _record(kind, related, depth)


def _plucked(model: type[Model], kind: Any, name: str, related: str) -> tuple[str, str]:
    field = model._meta.fields_map[name]
    if kind != plucked_type(field):
        raise UnsupportedError
    column = _column(related, model._meta.fields_db_projection[name])
    by_code_point = ' COLLATE "C"' if isinstance(field, fields.CharField | fields.TextField) else ""
    return column_json(field, column), f"{column}{by_code_point}"


def _order(model: type[Model], related: str) -> str:
    columns = model._meta.fields_db_projection
    order = related_order(model)
    if any(name not in columns for name, _ in order):
        raise UnsupportedError  # a column of another table
    return ", ".join(f"{_column(related, columns[name])} {direction.value}" for name, direction in order)


def _is_schema(kind: object) -> TypeGuard[type[ReadSchema]]:
    return isinstance(kind, type) and issubclass(kind, ReadSchema) and hasattr(kind, "__model__")
