"""What models say to type checkers of keys and relations, which Tortoise does not read, compared with their fields."""

import sys
from collections.abc import Iterable, Iterator
from inspect import get_annotations
from typing import Any, get_args, get_origin, get_type_hints

from tortoise.fields import (
    ForeignKeyNullableRelation,
    ForeignKeyRelation,
    ManyToManyRelation,
    OneToOneNullableRelation,
    OneToOneRelation,
    ReverseRelation,
)
from tortoise.fields.relational import (
    BackwardFKRelation,
    BackwardOneToOneRelation,
    ForeignKeyFieldInstance,
    ManyToManyFieldInstance,
    OneToOneFieldInstance,
    RelationalField,
)
from tortoise.models import Model

NAMES: dict[Any, str] = {
    ForeignKeyNullableRelation: "ForeignKeyNullableRelation",
    ForeignKeyRelation: "ForeignKeyRelation",
    ManyToManyRelation: "ManyToManyRelation",
    OneToOneNullableRelation: "OneToOneNullableRelation",
    OneToOneRelation: "OneToOneRelation",
    ReverseRelation: "ReverseRelation",
}
RELATIONS = (ForeignKeyFieldInstance, ManyToManyRelation, ReverseRelation)


def wrong_annotations(models: Iterable[type[Model]]) -> list[str]:
    """The annotations of keys and relations that their fields contradict, or that are missing; each with the remedy.

    A reverse relation need not be annotated if it comes from another module: a feature may not import a later one.
    """
    every = list(models)
    names = {model.__name__: model for model in every}
    return [found for model in every for found in _wrong(model, _annotations(model, names))]


def _wrong(model: type[Model], annotations: dict[str, Any]) -> Iterator[str]:
    place, columns = f"{model.__module__}.{model.__name__}", model._meta.fields_map
    for name, field in columns.items():
        if expected := _expected(field):
            annotation, text = expected
            if name in annotations and annotations[name] != annotation:
                yield f"{place}.{name}: annotate it with `{text}`"
            elif name not in annotations and not _is_foreign(model, field):
                yield f"{place}.{name}: add `{name}: {text}`"
    for name, annotation in annotations.items():
        if name not in columns and any(_origin(each) in RELATIONS for each in (annotation, *get_args(annotation))):
            yield f"{place}.{name}: {model.__name__} has no such relation; remove the line"


def _expected(field: Any) -> tuple[Any, str] | None:
    """The annotation of a relation, or of the column of one; None of other columns, which checkers infer."""
    if isinstance(field, RelationalField):
        kind = _kind(field)
        return kind[field.related_model], f'fields.{NAMES[kind]}["{field.related_model.__name__}"]'
    if field.reference is None:
        return None
    key = field.reference.to_field_instance.field_type
    return (key | None, f"{key.__name__} | None") if field.null else (key, key.__name__)


def _kind(field: RelationalField[Any]) -> Any:
    match field:
        case BackwardOneToOneRelation():
            return OneToOneNullableRelation
        case BackwardFKRelation():
            return ReverseRelation
        case ManyToManyFieldInstance():
            return ManyToManyRelation
        case OneToOneFieldInstance():
            return OneToOneNullableRelation if field.null else OneToOneRelation
    return ForeignKeyNullableRelation if field.null else ForeignKeyRelation


def _is_foreign(model: type[Model], field: Any) -> bool:
    generated = isinstance(field, BackwardFKRelation) or getattr(field, "_generated", False)
    return generated and field.related_model.__module__ != model.__module__


def _origin(annotation: Any) -> Any:
    return get_origin(annotation) or annotation


def _annotations(model: type[Model], names: dict[str, type[Model]]) -> dict[str, Any]:
    """The evaluated annotations of a model and its abstract bases; what only type checkers import is found by name."""
    found: dict[str, Any] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, Model) and each is not Model:
            holder = type("Annotated", (), {"__annotations__": get_annotations(each), "__module__": each.__module__})
            found |= get_type_hints(holder, vars(sys.modules[each.__module__]), names)
    return found
