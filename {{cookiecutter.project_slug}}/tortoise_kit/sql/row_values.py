"""Row values in a queryset's filters, which Tortoise has no lookup for."""

from collections.abc import Sequence
from typing import Any, override

from pypika_tortoise.terms import BasicCriterion, Criterion, Tuple
from tortoise.expressions import Q, ResolveContext
from tortoise.query_utils import EmptyCriterion, QueryModifier


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
