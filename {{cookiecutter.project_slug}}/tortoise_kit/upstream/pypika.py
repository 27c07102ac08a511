"""What the kit uses of Tortoise's query builder beyond its documented interface, as read in pypika-tortoise 0.6.5."""

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Self, override

from pypika_tortoise.dialects.sqlite import SQLLiteQuery, SQLLiteQueryBuilder
from pypika_tortoise.enums import Order
from pypika_tortoise.queries import Table
from pypika_tortoise.terms import Field, Parameter, Term, ValueWrapper


class NullsLargest(Enum):
    """Directions in which NULL is the largest value, as on Postgres."""

    asc = "ASC NULLS LAST"
    desc = "DESC NULLS FIRST"


def guard_updates(table: Table, guards: Mapping[str, Callable[[Term], Term]]) -> None:
    """Let statements that `GuardedQuery` builds for this table pass the expressions of these columns through guards."""
    table.guards = guards  # type: ignore[attr-defined]  # read below


def never_null(table: Table, columns: Collection[str]) -> None:
    """Let `GuardedQuery` sort by these columns of the table without a place for NULL."""
    table.never_null = frozenset(columns)  # type: ignore[attr-defined]  # read below


class GuardedQueryBuilder(SQLLiteQueryBuilder):
    """Builds an UPDATE with the guards of its table, and sorts NULL as the largest value; values are checked before."""

    @override
    def orderby(self, *fields: Any, **kwargs: Any) -> Self:
        order = kwargs.get("order") or Order.asc
        if isinstance(order, Order) and not all(map(self._is_never_null, fields)):
            kwargs["order"] = NullsLargest[order.name]
        return super().orderby(*fields, **kwargs)

    def _is_never_null(self, term: Any) -> bool:
        """A column of the table itself, without a join that may leave it out, that is NOT NULL."""
        own = self._from[0] if self._from else None
        if not isinstance(term, Field) or own is None or term.table not in {None, own}:
            return False
        return term.name in vars(own).get("never_null", ())

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
    """Tortoise's queries for SQLite, with guards, and with NULL as the largest value."""

    @classmethod
    def _builder(cls, **kwargs: Any) -> GuardedQueryBuilder:
        return GuardedQueryBuilder(**kwargs)
