"""Tortoise's executors, for lists of keys of any length, as read in Tortoise 1.1.9.

Tortoise writes `IN` with a parameter for each value, also where it prefetches relations. Postgres takes 32 767
parameters, SQLite 32 766. Here a long list is one parameter, and relations are prefetched for some rows at a time.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any, override

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Criterion, Term, ValueWrapper
from tortoise.backends.asyncpg.executor import AsyncpgExecutor
from tortoise.backends.base.executor import BaseExecutor
from tortoise.backends.sqlite.executor import SqliteExecutor
from tortoise.filters import is_in, not_equal, not_in
from tortoise.models import Model
from tortoise.queryset import QuerySet

LONG_LIST = 1_000  # values; a statement may have several such lists
PREFETCHED_ROWS = 2_000  # Tortoise compares each key with all before it

type RelatedQuery = tuple[str | None, QuerySet[Any]]


class PrefetchMixin(BaseExecutor):
    """Prefetches relations, for some rows at a time, and leaves foreign keys as they are.

    Upstream sets a foreign key to None in the object where no row has it, as can be without a constraint.
    """

    @override
    async def _do_prefetch(
        self, instance_id_list: Iterable[Model], field: str, related_query: RelatedQuery
    ) -> Iterable[Model]:
        instances = list(instance_id_list)
        keys = [(each, value) for each in instances if (value := getattr(each, f"{field}_id", None)) is not None]
        for some in batched(instances, PREFETCHED_ROWS):
            await super()._do_prefetch(some, field, related_query)
        if field in self.model._meta.fk_fields | self.model._meta.o2o_fields:
            for each, value in keys:
                setattr(each, f"{field}_id", value)
        return instances


class LongList(Criterion):
    """Whether a term is one of many values, which are one parameter."""

    def __init__(self, term: Term, written: str, values: list[Any], parameter: object) -> None:
        super().__init__()
        self.term = term
        self.written = written
        self.values = values
        self.parameter = ValueWrapper(parameter)

    @override
    def nodes_(self) -> Iterator[Any]:
        yield self
        yield from self.term.nodes_()

    @override
    def get_sql(self, ctx: SqlContext) -> str:
        if ctx.parameterizer is None:  # SQL to look at
            return self.term.isin(self.values).get_sql(ctx)
        return self.written.format(term=self.term.get_sql(ctx), list=self.parameter.get_sql(ctx))


def postgres_in(term: Term, values: Any) -> Criterion:
    """`IN`, or `= ANY` of one array."""
    return LongList(term, "{term}=ANY({list})", values, values) if _is_long(values) else is_in(term, values)


def postgres_not_in(term: Term, values: Any) -> Criterion:
    """`NOT IN`, or `<> ALL` of one array; NULL is in no list."""
    if not _is_long(values):
        return not_in(term, values)
    return LongList(term, "{term}<>ALL({list})", values, values) | term.isnull()


def sqlite_in(term: Term, values: Any) -> Criterion:
    """`IN` values, or the elements of one JSON array."""
    return _in_json(term, "{term} IN (SELECT value FROM json_each({list}))", values) or is_in(term, values)


def sqlite_not_in(term: Term, values: Any) -> Criterion:
    """`NOT IN` values, or the elements of one JSON array; NULL is in no list."""
    found = _in_json(term, "{term} NOT IN (SELECT value FROM json_each({list}))", values)
    return found | term.isnull() if found else not_in(term, values)


def differs(term: Term, value: Any) -> Criterion:
    """`<>`, of which NULL is not; upstream's `__not=None` finds the rows with NULL."""
    return term.notnull() if value is None else not_equal(term, value)


def _is_long(values: Any) -> bool:
    return isinstance(values, list | tuple | set) and len(values) > LONG_LIST


def _in_json(term: Term, written: str, values: Any) -> Criterion | None:
    if not _is_long(values):
        return None
    try:
        listed = json.dumps(list(values), default=sqlite3.adapt)  # type: ignore[arg-type]  # typeshed wants a protocol
    except (sqlite3.ProgrammingError, ValueError):  # binary, which JSON does not have
        return None
    return LongList(term, written, values, listed)


type Overrides = dict[Callable[..., Any], Callable[..., Any]]

FOR_BOTH: Overrides = {not_equal: differs}
FOR_POSTGRES: Overrides = {
    **AsyncpgExecutor.FILTER_FUNC_OVERRIDE,
    **FOR_BOTH,
    is_in: postgres_in,
    not_in: postgres_not_in,
}
FOR_SQLITE: Overrides = {**SqliteExecutor.FILTER_FUNC_OVERRIDE, **FOR_BOTH, is_in: sqlite_in, not_in: sqlite_not_in}
