"""The columns that the class of a schema declares, for type checkers and editors.

    class ProductPatch(PatchSchema, model=Product):
        name: str | MISSING = column(default=MISSING)

The types, limits and defaults that hold are those of the model. These lines repeat the types in a form that checkers
read: `schemas write` writes them, and `check_columns` compares them with the model.
"""

import sys
from collections.abc import Callable, Collection
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import MISSING
from tortoise.exceptions import ConfigurationError

REQUIRED = object()  # the default of what has none
LAST = (MISSING, NoneType)  # in a union, as ruff sorts None


class Marker(NamedTuple):
    """What `column` leaves in the body of a class."""

    default: Any


class Declaration(NamedTuple):
    """A column as type checkers see it; the default `...` is the model's own."""

    annotation: Any
    default: Any

    def __str__(self) -> str:
        """What follows the column's name in its line."""
        return f"{annotation_text(self.annotation)} = {default_text(self.default)}"


class Declarations(NamedTuple):
    """What the body of a class declares: columns, the names of what is written by hand, and what it excludes."""

    columns: dict[str, Declaration]
    by_hand: frozenset[str]
    exclude: frozenset[str]


def column(*, default: Any = REQUIRED) -> Any:
    """Declare a column of the model in the class of a schema; `schemas write` writes these lines.

    Args:
        default: For type checkers: without it the constructor needs a value; `...` is the default of the model.
    """
    return Marker(default)


def take_declarations(namespace: dict[str, Any], exclude: Collection[str]) -> Declarations:
    """Remove the lines of columns from the body of a class, and return what they declared."""
    defaults = {name: value.default for name, value in namespace.items() if isinstance(value, Marker)}
    annotations = _annotations(namespace, defaults)
    for name in defaults:
        del namespace[name]
    columns = {name: Declaration(annotations.pop(name, None), default) for name, default in defaults.items()}
    return Declarations(columns, frozenset(annotations), frozenset(exclude))


def _annotations(namespace: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The annotations of a class body; the class will not have those that are hidden."""
    if sys.version_info >= (3, 14) and "__annotations__" not in namespace:
        import annotationlib  # noqa: PLC0415 -- new in 3.14

        annotate = annotationlib.get_annotate_from_class_namespace(namespace)
        if annotate is None:
            return {}

        def without_hidden(form: annotationlib.Format) -> dict[str, Any]:
            found = annotationlib.call_annotate_function(annotate, form)
            return {name: value for name, value in found.items() if name not in hidden}

        namespace["__annotate_func__"] = without_hidden
        return dict(annotationlib.call_annotate_function(annotate, annotationlib.Format.FORWARDREF))
    annotations = namespace.get("__annotations__", {})
    namespace["__annotations__"] = {name: value for name, value in annotations.items() if name not in hidden}
    return dict(annotations)


def require_no_columns(schema: str, declared: Declarations) -> None:
    """Reject a class that declares columns and has no model.

    Raises:
        ConfigurationError: It does.
    """
    if declared.columns:
        message = f"{schema}.{next(iter(declared.columns))} is a `column()`, and {schema} has no model: pass `model=`."
        raise ConfigurationError(message)


def _name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))


def annotation_text(annotation: Any, name: Callable[[Any], str] = _name) -> str:
    """A type as its annotation is written, with MISSING and None last; `name` returns the name of each type in it."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        members = sorted(parts, key=lambda each: LAST.index(each) + 1 if each in LAST else 0)
        return " | ".join(annotation_text(each, name) for each in members)
    if origin is Literal:
        return f"{name(origin)}[{', '.join(repr(each) for each in parts)}]"
    if origin is not None:
        return f"{name(origin)}[{', '.join(annotation_text(each, name) for each in parts)}]"
    if isinstance(annotation, str):
        return annotation
    return "None" if annotation in {None, NoneType} else name(annotation)


def default_text(default: Any) -> str:
    """The call that declares a column with this default."""
    if default is REQUIRED:
        return "column()"
    return f"column(default={'...' if default is ... else default})"
