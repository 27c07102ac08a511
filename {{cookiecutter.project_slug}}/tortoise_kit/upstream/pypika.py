"""What the kit uses of Tortoise's query builder beyond its documented interface, as read in pypika-tortoise 0.6.5."""

from collections.abc import Callable, Mapping
from typing import Any, Self, override

from pypika_tortoise.dialects.sqlite import SQLLiteQuery, SQLLiteQueryBuilder
from pypika_tortoise.queries import Table
from pypika_tortoise.terms import Field, Parameter, Term, ValueWrapper


def guard_updates(table: Table, guards: Mapping[str, Callable[[Term], Term]]) -> None:
    """Let statements that `GuardedQuery` builds for this table pass the expressions of these columns through guards."""
    table.guards = guards  # type: ignore[attr-defined]  # read below


class GuardedQueryBuilder(SQLLiteQueryBuilder):
    """Builds an UPDATE with the guards of its table; values were checked by their fields."""

    @override
    def set(self, field: Field | str, value: Any) -> Self:
        name = field.name if isinstance(field, Field) else field
        guards: Mapping[str, Callable[[Term], Term]] = vars(self._update_table).get(
            "guards", {}
        )  # a table makes up others
        guard = guards.get(name)
        if guard and isinstance(value, Term) and not isinstance(value, Parameter | ValueWrapper):
            value = guard(value)
        return super().set(field, value)


class GuardedQuery(SQLLiteQuery):
    """Tortoise's queries for SQLite, with guards."""

    @classmethod
    def _builder(cls, **kwargs: Any) -> GuardedQueryBuilder:
        return GuardedQueryBuilder(**kwargs)
