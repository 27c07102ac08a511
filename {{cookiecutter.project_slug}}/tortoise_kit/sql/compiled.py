"""SQL of querysets, compiled once for all values of their filters.

Tortoise builds the SQL of a queryset each time, which costs more than the rest of a small request. Two querysets that
differ only in the values of their filters have one cache key: their SQL is the same, and only the parameters are
encoded, as Tortoise would do it. When a cache key is new, the parameters so encoded are compared with Tortoise's own:
where they differ (a LIKE, a filter of a related row's column), Tortoise builds such querysets each time.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.sql.conditions import RowComparison, SQLCondition
from tortoise_kit.sql.parsing import renumbered
from tortoise_kit.upstream.querysets import Clauses, build, clauses, is_negated, select

CACHE_SIZE = 1_000  # querysets; a list has as many as its filters have combinations, times its orders

LAST_LIMIT = re.compile(r" LIMIT (\$\d+|\?)$")

type CacheKey = tuple[object, ...]

compiled_texts: dict[CacheKey, str | None] = {}


class Uncacheable(Exception):
    """A part of the queryset whose SQL may depend on more than the cache key has."""


class CompiledQuery(NamedTuple):
    """SQL with its parameters.

    Attributes:
        text: The SQL.
        parameters: In its order.
        built: The queryset that Tortoise built it of, which knows its columns; None if it selects the model's own.
    """

    text: str
    parameters: list[Any]
    built: QuerySet[Any] | None = None


def compiled(queryset: QuerySet[Any]) -> CompiledQuery:
    """The SQL of a queryset, from the cache where it can be."""
    return cached(queryset) or CompiledQuery(*build(queryset), queryset)


def cached(queryset: QuerySet[Any]) -> CompiledQuery | None:
    """The SQL of a queryset; None if Tortoise must build it each time."""
    return _cached(queryset, clauses(queryset))


def _cached(queryset: QuerySet[Any], given: Clauses) -> CompiledQuery | None:
    try:
        key = cache_key(queryset.model, given)
        text = get_or_add(compiled_texts, key, lambda: _cacheable_text(queryset, given))
        return None if text is None else CompiledQuery(text, _parameters(queryset.model, given, text))
    except Uncacheable:
        return None


async def first[Row: Model](queryset: QuerySet[Row]) -> Row | None:
    """The first model of a queryset, or None: as `await queryset.first()`, with cached SQL."""
    one = queryset.limit(1)
    given = clauses(one)
    query = None if given.prefetches else _cached(one, given)
    rows = await one if query is None else await select(one, query.text, query.parameters)
    return rows[0] if rows else None


def union_all(querysets: Sequence[QuerySet[Any]], dialect: str, limit: int) -> CompiledQuery | None:
    """One statement with the rows of several querysets, those of the first before those of the second, up to `limit`.

    Each has its own order and limit. Postgres (Append) and SQLite read them one after the other and stop at the limit,
    so one whose rows are not needed costs next to nothing. None if Tortoise must build one of them each time.
    """
    found = [cached(queryset) for queryset in querysets]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    texts = [part.text for part in parts]
    if dialect == "postgres":
        before = accumulate((len(part.parameters) for part in parts), initial=0)
        union = " UNION ALL ".join(f"({renumbered(text, by)})" for text, by in zip(texts, before, strict=False))
    else:
        union = " UNION ALL ".join(f"SELECT * FROM ({text})" for text in texts)  # noqa: S608  # SQL of querysets
    return CompiledQuery(f"{union} LIMIT {limit:d}", [value for part in parts for value in part.parameters])


def get_or_add[Value](cache: dict[CacheKey, Value], key: CacheKey, make: Callable[[], Value]) -> Value:
    """The cached value; a new key adds what `make` returns, and a full cache drops its oldest entry."""
    if key not in cache:
        if len(cache) >= CACHE_SIZE:  # lists of many lengths must not keep all others out for good
            del cache[next(iter(cache))]
        cache[key] = make()
    return cache[key]


def _cacheable_text(queryset: QuerySet[Any], given: Clauses) -> str | None:
    try:
        encoded_here = parameters_of(queryset.model, given.where)
    except Uncacheable:
        return None
    text, parameters = build(queryset.all())
    if given.limit is not None:
        limit = parameters.pop()
        # By a limit in its text, a join would get the plan of common related rows, which scans the table for rare ones.
        text = text if " JOIN " in text else LAST_LIMIT.sub(f" LIMIT {limit:d}", text)
    return text if encoded_here == parameters else None


def _parameters(model: type[Model], given: Clauses, text: str) -> list[Any]:
    limit = [] if given.limit is None or text.endswith(f" LIMIT {given.limit}") else [given.limit]
    return [*parameters_of(model, given.where), *limit]


def cache_key(model: type[Model], given: Clauses) -> CacheKey:
    """All that the SQL of a queryset with these clauses depends on.

    Raises:
        Uncacheable: It may depend on more.
    """
    if given.other or given.group_by or given.only or given.offset is not None:
        raise Uncacheable
    conditions = tuple(_condition_key(each) for each in given.where)
    return (model, given.dialect, conditions, tuple(given.order_by), given.limit)


def _condition_key(condition: Q) -> CacheKey:
    if isinstance(condition, RowComparison):
        return (condition.lookup, *(name for name, _ in condition.pairs))
    if isinstance(condition, SQLCondition):
        return condition.cache_key
    if type(condition) is not Q:
        raise Uncacheable
    parts = tuple((name, _value_key(value)) for name, value in condition.filters.items())
    children = tuple(_condition_key(each) for each in condition.children)
    return (condition.join_type, is_negated(condition), parts, children)


def _value_key(value: object) -> object:
    """What of a value the SQL may depend on."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        if any(_value_key(each) != "value" for each in value):
            raise Uncacheable
        return len(value)
    if isinstance(value, set | dict | QuerySet | Q) or hasattr(value, "resolve") or hasattr(value, "get_sql"):
        raise Uncacheable
    return "value"


def parameters_of(model: type[Model], where: Sequence[Q]) -> list[Any]:
    """The parameters of conditions in the order of their SQL: the values of the filters as they are written.

    Raises:
        Uncacheable: A filter is neither of the model's own columns nor of keys of related rows.
    """
    return [value for condition in where for value in _condition_parameters(model, condition)]


def _condition_parameters(model: type[Model], condition: Q) -> Iterator[Any]:
    if isinstance(condition, RowComparison):
        for name, value in condition.pairs:
            yield from _filter_parameters(model, f"{name}__{condition.lookup}", value)
    if isinstance(condition, SQLCondition):
        yield condition.value
    for name, value in condition.filters.items():
        yield from _filter_parameters(model, name, value)
    for child in condition.children:
        yield from _condition_parameters(model, child)


def _filter_parameters(model: type[Model], name: str, value: Any) -> Sequence[Any]:
    if name.endswith("__isnull") or value is None:
        return ()
    return found if isinstance(found := encoded(model, name, value), list) else (found,)


def encoded(model: type[Model], name: str, value: Any) -> Any:
    """A filter's value as a driver takes it; a list of several for a lookup such as `name__in`.

    Raises:
        Uncacheable: The filter is neither of the model's own columns nor of keys of related rows.
    """
    info = model._meta.filters.get(name)
    if info is None or isinstance(value, Model):
        raise Uncacheable
    encode = info.get("value_encoder")
    if "table" in info:  # of a relation
        return encode(value, model) if encode else value
    field = model._meta.fields_map[info["field"]]
    return encode(value, model, field) if encode else field.to_db_value(value, model)
