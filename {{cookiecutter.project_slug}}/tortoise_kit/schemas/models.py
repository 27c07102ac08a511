"""Schemas from Tortoise models: what a client reads, creates and patches, one class statement each.

    class ProductRead(ReadSchema, model=Product, exclude=("stock",)):
        tags: list[str]                     # relations and derived values are declared by hand

Columns come from the model, foreign keys as their `_id` columns; relations never come by themselves, so that what a
route answers is decided where the schema is read, not by what another feature added to a model.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, get_args

from pydantic import MISSING, AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import create_model as create_schema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from tortoise.contrib.pydantic import pydantic_model_creator
from tortoise.exceptions import ConfigurationError
from tortoise.fields import DecimalField
from tortoise.fields import Field as Column
from tortoise.models import Model

from tortoise_kit.schemas.text_types import storable

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)  # it has no public name


def _storable_if_text(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        kind, message = "datetime_range", "The instant must lie in the years 1 to 9999 in UTC"
        raise PydanticCustomError(kind, message) from error


Text = Annotated[str, AfterValidator(storable)]
"""Text that both databases can store, and an answer can hold."""

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A primary key, within the range of a 64-bit column."""

Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its offset, turned to UTC: SQLite compares timestamps as text."""


class Plucked:
    """One column of the related rows, sorted, in place of the rows: see `plucked`."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __call__(self, rows: Any) -> Any:
        """The values of rows; values stay as they are."""
        return sorted(getattr(row, self.column) if isinstance(row, Model) else row for row in rows)


def plucked(column: str) -> BeforeValidator:
    """One column of the related rows, sorted, instead of the rows; for `Annotated[list[str], …]`."""
    return BeforeValidator(Plucked(column))


class _FromModel(ModelMetaclass):
    """Puts a base class with the columns of `model` under the class that is being defined."""

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
        made: Any = super().__new__(cls, name, (columns, *bases[1:]), namespace, **options)
        made.model_shown = model
        made.columns_shown = {column: info.annotation for column, info in columns.model_fields.items()}
        return made  # type: ignore[no-any-return]  # the class, with two members more


class _Schema(BaseModel, metaclass=_FromModel):
    """Shared by all three; `writable` leaves out what the database or Tortoise fills in."""

    writable: ClassVar[bool] = True
    model_shown: ClassVar[type[Model]]
    columns_shown: ClassVar[dict[str, Any]]

    @classmethod
    def adapt(cls, column: Column[Any], info: FieldInfo) -> tuple[Any, Any]:
        """Annotation and default of one column."""
        return _annotation(column, info), _default(column, info)


class ReadSchema(_Schema):
    """What a client reads: every column, from a model instance. In OpenAPI all members are always there."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)
    writable: ClassVar[bool] = False

    @classmethod
    def adapt(cls, column: Column[Any], info: FieldInfo) -> tuple[Any, Any]:  # noqa: ARG003 -- overrides
        """Output is not validated against input's limits; what is stored is shown."""
        return info.annotation, ...


class CreateSchema(_Schema):
    """What a client sends to create: columns with a default may be left out, unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class PatchSchema(_Schema):
    """What a client sends to change: every member may be absent, and `null` is for nullable columns alone.

    `patch.model_dump()` has exactly the members that were sent.
    """

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def adapt(cls, column: Column[Any], info: FieldInfo) -> tuple[Any, Any]:
        """The type of creation, or absent."""
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


def _is_filled_in(column: Column[Any]) -> bool:
    return column.generated or "readOnly" in column.constraints


def _annotation(column: Column[Any], info: FieldInfo) -> Any:
    kind = info.annotation
    limits = list(info.metadata)
    if isinstance(kind, type) and issubclass(kind, Enum):
        limits = []  # its values are its limit, not the column's length
    if str in (kind, *get_args(kind)):
        limits.append(AfterValidator(_storable_if_text))
    if isinstance(column, DecimalField):
        limits.append(
            Field(max_digits=column.max_digits, decimal_places=column.decimal_places, allow_inf_nan=False),
        )
    return Annotated[(kind, *limits)] if limits else kind


def _default(column: Column[Any], info: FieldInfo) -> Any:
    if callable(column.default):
        return Field(default_factory=column.default)
    return ... if info.is_required() else info.default
