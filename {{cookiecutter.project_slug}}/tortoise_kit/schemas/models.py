"""Schemas from Tortoise models: what a client reads, creates and patches, one class statement each.

    class ProductRead(ReadSchema, model=Product, exclude=("stock",)):
        name: str = column()                # for type checkers, written by `schemas write`
        tags: list[str]                     # relations and derived values are declared by hand

Columns come from the model, foreign keys as their `_id` columns: those that the class declares, or all if it declares
none. Relations are never added automatically, so a schema shows all that a route returns, whatever other features add
to the model.
"""

import inspect
import warnings
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Self, dataclass_transform, override

from pydantic import MISSING, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from pydantic import create_model as create_schema
from tortoise.exceptions import ConfigurationError
from tortoise.fields import Field as ModelField
from tortoise.models import Model

from tortoise_kit.schemas.columns import input_type, output_type
from tortoise_kit.schemas.declarations import Declarations, column, require_no_columns, take_declarations
from tortoise_kit.upstream.pydantic import ModelMetaclass

RESERVED = {name for name in dir(BaseModel) if name.startswith("model_")}  # Tortoise reserves its names


class Plucked:
    """One column of the related rows, sorted, in place of the rows: see `plucked`."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __call__(self, rows: Any) -> Any:
        """The column's values, from rows or from the values themselves; None comes last."""
        values = [getattr(row, self.column) if isinstance(row, Model) else row for row in rows]
        known = [value for value in values if value is not None]
        return [*sorted(known), *[None] * (len(values) - len(known))]


def plucked(column: str) -> BeforeValidator:
    """A validator for `Annotated[list[str], …]`: one column of the related rows, sorted, instead of the rows."""
    return BeforeValidator(Plucked(column))


# A metaclass does not inherit Pydantic's transform: without it, checkers accept any argument of a constructor.
@dataclass_transform(kw_only_default=True, field_specifiers=(Field, PrivateAttr, column))
class _FromModel(ModelMetaclass):
    """Inserts a base class with the columns of `model` below the class that is defined."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        model: type[Model] | None = None,
        exclude: Collection[str] = (),
        **options: Any,
    ) -> type:
        declared = take_declarations(namespace, exclude)
        if model is None:
            require_no_columns(name, declared)
            plain: type = super().__new__(cls, name, bases, namespace, **options)
            return plain
        columns = _columns(bases[0], model, name, declared)
        schema: Any = super().__new__(cls, name, (columns, *bases[1:]), namespace, **options)
        schema.__model__ = model
        schema.__declared__ = declared
        schema.__columns__ = {column: info.annotation for column, info in columns.model_fields.items()}
        return schema  # type: ignore[no-any-return]  # a class with three more members


class _Schema(BaseModel, metaclass=_FromModel):
    """The base of all three. What it has itself is called `__name__`: any other name may be a column's."""

    __model__: ClassVar[type[Model]]
    __columns__: ClassVar[dict[str, Any]]
    __declared__: ClassVar[Declarations]
    __written__: ClassVar[bool] = True  # leave out what the database or Tortoise fills in

    @classmethod
    def __member__(cls, column: ModelField[Any]) -> tuple[Any, Any]:
        """Annotation and default of one column."""
        return _annotation_and_default(column)

    @classmethod
    def __shown__(cls) -> list[str]:
        """The columns of the model that it can show."""
        return _names(cls.__model__, writable=cls.__written__)

    @override
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values, which are not validated; `copy.replace` copies by it too.

        Raises:
            ValueError: `update` names no member. Pydantic would drop the value.
        """
        unknown = sorted((update or {}).keys() - type(self).model_fields.keys())
        if unknown and self.model_config.get("extra") != "allow":
            message = f"{type(self).__name__} has no member {unknown[0]!r}."
            raise ValueError(message)
        return super().model_copy(update=update, deep=deep)


class ReadSchema(_Schema):
    """What a client reads: every column, from a model instance. In OpenAPI all members are required."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)
    __written__: ClassVar[bool] = False

    @classmethod
    def __member__(cls, column: ModelField[Any]) -> tuple[Any, Any]:
        """Output is not validated against the limits of input; what is stored is shown."""
        return output_type(column), ...


class CreateSchema(_Schema):
    """What a client sends to create: columns with a default may be left out, unknown members are rejected.

    `new.model_dump()` leaves out what was left out and has its default in the database.
    """

    model_config = ConfigDict(extra="forbid")


class PatchSchema(_Schema):
    """What a client sends to change: every member may be absent, and only nullable columns take `null`.

    `patch.model_dump()` has exactly the members that were sent.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __member__(cls, column: ModelField[Any]) -> tuple[Any, Any]:
        """The type as for creation, or absent."""
        return input_type(column) | MISSING, MISSING


def _columns(base: type[_Schema], model: type[Model], name: str, declared: Declarations) -> type[_Schema]:
    if unknown := sorted(given for given in declared.exclude if given not in model._meta.fields_map):
        message = f"{name} excludes {unknown[0]!r}, which {model.__name__} does not have."
        raise ConfigurationError(message)
    columns = model._meta.fields_map
    _require_relations(model)
    names = [name for name in _names(model, writable=base.__written__) if name not in declared.exclude]
    if declared.columns:  # one that the model has no longer is for `check_columns`: `schemas write` imports this class
        names = [name for name in names if name in declared.columns or name in declared.by_hand]
    _require_usable_names(model, names)
    fields: dict[str, Any] = {key: base.__member__(columns[key]) for key in names}
    with warnings.catch_warnings():  # a column may be called `copy` or `json`, as what BaseModel has deprecated
        warnings.filterwarnings("ignore", message="Field name .* shadows an attribute", category=UserWarning)
        return create_schema(f"{name}Columns", __base__=base, __module__=model.__module__, **fields)


def _require_usable_names(model: type[Model], names: Iterable[str]) -> None:
    for name in names:
        if name.startswith("_") or name in RESERVED:
            message = (
                f"{model.__name__}.{name} cannot be a member of a Pydantic schema. Exclude it, or call the field "
                f"differently: with source_field={name!r} the column keeps its name."
            )
            raise ConfigurationError(message)


def _require_relations(model: type[Model]) -> None:
    for relation in sorted(model._meta.fk_fields | model._meta.o2o_fields):
        if f"{relation}_id" not in model._meta.fields_map:
            message = (
                f"{model.__name__}.{relation} has no column yet: make schemas after `wire_models`, "
                "which finds the model that it refers to."
            )
            raise ConfigurationError(message)


def _names(model: type[Model], *, writable: bool) -> list[str]:
    columns = [name for name in model._meta.fields_map if name in model._meta.fields_db_projection]
    return [name for name in columns if not (writable and _is_filled_in(model._meta.fields_map[name]))]


def _is_filled_in(column: ModelField[Any]) -> bool:
    return column.generated or "readOnly" in column.constraints


def _annotation_and_default(column: ModelField[Any]) -> tuple[Any, Any]:
    kind = input_type(column)
    if column.has_db_default() or inspect.iscoroutinefunction(column.default):
        return kind | MISSING, MISSING  # the database or Tortoise has the value
    if callable(column.default):
        return kind, Field(default_factory=column.default)
    return kind, ... if column.default is None and not column.null else column.default
