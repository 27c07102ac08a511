"""The values of one column, with their type."""

from typing import Any, Literal, cast, overload

from tortoise.exceptions import ConfigurationError
from tortoise.queryset import QuerySet

from tortoise_kit.schemas.columns import python_type


@overload
async def values_of[Value](
    rows: QuerySet[Any], column: str, kind: type[Value], *, null: Literal[False] = False
) -> list[Value]: ...


@overload
async def values_of[Value](
    rows: QuerySet[Any], column: str, kind: type[Value], *, null: Literal[True]
) -> list[Value | None]: ...


async def values_of[Value](
    rows: QuerySet[Any], column: str, kind: type[Value], *, null: bool = False
) -> list[Value] | list[Value | None]:
    """The values of one column, in the order of the rows, as `values_list(column, flat=True)` returns them.

        names = await values_of(Product.filter(stock=0), "name", str)      # list[str]

    Args:
        rows: The rows.
        column: A column of their model, such as `id`, `status` or `category_id`.
        kind: The type of its values: the field's, or the enum's.
        null: Whether the column may be NULL; the list then has None.

    Raises:
        ConfigurationError: The model has no such column, or its values have another type. Nothing is queried.
    """
    meta = rows.model._meta
    place = f"{rows.model.__name__}.{column}"
    if column not in meta.fields_db_projection:
        message = f"{place} is no column: name a field that is one, such as {meta.pk_attr}."
        raise ConfigurationError(message)
    field = meta.fields_map[column]
    found = python_type(field)
    if kind is not found or null != field.null:
        name = getattr(found, "__name__", str(found))
        message = f"{place} has values of {found}: call values_of(…, {column!r}, {name}{', null=True' * field.null})."
        raise ConfigurationError(message)
    return cast("list[Value]", await rows.values_list(column, flat=True))
