"""Reads the rows of a list as models, for the pager."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import ValidationError
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.order import Key, KeyField
from tortoise_kit.sql.compiled import CompiledQuery
from tortoise_kit.upstream.querysets import select
from tortoise_kit.upstream.rows import READ_ERRORS, UnreadableValueError


class RepeatedRowError(RuntimeError):
    """The queryset has a row several times, so its pages would never end."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(
            f"The queryset has rows of {model.__name__} several times, so its pages would never end. Filter by a "
            "relation with id__in=Subquery(...) instead of joining it, or add distinct()."
        )


def key_alias(position: int) -> str:
    """The name under which a query selects a sort key of another table; with a blank, so that no column has it."""
    return f"sort key {position}"


@dataclass(frozen=True, slots=True)
class ModelRows:
    """Reads rows as models, without what the queryset prefetches."""

    queryset: QuerySet[Any]
    keys: Sequence[Key]

    async def fetch(self, query: CompiledQuery) -> dict[Any, Any]:
        """The rows by primary key, in the query's order.

        Raises:
            RepeatedRowError: A row came several times.
        """
        rows = await select(query.built or self.queryset, query.text, query.parameters)
        found = {row.pk: row for row in rows}
        if len(found) < len(rows):
            raise RepeatedRowError(self.queryset.model)
        return found

    def keys_of(self, row: Model) -> list[Any]:
        """The values of a row's sort keys.

        Raises:
            UnreadableValueError: One is not of its column.
        """
        return [
            # Tortoise leaves an alias as the driver has it.
            key_value(self.queryset.model, row.pk, key, getattr(row, key_alias(at) if key.related else key.name))
            for at, key in enumerate(self.keys)
        ]


def key_value(
    model: type[Model], pk: object, key: Key, stored: Any, read: Callable[[KeyField, Any], Any] | None = None
) -> Any:
    """The value of a row's sort key, which a cursor may hold: one that its column allows.

    Raises:
        UnreadableValueError: It is of another type, or out of the column's range.
    """
    try:
        value = read(key.field, stored) if read else key.field.to_python_value(stored)
        if value is not None:  # as where there is no related row
            key.field.to_db_value(value, model)
    except (*READ_ERRORS, ValidationError):
        raise UnreadableValueError(model, pk, key.name) from None
    return value
