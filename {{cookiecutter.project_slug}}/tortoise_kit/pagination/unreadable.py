"""Rows that another program wrote, as a schema: null for each value that its column's type does not allow."""

from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError, create_model
from tortoise.models import Model

from tortoise_kit.schemas.models import ReadSchema
from tortoise_kit.upstream.rows import log_unreadable, unreadable


class _WithNulls:
    """The attributes of a row, None for some."""

    def __init__(self, row: Model, names: set[str]) -> None:
        self._row, self._names = row, names

    def __getattr__(self, name: str) -> Any:
        return None if name in self._names else getattr(self._row, name)


def json_with_nulls(row: Model, schema: type[ReadSchema], error: ValidationError) -> bytes:
    """The JSON of a row that the schema rejects, with null for the columns that it rejects.

    Raises:
        ValidationError: It rejects something else, such as a computed member or a related row.
    """
    rejected = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    if not rejected or not rejected <= schema.__columns__.keys():
        raise error
    if unknown := rejected - set(unreadable(row)):
        log_unreadable(row, sorted(unknown))
    adapter = _nullable(schema)  # pyright: ignore[reportArgumentType]  # a class is hashable, if its objects are not
    return adapter.dump_json(adapter.validate_python(_WithNulls(row, rejected), from_attributes=True), by_alias=True)


@cache
def _nullable(schema: type[ReadSchema]) -> TypeAdapter[Any]:
    """The schema, whose columns may all be null."""
    columns: dict[str, Any] = {
        name: (Annotated[(info.annotation, *info.metadata)] | None if info.metadata else info.annotation | None, ...)  # type: ignore[operator]  # a type
        for name, info in schema.model_fields.items()
        if name in schema.__columns__
    }
    return TypeAdapter(create_model(schema.__name__, __base__=schema, __module__=schema.__module__, **columns))
