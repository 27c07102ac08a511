"""The rows of one page, and exactly whether others lie before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.pagination.cursor import Anchor, Codec, Meaning
from tortoise_kit.pagination.order import keys_of
from tortoise_kit.pagination.rows import Rows, Total, count_up_to


@dataclass(frozen=True, slots=True)
class KeysetPage[Row]:
    """Some rows of a list; a cursor is None exactly when no row lies there."""

    items: list[Row]
    next: str | None
    previous: str | None
    total: Total | None = None


@overload
async def paginate[Row: Model](
    queryset: QuerySet[Row],
    *,
    order_by: Sequence[str],
    limit: int,
    secrets: Sequence[bytes],
    cursor: str | None = None,
    scope: str = "",
    total_up_to: int | None = None,
) -> KeysetPage[Row]: ...


@overload
async def paginate[Row: Model](
    queryset: QuerySet[Row],
    *,
    order_by: Sequence[str],
    limit: int,
    secrets: Sequence[bytes],
    fields: Sequence[str],
    cursor: str | None = None,
    scope: str = "",
    total_up_to: int | None = None,
) -> KeysetPage[dict[str, Any]]: ...


async def paginate(  # noqa: PLR0913  # all but the queryset by keyword
    queryset: QuerySet[Any],
    *,
    order_by: Sequence[str],
    limit: int,
    secrets: Sequence[bytes],
    fields: Sequence[str] = (),
    cursor: str | None = None,
    scope: str = "",
    total_up_to: int | None = None,
) -> KeysetPage[Any]:
    """One page of a queryset: filtered, joined, annotated, prefetched as you like, but neither limited nor sorted.

    One statement; several, of which nearly always the first one fills the page, where keys are another table's or
    annotations, rows are projected, or the queryset selects related rows, is distinct or grouped by an aggregate. One
    more, of two rows, when the anchor was deleted. Never OFFSET, and COUNT only for a total. Prefetches come on top,
    once each.

    Args:
        queryset: No filter over a to-many relation may multiply its rows: filter by `id__in=Subquery(…)` instead.
        order_by: As for `keys_of`; an index must have its columns, the primary key last.
        limit: Rows of a page, at least 1.
        secrets: Keys of 32 bytes that sign cursors: the first is used, all are accepted.
        fields: Columns to read instead of whole models; rows are then dictionaries.
        cursor: Of a page before; None for the first page.
        scope: What else a cursor is bound to, such as the request's filters.
        total_up_to: Count the rows as well, but no further than this.

    Raises:
        InvalidCursor: The cursor was not made for this list; nothing was executed.
        OrderError: The queryset cannot be paged in this order.
        RepeatedRowError: The queryset has a row several times.
    """
    codec = codec_of(queryset, order_by, scope, secrets)
    page = await read_page(Rows(queryset, codec, tuple(fields)), limit, cursor)
    return page if total_up_to is None else replace(page, total=await count_up_to(queryset, total_up_to))


def codec_of(queryset: QuerySet[Any], order_by: Sequence[str], scope: str, secrets: Sequence[bytes]) -> Codec:
    """What reads and writes the cursors of a list; see `paginate`."""
    keys = keys_of(queryset.model, order_by, annotations=queryset._annotations)
    return Codec(keys, (queryset.model._meta.full_name, scope), secrets)


async def read_page(rows: Rows, limit: int, cursor: str | None) -> KeysetPage[Any]:
    """One page, however its rows are read; see `paginate`."""
    rows.check(limit)
    anchor = None if cursor is None else rows.codec.decode(cursor)
    found, behind = await _found(rows, anchor, limit)
    ahead = len(found) > limit
    del found[limit:]
    if anchor and anchor.meaning.backwards:
        found.reverse()
        behind, ahead = ahead, behind
    following = _cursor(rows, found, anchor, Meaning.AFTER) if ahead else None
    preceding = _cursor(rows, found, anchor, Meaning.BEFORE) if behind else None
    await rows.finish(found)
    return KeysetPage(found, next=following, previous=preceding)


def _cursor(rows: Rows, found: Sequence[Any], origin: Anchor | None, meaning: Meaning) -> str | None:
    """The way on from the edge of a page, or, if the page is empty, from where it was looked for."""
    if found:
        edge = found[-1 if meaning is Meaning.AFTER else 0]
        return rows.codec.encode(Anchor(meaning, rows.place(edge)))
    return rows.codec.encode(Anchor(meaning.including, origin.place)) if origin else None


async def _found(rows: Rows, anchor: Anchor | None, limit: int) -> tuple[list[Any], bool]:
    """The rows of a page in the direction of its walk, one more if there are any, and whether some lie behind it."""
    if anchor is None:
        return await rows.read(None, limit + 1, backwards=False), False
    backwards, place = anchor.meaning.backwards, anchor.place
    found = await rows.read(place, limit + 2, backwards=backwards)
    if not anchor.meaning.inclusive and found and rows.is_at(found[0], place):
        del found[0]  # it lies behind the page, so there is no need to look
        return found, True
    others = await rows.read(place, 2, backwards=not backwards)
    return found, not all(rows.is_at(other, place) for other in others)
