"""Conditions of a queryset that Tortoise has no lookup for."""

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, override

from pypika_tortoise.context import SqlContext
from pypika_tortoise.enums import Dialects
from pypika_tortoise.terms import BasicCriterion, Criterion, Term, Tuple, ValueWrapper
from tortoise.expressions import Q, ResolveContext
from tortoise.models import Model
from tortoise.query_utils import QueryModifier

from tortoise_kit.sql.identifiers import qualified
from tortoise_kit.sql.parsing import quoted

JSON_CONTAINS = "json_contains"  # the SQLite engine registers `json_contains` under this name on each connection


class SQLCondition(Q):
    """SQL with one column of the queryset's own model and one value, for both databases.

    The value is a parameter; the SQL is a constant of the program, with `{column}` and then `{value}`, each once:

        Book.filter(SQLCondition("title", "%x%", postgres="{column} ILIKE {value}", sqlite="{column} LIKE {value}"))

    Args:
        field: The name of the column's field.
        value: A text.
        postgres, sqlite: The SQL for each database.
        prefilter: On Postgres, find the rows of this condition before the others: see `pagination.selective_filter`.
    """

    def __init__(self, field: str, value: str, *, postgres: str, sqlite: str, prefilter: bool = False) -> None:
        super().__init__()
        self.field = field
        self.value = value
        self.postgres = postgres
        self.sqlite = sqlite
        self.prefilter = prefilter

    @property
    def cache_key(self) -> tuple[object, ...]:
        """All that its SQL depends on."""
        return (self.field, self.postgres, self.sqlite, self.prefilter)

    def prefiltered(self) -> "SQLCondition":
        """The same condition, whose rows Postgres finds before the others."""
        return SQLCondition(self.field, self.value, postgres=self.postgres, sqlite=self.sqlite, prefilter=True)

    @override
    def __bool__(self) -> bool:
        return True  # Tortoise drops a Q without filters as empty

    @override
    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        column = resolve_context.model._meta.fields_db_projection[self.field]
        postgres = _by_key(resolve_context.model, column, self.postgres) if self.prefilter else self.postgres
        criterion = _SQLCriterion(resolve_context.table[column], ValueWrapper(self.value), postgres, self.sqlite)
        return QueryModifier(where_criterion=criterion)


def _by_key(model: type[Model], column: str, postgres: str) -> str:
    """The condition as one of keys, which Postgres finds before it reads anything else."""
    table, key = qualified(model._meta.schema, model._meta.db_table), quoted(model._meta.db_pk_column)
    keys = f"SELECT {key} FROM {table} WHERE {postgres.format(column=quoted(column), value='{value}')}"  # noqa: S608  # names of models, and a constant
    return f"{table}.{key} = ANY (ARRAY({keys}))"


class _SQLCriterion(Criterion):
    """The condition as a part of a statement."""

    def __init__(self, column: Term, value: Term, postgres: str, sqlite: str) -> None:
        super().__init__()
        self.column = column
        self.value = value
        self.postgres = postgres
        self.sqlite = sqlite

    @override
    def nodes_(self) -> Any:
        yield self
        yield from self.column.nodes_()

    @override
    def get_sql(self, ctx: SqlContext) -> str:
        text = self.postgres if ctx.dialect is Dialects.POSTGRESQL else self.sqlite
        return text.format(column=self.column.get_sql(ctx), value=self.value.get_sql(ctx))


class RowComparison(Q):
    """A comparison of SQL's row values, from the left: `(a, b, …) >= (x, y, …)`.

    Each pair is resolved as the lookup `a__gte=x`, so encoding, joins, HAVING and parameters are Tortoise's; only the
    two sides are put together.
    """

    def __init__(self, lookup: str, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.lookup = lookup
        self.pairs = pairs

    @override
    def __bool__(self) -> bool:
        return True  # as above

    @override
    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        sides = [Q(**{f"{name}__{self.lookup}": value}).resolve(resolve_context) for name, value in self.pairs]
        joins = [join for side in sides for join in side.joins]
        return QueryModifier(joins=joins, where_criterion=_row([side.where_criterion for side in sides]))


def _row(comparisons: Sequence[Criterion]) -> Criterion:
    if len(comparisons) == 1:
        return comparisons[0]
    sides: list[BasicCriterion] = [side for side in comparisons if isinstance(side, BasicCriterion)]
    return BasicCriterion(sides[0].comparator, Tuple(*(s.left for s in sides)), Tuple(*(s.right for s in sides)))


def json_contains(stored: str | None, wanted: str | None) -> bool | None:
    """For SQLite: whether a JSON text contains another, as Postgres' `@>` means it; None if one is NULL."""
    if stored is None or wanted is None:
        return None
    return _contains(json.loads(stored, parse_float=Decimal), _parsed(wanted))


@lru_cache(maxsize=64)
def _parsed(wanted: str) -> Any:
    """The same for each row of a statement."""
    return json.loads(wanted, parse_float=Decimal)


def _contains(stored: Any, wanted: Any) -> bool:
    match wanted:
        case dict():
            return isinstance(stored, dict) and all(
                name in stored and _contains(stored[name], value) for name, value in wanted.items()
            )
        case list():
            return isinstance(stored, list) and all(any(_contains(each, value) for each in stored) for value in wanted)
        case _:
            return isinstance(stored, bool) == isinstance(wanted, bool) and bool(stored == wanted)


def json_element(document: Any, path: str) -> str | None:
    """For SQLite: an element of JSON as text, as Postgres' `->>` writes it; the path is a JSON array."""
    found = None if document is None else json.loads(str(document), parse_float=Decimal)
    for step in _parsed(path):
        if not isinstance(found, list if isinstance(step, int) else dict):
            return None
        found = found.get(step) if isinstance(found, dict) else dict(enumerate(found)).get(step)
    return found if isinstance(found, str | None) else _json_text(found)


def _json_text(value: Any) -> str:
    """JSON as jsonb is written: the shortest keys first, and numbers without an exponent."""
    match value:
        case dict():
            keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
            return f"{{{', '.join(f'{_json_text(key)}: {_json_text(value[key])}' for key in keys)}}}"
        case list():
            return f"[{', '.join(map(_json_text, value))}]"
        case Decimal():
            return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)
