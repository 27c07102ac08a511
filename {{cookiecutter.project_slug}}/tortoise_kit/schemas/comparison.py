"""The columns that schemas declare for type checkers, compared with those of their models."""

import inspect
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args, get_type_hints

from pydantic import MISSING
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.exceptions import ConfigurationError
from tortoise.fields.base import Field as Column

from tortoise_kit.schemas.columns import element_of, is_schema, python_type
from tortoise_kit.schemas.declarations import REQUIRED, Declaration
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema

type Schema = ReadSchema | CreateSchema | PatchSchema


class Mismatch(NamedTuple):
    """A column that a schema declares differently than the model; None is not at all."""

    schema: type[Schema]
    name: str
    declared: Declaration | None
    expected: Declaration | None

    def __str__(self) -> str:
        """The place, the name and the line that the model asks for."""
        place, model = f"{_place(self.schema)}: {self.schema.__name__}.{self.name}", self.schema.__model__.__name__
        is_here = f"`{self.name}: {self.declared}`"
        if self.expected is None:
            return f"{place}: {model} has no such column to show, and {is_here} is here."
        there = f"{model} has `{self.name}: {self.expected}`"
        return f"{place}: {there}, and {is_here if self.declared else 'no line for it'} is here."


def check_columns(modules: Iterable[ModuleType]) -> None:
    """Reject schemas that declare other columns than their models have; call it when the application is created.

    Args:
        modules: Modules with schemas, `schemas.py` of each feature.

    Raises:
        ConfigurationError: Some do; the message has a line for each column.
    """
    if found := [str(each) for module in modules for schema in schemas_of(module) for each in mismatches(schema)]:
        remedy = "Type checkers see other columns than there are: run `schemas write`, and review the difference."
        raise ConfigurationError("\n".join([*found, remedy]))


def schemas_of(module: ModuleType) -> list[type[Schema]]:
    """The schemas of models that a module defines, nested ones included."""
    found: list[Any] = []
    pending: list[Any] = [module]
    while pending:
        classes = [each for each in vars(pending.pop()).values() if isinstance(each, type)]
        own = dict.fromkeys(each for each in classes if each.__module__ == module.__name__ and each not in found)
        found += own
        pending += own
    return [each for each in found if "__model__" in vars(each)]


def mismatches(schema: type[Schema]) -> Iterator[Mismatch]:
    """The columns that a schema declares differently than its model has them."""
    declared, expected = _declared(schema), expected_columns(schema)
    for name in {**expected, **declared}:
        if declared.get(name) != expected.get(name):
            yield Mismatch(schema, name, declared.get(name), expected.get(name))


def expected_columns(schema: type[Schema]) -> dict[str, Declaration]:
    """What a schema should declare: the columns that it neither excludes nor has by hand, in the model's order."""
    columns, left_out = schema.__model__._meta.fields_map, schema.__declared__.exclude | schema.__declared__.by_hand
    return {name: _expected(schema, columns[name]) for name in schema.__shown__() if name not in left_out}


def _expected(schema: type[Schema], field: Column[Any]) -> Declaration:
    default = schema.__member__(field)[1]
    annotation = _for_checkers(field)
    if default is MISSING:
        return Declaration(annotation | MISSING | None if field.null else annotation | MISSING, MISSING)
    shown = {...: REQUIRED, None: None}.get(default, ...) if default is None or default is ... else ...
    return Declaration(annotation | None if field.null else annotation, shown)


def _declared(schema: type[Schema]) -> dict[str, Declaration]:
    columns = schema.__declared__.columns
    annotations = {name: declared.annotation for name, declared in columns.items()}
    holder = type("Annotated", (), {"__annotations__": annotations, "__module__": schema.__module__})
    with suppress(NameError):  # of what is imported for type checkers only: its text is compared
        annotations = get_type_hints(holder, include_extras=True)
    return {name: Declaration(annotations[name], declared.default) for name, declared in columns.items()}


def _for_checkers(field: Any) -> Any:
    """The type of a column's values that are not NULL."""
    match field:
        case fields.JSONField() if not is_schema(field.field_type):
            [kind] = get_args(getattr(field, "__orig_class__", None)) or (Any,)
            return kind
        case ArrayField():
            element = element_of(field)
            return list[_for_checkers(element) if element else Any]  # type: ignore[misc]  # known at run time only
    return python_type(field)


def _place(schema: type[Schema]) -> str:
    try:
        path, line = Path(inspect.getfile(schema)), inspect.getsourcelines(schema)[1]
    except (OSError, TypeError):
        return schema.__module__
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return f"{shown.as_posix()}:{line}"
