"""The rows from a place on, as consecutive index ranges: the segment walk.

With rows sorted by (a, b, id), those from (x, y, z) on are one range of an index, `(a, b, id) >= (x, y, z)`, as long as
all keys run in one direction and none is NULL. Where they do not, the rows fall into several ranges that follow each
other: first those with `a = x` (and of these the ones from (y, z) on), then those with `a > x`, then those without `a`.
Each is read by its own statement, until the page is full; nearly always the first one fills it.

The usual `a > x OR (a = x AND b > y)` says the same and is no range: Postgres and SQLite walk the whole index up to the
place, as OFFSET does. A CASE or COALESCE that ranks NULLs has no index at all.
"""

from collections.abc import Iterator, Sequence
from typing import Any, override

from pypika_tortoise.terms import BasicCriterion, Criterion, Tuple
from tortoise.expressions import Q, ResolveContext
from tortoise.query_utils import EmptyCriterion, QueryModifier

from app.kit.keyset.order import Key


class RowComparison(Q):
    """`(a, b, …) >= (x, y, …)`, compared from the left as SQL's row values are.

    Each pair is resolved as the ordinary lookup `a__gte=x`, so encoding, joins, HAVING and parameters are Tortoise's;
    only their sides are put together anew.
    """

    def __init__(self, lookup: str, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.lookup = lookup
        self.pairs = pairs

    @override
    def __bool__(self) -> bool:
        return True  # one without filters of its own is taken for empty, and dropped

    @override
    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        sides = [Q(**{f"{name}__{self.lookup}": value}).resolve(resolve_context) for name, value in self.pairs]
        joins = [join for side in sides for join in side.joins]
        aggregates = [not isinstance(side.having_criterion, EmptyCriterion) for side in sides]
        row = _row(
            [s.having_criterion if summed else s.where_criterion for s, summed in zip(sides, aggregates, strict=True)]
        )
        if any(aggregates):
            return QueryModifier(joins=joins, having_criterion=row)
        return QueryModifier(joins=joins, where_criterion=row)


def _row(comparisons: Sequence[Criterion]) -> Criterion:
    if len(comparisons) == 1:
        return comparisons[0]
    sides: list[BasicCriterion] = [side for side in comparisons if isinstance(side, BasicCriterion)]
    return BasicCriterion(sides[0].comparator, Tuple(*(s.left for s in sides)), Tuple(*(s.right for s in sides)))


def segments(keys: Sequence[Key], place: Sequence[Any]) -> Iterator[Q]:
    """Conditions whose rows, one condition after the other, are those from `place` on, the row there included.

    Args:
        keys: Of the order that is walked, as it is walked: flipped for the way back.
        place: A value for each, None for NULL.
    """
    (key, *later), (value, *rest) = keys, place
    beyond = "lt" if key.descending else "gt"
    if value is not None and all(other.descending == key.descending and not other.nullable for other in later):
        pairs = [(other.name, bound) for other, bound in zip(keys, place, strict=True)]
        yield RowComparison(f"{beyond}e", pairs)
    else:
        same = _is_null(key) if value is None else Q(**{key.name: value})
        for segment in segments(later, rest):
            yield same & segment
        if value is not None:
            yield Q(**{f"{key.name}__{beyond}": value})
        elif key.nulls_first:
            yield _is_null(key, empty=False)
    if key.nullable and not key.nulls_first and value is not None:
        yield _is_null(key)


def _is_null(key: Key, *, empty: bool = True) -> Q:
    condition: dict[str, Any] = {f"{key.name}__isnull": empty}
    return Q(**condition)
