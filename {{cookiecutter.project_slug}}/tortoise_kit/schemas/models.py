"""Schemas from Tortoise models: what a client reads, creates and patches, one class statement each.

    class ProductRead(ReadSchema, model=Product, exclude=("stock",)):
        tags: list[str]                     # relations and derived values are declared by hand

Columns come from the model, foreign keys as their `_id` columns. Relations are never added automatically, so a schema
shows all that a route returns, whatever other features add to the model.
"""

from collections.abc import Collection
from enum import Enum
from typing import Annotated, Any, ClassVar, get_args

from pydantic import MISSING, AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import create_model as create_schema
from pydantic.fields import FieldInfo
from tortoise.contrib.pydantic import pydantic_model_creator
from tortoise.exceptions import ConfigurationError
from tortoise.fields import DecimalField
from tortoise.fields import Field as ModelField
from tortoise.models import Model

from tortoise_kit.schemas.types import valid_text
from tortoise_kit.upstream.pydantic import ModelMetaclass


def _valid_if_text(value: Any) -> Any:
    return valid_text(value) if isinstance(value, str) else value


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
        if model is None:
            plain: type = super().__new__(cls, name, bases, namespace, **options)
            return plain
        columns = _columns(bases[0], model, name, exclude)
        schema: Any = super().__new__(cls, name, (columns, *bases[1:]), namespace, **options)
        schema.model_shown = model
        schema.columns_shown = {column: info.annotation for column, info in columns.model_fields.items()}
        return schema  # type: ignore[no-any-return]  # a class with two more members


class _Schema(BaseModel, metaclass=_FromModel):
    """The base of all three; `writable` leaves out what the database or Tortoise fills in."""

    writable: ClassVar[bool] = True
    model_shown: ClassVar[type[Model]]
    columns_shown: ClassVar[dict[str, Any]]

    @classmethod
    def adapt(cls, column: ModelField[Any], info: FieldInfo) -> tuple[Any, Any]:
        """Annotation and default of one column."""
        return _annotation(column, info), _default(column, info)


class ReadSchema(_Schema):
    """What a client reads: every column, from a model instance. In OpenAPI all members are required."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)
    writable: ClassVar[bool] = False

    @classmethod
    def adapt(cls, column: ModelField[Any], info: FieldInfo) -> tuple[Any, Any]:  # noqa: ARG003 -- overrides
        """Output is not validated against the limits of input; what is stored is shown."""
        return info.annotation, ...


class CreateSchema(_Schema):
    """What a client sends to create: columns with a default may be left out, unknown members are rejected."""

    model_config = ConfigDict(extra="forbid")


class PatchSchema(_Schema):
    """What a client sends to change: every member may be absent, and only nullable columns take `null`.

    `patch.model_dump()` has exactly the members that were sent.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def adapt(cls, column: ModelField[Any], info: FieldInfo) -> tuple[Any, Any]:
        """The type as for creation, or absent."""
        return _annotation(column, info) | MISSING, MISSING


def _columns(base: type[_Schema], model: type[Model], name: str, exclude: Collection[str]) -> type[_Schema]:
    names = [column for column in _names(model, writable=base.writable) if column not in exclude]
    if unknown := [given for given in exclude if given not in model._meta.fields_map]:
        message = f"{name} excludes {unknown[0]!r}, which {model.__name__} does not have."
        raise ConfigurationError(message)
    generated = pydantic_model_creator(model, name=f"{name}Generated", include=tuple(names))
    fields: dict[str, Any] = {
        key: base.adapt(model._meta.fields_map[key], generated.model_fields[key]) for key in names
    }
    return create_schema(f"{name}Columns", __base__=base, __module__=model.__module__, **fields)


def _names(model: type[Model], *, writable: bool) -> list[str]:
    columns = [name for name in model._meta.fields_map if name in model._meta.fields_db_projection]
    return [name for name in columns if not (writable and _is_filled_in(model._meta.fields_map[name]))]


def _is_filled_in(column: ModelField[Any]) -> bool:
    return column.generated or "readOnly" in column.constraints


def _annotation(column: ModelField[Any], info: FieldInfo) -> Any:
    kind = info.annotation
    limits = list(info.metadata)
    if isinstance(kind, type) and issubclass(kind, Enum):
        limits = []  # its values are its limit, not the column's length
    if str in (kind, *get_args(kind)):
        limits.append(AfterValidator(_valid_if_text))
    if isinstance(column, DecimalField):
        limits.append(
            Field(max_digits=column.max_digits, decimal_places=column.decimal_places, allow_inf_nan=False),
        )
    return Annotated[(kind, *limits)] if limits else kind


def _default(column: ModelField[Any], info: FieldInfo) -> Any:
    if callable(column.default):
        return Field(default_factory=column.default)
    return ... if info.is_required() else info.default
