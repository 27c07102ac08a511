"""Reads the rows of a list as models, for the pager."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.order import Key
from tortoise_kit.sql.compiled import CompiledQuery
from tortoise_kit.upstream.rows import select_leniently, unreadable


class RepeatedRowError(RuntimeError):
    """The queryset has a row several times, so its pages would never end."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(
            f"The queryset has rows of {model.__name__} several times, so its pages would never end. Filter by a "
            "relation with id__in=Subquery(...) instead of joining it, or add distinct()."
        )


class UnreadableKeyError(RuntimeError):
    """A page ends at a row whose sort key cannot be read, so that no cursor can lead on."""

    def __init__(self, model: type[Model], pk: object, place: str) -> None:
        super().__init__(
            f"{model.__name__} {pk} is sorted by {place}, which cannot be read: another program wrote it; correct it."
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
        rows = await select_leniently(query.built or self.queryset, query.text, query.parameters)
        found = {row.pk: row for row in rows}
        if len(found) < len(rows):
            raise RepeatedRowError(self.queryset.model)
        return found

    def keys_of(self, row: Model) -> list[Any]:
        """The values of a row's sort keys.

        Raises:
            UnreadableKeyError: One could not be read.
        """
        for name in {key.name for key in self.keys}.intersection(unreadable(row)):
            raise UnreadableKeyError(self.queryset.model, row.pk, name)
        return [
            # Tortoise leaves an alias as the driver has it.
            key.field.to_python_value(getattr(row, key_alias(at))) if key.related else getattr(row, key.name)
            for at, key in enumerate(self.keys)
        ]
