"""The relations that a schema shows, at any depth: what must be read for a row, and whether it ends.

`relation_tree(OrderRead)` is `{"items": {"product": {}}}`. Columns of related rows (`plucked`) have no relations below.
"""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tortoise.exceptions import ConfigurationError
from tortoise.fields.relational import (
    BackwardFKRelation,
    BackwardOneToOneRelation,
    ManyToManyFieldInstance,
    RelationalField,
)
from tortoise.models import Model

from tortoise_kit.schemas.models import ReadSchema

DEPTH_MAX = 8  # relations below each other: each multiplies the rows of a response

type Tree = dict[str, "Tree"]


@cache
def relation_tree(schema: type[ReadSchema]) -> Tree:
    """The relations that a schema shows, each with those that are shown below it.

    Raises:
        ConfigurationError: It shows itself again, relations more than 8 levels deep, or one row as a list or a list as
            one row.
    """
    tree: Tree = {}
    _collect(tree, schema, schema.__model__, (schema.__name__,), (schema,))
    return tree


def check_schemas(annotation: Any) -> None:
    """Check the relations of every ReadSchema in an annotation, such as a route's response model.

    Raises:
        ConfigurationError: See `relation_tree`.
    """
    pending, seen = list(schemas_in(annotation)), set()
    while pending:
        schema = pending.pop()
        if schema in seen:
            continue
        seen.add(schema)
        if issubclass(schema, ReadSchema) and hasattr(schema, "__model__"):
            relation_tree(schema)  # pyright: ignore[reportArgumentType]  # a class is hashable, if its objects are not
        else:
            pending += [each for info in schema.model_fields.values() for each in schemas_in(info.annotation)]


def is_to_many(relation: RelationalField[Any]) -> bool:
    """Whether a row has several related rows."""
    reverse = isinstance(relation, BackwardFKRelation) and not isinstance(relation, BackwardOneToOneRelation)
    return reverse or isinstance(relation, ManyToManyFieldInstance)


def schemas_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The schemas in an annotation such as `list[ItemRead] | None`."""
    if isinstance(annotation, TypeAliasType):
        yield from schemas_in(annotation.__value__)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for part in get_args(annotation):
            yield from schemas_in(part)


def _collect(
    tree: Tree, schema: type[BaseModel], model: type[Model], path: tuple[str, ...], above: tuple[type[BaseModel], ...]
) -> None:
    for name, info in schema.model_fields.items():
        attribute = info.validation_alias if isinstance(info.validation_alias, str) else name
        relation = model._meta.fields_map.get(attribute)
        if not isinstance(relation, RelationalField):
            continue
        place = (*path, name)
        _require_fitting(relation, info, place)
        below = tree.setdefault(attribute, {})
        for each in schemas_in(info.annotation):
            _require_end(each, place, above)
            _collect(below, each, relation.related_model, place, (*above, each))


def _require_end(schema: type[BaseModel], path: tuple[str, ...], above: tuple[type[BaseModel], ...]) -> None:
    place = ".".join(path)
    if schema in above:
        message = f"{place} shows {schema.__name__} within itself, which has no end: derive another schema without it."
        raise ConfigurationError(message)
    if len(path) > DEPTH_MAX + 1:
        message = f"{place} is more than {DEPTH_MAX} relations deep: leave it out, and read it by a separate route."
        raise ConfigurationError(message)


def _require_fitting(relation: RelationalField[Any], info: FieldInfo, path: tuple[str, ...]) -> None:
    kinds = [kind for kind in _members(info.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    if info.metadata or not list(schemas_in(info.annotation)):
        return  # a validator may take anything
    if is_to_many(relation) == bool(kinds):
        right = f"list[{kinds[0].__name__}]" if kinds else "one schema, or None"
        message = f"{'.'.join(path)} is {'a list of rows' if kinds else 'at most one row'}: annotate it with {right}."
        raise ConfigurationError(message)


def _members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    if isinstance(annotation, TypeAliasType):
        return _members(annotation.__value__)
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(member for each in get_args(annotation) for member in _members(each))
    return (annotation,)
