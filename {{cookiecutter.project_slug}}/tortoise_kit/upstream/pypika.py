"""What the kit uses of Tortoise's query builder beyond its documented interface, as read in pypika-tortoise 0.6.5."""

import json
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Self, override

from pypika_tortoise.context import SqlContext
from pypika_tortoise.dialects.sqlite import SQLLiteQuery, SQLLiteQueryBuilder
from pypika_tortoise.enums import Order
from pypika_tortoise.functions import Coalesce
from pypika_tortoise.queries import Table
from pypika_tortoise.terms import Case, Field, JSONAttributeCriterion, Parameter, Term, ValueWrapper

JSON_ELEMENT = "json_element"
"""The function's name."""


class NullsLargest(Enum):
    """Directions in which NULL is the largest value, as on Postgres."""

    asc = "ASC NULLS LAST"
    desc = "DESC NULLS FIRST"


def write_json_paths() -> None:
    """Let SQLite read elements of JSON by a function of the engine, which writes them as Postgres does.

    Upstream does not escape the quotes of keys.
    """

    def get_postgres_sql(self: JSONAttributeCriterion, ctx: SqlContext) -> str:
        *path, last = [str(each) if isinstance(each, int) else _literal(each) for each in self.path]
        return "->".join([self.json_column.get_sql(ctx), *path]) + f"->>{last}"

    def get_sqlite_sql(self: JSONAttributeCriterion, ctx: SqlContext) -> str:
        path = _literal(json.dumps(self.path, ensure_ascii=False))
        return f"{JSON_ELEMENT}({self.json_column.get_sql(ctx)},{path})"

    JSONAttributeCriterion._get_postgres_sql = get_postgres_sql  # type: ignore[method-assign]
    JSONAttributeCriterion._get_mysql_sql = get_sqlite_sql  # type: ignore[method-assign]  # which SQLite gets, too


def _literal(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


def guard_updates(table: Table, guards: Mapping[str, Callable[[Term], Term]]) -> None:
    """Let statements that `GuardedQuery` builds for this table pass the expressions of these columns through guards."""
    table.guards = guards  # type: ignore[attr-defined]  # read below


def never_null(table: Table, columns: Collection[str]) -> None:
    """Let `GuardedQuery` sort by these columns of the table without a place for NULL."""
    table.never_null = frozenset(columns)  # type: ignore[attr-defined]  # read below


def alternatives(term: Term) -> list[Term]:
    """What the value of a CASE or a COALESCE is one of, and what a CAST converts; nothing for another term."""
    if isinstance(term, Case):
        return [*(then for _, then in term._cases), *([term._else] if term._else else [])]
    return list(term.args) if isinstance(term, Coalesce) else []


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
