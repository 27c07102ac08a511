"""The pager: the rows of one page, and exactly whether others come before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

from tortoise.expressions import F
from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.cursor import Anchor, Bound, Codec, Place
from tortoise_kit.pagination.order import Key, OrderError, parse_order
from tortoise_kit.pagination.ranges import range_query, range_scan, ranges
from tortoise_kit.pagination.rows import ModelRows, key_alias
from tortoise_kit.sql.compiled import CompiledQuery, compiled
from tortoise_kit.upstream.querysets import clauses, sorted_without_prefetch
from tortoise_kit.upstream.tortoise import prefetch


@dataclass(frozen=True, slots=True)
class KeysetPage[Row]:
    """Some rows of a list; a cursor is None exactly when there are no rows on that side."""

    items: list[Row]
    next: str | None
    previous: str | None


class RowSource(Protocol):
    """How the pager reads rows: as models, or as JSON."""

    async def fetch(self, query: CompiledQuery, /) -> dict[Any, Any]:
        """The rows by primary key, in the query's order."""
        ...

    def keys_of(self, row: Any, /) -> list[Any]:
        """The values of a row's sort keys."""
        ...


async def paginate[Row: Model](  # noqa: PLR0913  # all but the queryset by keyword
    queryset: QuerySet[Row],
    *,
    order_by: Sequence[str],
    limit: int,
    secrets: Sequence[bytes],
    cursor: str | None = None,
    scope: str = "",
) -> KeysetPage[Row]:
    """One page of a queryset with any filters, joins, annotations and prefetches, but without a limit or an order.

    It sends one statement. It sends several, of which nearly always the first one fills the page, where keys are
    columns of another table, or the queryset selects related rows, has annotations or is distinct. When the row that
    the cursor was created from is gone, one more statement reads two rows. There is no OFFSET and no COUNT. Each
    prefetch is one more statement, for the rows of the page.

    Args:
        queryset: A filter over a to-many relation must not multiply its rows: use `id__in=Subquery(…)` instead.
        order_by: Items such as `"-created_at"`, `"author__name"` or `"score nulls first"`, the most significant first.
            An index must have these columns, with the primary key last.
        limit: Rows of a page, at least 1.
        secrets: Keys of 32 bytes that sign cursors: the first is used, all are accepted.
        cursor: A cursor of another page; None for the first page.
        scope: What else a cursor is bound to, such as the request's filters.

    Raises:
        InvalidCursor: The cursor was not created for this list; no statement was sent.
        OrderError: The queryset cannot be paged in this order.
        RepeatedRowError: The queryset has a row several times.
    """
    codec = codec_of(queryset, order_by, scope, secrets)
    page = await Pager(queryset, codec, ModelRows(queryset, codec.keys)).read_page(limit, cursor)
    if page.items:
        await prefetch(queryset, page.items)
    return page


def codec_of(queryset: QuerySet[Any], order_by: Sequence[str], scope: str, secrets: Sequence[bytes]) -> Codec:
    """The codec of a list's cursors; see `paginate`."""
    return Codec(parse_order(queryset.model, order_by), (queryset.model._meta.full_name, scope), secrets)


@final
@dataclass(frozen=True, slots=True)
class Pager:
    """Reads the pages of a queryset."""

    queryset: QuerySet[Any]
    codec: Codec
    source: RowSource

    async def read_page(self, limit: int, cursor: str | None) -> KeysetPage[Any]:
        """One page; see `paginate`."""
        self._check(limit)
        anchor = None if cursor is None else self.codec.decode(cursor)
        found, behind = await self._found(anchor, limit)
        ahead = len(found) > limit
        del found[limit:]
        if anchor and anchor.bound.backwards:
            found.reverse()
            behind, ahead = ahead, behind
        following = self._cursor(found, anchor, Bound.AFTER) if ahead else None
        preceding = self._cursor(found, anchor, Bound.BEFORE) if behind else None
        return KeysetPage(found, next=following, previous=preceding)

    def _check(self, limit: int) -> None:
        if complaint := self._complaint(limit):
            message = f"A queryset of {self.queryset.model.__name__} cannot be paged {complaint}."
            raise OrderError(message)

    def _complaint(self, limit: int) -> str | None:
        given = clauses(self.queryset)
        if limit < 1:
            return f"in pages of {limit} rows: a page has at least 1"
        if given.limit is not None or given.offset is not None:
            return "when it has a limit or an offset: drop both"
        if given.order_by:
            return "when it is sorted already: drop order_by(), and pass the order to the pager"
        if given.group_by:
            return "when it is grouped: its rows have no primary key"
        missing = [key.name for key in self.codec.keys if given.only and not key.related and key.name not in given.only]
        return f"when only() leaves out its keys {', '.join(missing)}: name them there" if missing else None

    async def _found(self, anchor: Anchor | None, limit: int) -> tuple[list[Any], bool]:
        """The rows of a page in its bound's direction, one more if there are any, and whether some are behind it."""
        if anchor is None:
            return await self._read(None, limit + 1, backwards=False), False
        backwards, place = anchor.bound.backwards, anchor.place
        found = await self._read(place, limit + 2, backwards=backwards)
        if not anchor.bound.inclusive and found and self._is_at(found[0], place):
            del found[0]  # it lies behind the page, so there is no need to look
            return found, True
        others = await self._read(place, 2, backwards=not backwards)
        return found, not all(self._is_at(other, place) for other in others)

    async def _read(self, place: Place | None, count: int, *, backwards: bool) -> list[Any]:
        """Up to `count` rows from `place` on, the one there included."""
        keys = [key.flipped() for key in self.codec.keys] if backwards else self.codec.keys
        if place is None:
            return list((await self.source.fetch(compiled(self._ordered(keys, count)))).values())
        ordered = self._ordered(keys)
        if query := range_scan(ordered, keys, place.values, count):
            return list((await self.source.fetch(query)).values())
        found: dict[Any, Any] = {}
        for each in ranges(keys, place.values):
            rows = await self.source.fetch(compiled(range_query(ordered, each, count - len(found))))
            found |= {pk: row for pk, row in rows.items() if pk not in found}  # a key may change between two statements
            if len(found) >= count:
                break
        return list(found.values())

    def _ordered(self, keys: Sequence[Key], limit: int | None = None) -> QuerySet[Any]:
        ordered = sorted_without_prefetch(self.queryset, [(key.name, key.direction) for key in keys], limit)
        related = {key_alias(at): F(key.name) for at, key in enumerate(keys) if key.related}
        return ordered.annotate(**related) if related else ordered

    def _cursor(self, found: Sequence[Any], origin: Anchor | None, bound: Bound) -> str | None:
        """The cursor at the edge of a page; for an empty page, the one at the place that was looked from."""
        if found:
            edge = found[-1 if bound is Bound.AFTER else 0]
            return self.codec.encode(Anchor(bound, self.codec.place(self.source.keys_of(edge))))
        return self.codec.encode(Anchor(bound.including, origin.place)) if origin else None

    def _is_at(self, row: Any, place: Place) -> bool:
        """Whether the row is at the place; NaN, which differs from itself, is compared as text."""
        values = self.source.keys_of(row)
        return tuple(values) == place.values or self.codec.place(values).text == place.text
