"""Pages are right for any rows, order, limit and concurrent changes. The oracle is Python's sort."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from tests.kit.conftest import empty
from tests.kit.specimens import Row, Specimen, in_order, orders, rows, store
from tortoise_kit.pagination.pages import KeysetPage, paginate

SECRETS = [b"s" * 32]
LOOSE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}
each_run = settings(max_examples=50, **LOOSE)  # type: ignore[arg-type]
each_night = settings(max_examples=3_000, **LOOSE)  # type: ignore[arg-type]


@dataclass(frozen=True)
class List:
    """A list as a client sees it."""

    order_by: Sequence[str]
    limit: int

    async def page(self, cursor: str | None = None) -> KeysetPage[Any]:
        return await paginate(Specimen.all(), order_by=self.order_by, limit=self.limit, cursor=cursor, secrets=SECRETS)

    def ids(self, page: KeysetPage[Any]) -> list[int]:
        return [item.id for item in page.items]


lists = st.builds(List, orders(), st.integers(1, 5))


@st.composite
def tables_of_rows(draw: st.DrawFn) -> list[Row]:
    numbers = draw(st.lists(st.integers(1, 10**12), max_size=12, unique=True))
    return [{"id": number, **draw(rows)} for number in numbers]


async def check_walk(stored: list[Row], listing: List) -> None:
    """Forwards the sorted rows, backwards the same pages, and no cursor to an empty page."""
    await empty()
    await store(stored)
    expected = [row["id"] for row in in_order(stored, listing.order_by)]
    parts = [expected[at : at + listing.limit] for at in range(0, len(expected), listing.limit)] or [[]]

    pages = [await listing.page()]
    while (cursor := pages[-1].next) is not None:
        assert len(pages) < len(parts)
        pages.append(await listing.page(cursor))
    back = [pages[-1]]
    while (cursor := back[-1].previous) is not None:
        assert len(back) < len(parts)
        back.append(await listing.page(cursor))

    assert [listing.ids(page) for page in pages] == parts
    assert [listing.ids(page) for page in back] == parts[::-1]
    assert [page.previous is None for page in pages] == [True, *[False] * (len(parts) - 1)]
    assert back[::-1] == pages  # with the same cursors


@dataclass
class Walk:
    """A client that goes to and fro while rows are inserted and deleted, and what it must see."""

    listing: List
    rows: dict[int, Row]
    live: set[int]
    seen: list[int] = field(default_factory=list)

    def order(self) -> list[int]:
        """All rows, deleted ones too, in order."""
        return [row["id"] for row in in_order(self.rows.values(), self.listing.order_by)]

    def expected(self, after: int | None, before: int | None, *, inclusive: bool) -> tuple[list[int], bool, bool]:
        """The ids of a page, and whether live rows lie before and after it."""
        order = self.order()
        anchor = after if before is None else before
        at = -1 if anchor is None else order.index(anchor)
        here = {order[at]} if inclusive else set()
        if before is None:
            beyond = [i for n, i in enumerate(order) if i in self.live and (n > at or i in here)]
            page = beyond[: self.listing.limit]
            return page, len(beyond) < len(self.live), len(beyond) > len(page)
        beyond = [i for n, i in enumerate(order) if i in self.live and (n < at or i in here)]
        page = beyond[-self.listing.limit :]
        return page, len(beyond) > len(page), len(beyond) < len(self.live)


type Change = tuple[str, Any]
changes = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), rows),
        st.tuples(st.just("delete"), st.integers(0, 100)),
        st.tuples(st.sampled_from(["delete anchors", "delete ahead", "delete behind", "delete all"]), st.none()),
    ),
    max_size=2,
)
steps = st.lists(st.tuples(st.booleans(), changes), max_size=8)


async def check_changes(stored: list[Row], listing: List, course: list[tuple[bool, list[Change]]]) -> None:
    """Each page is the live rows beyond its cursor, even if the row that the cursor was created from is deleted."""
    await empty()
    await store(stored)
    walk = Walk(listing, {row["id"]: row for row in stored}, {row["id"] for row in stored})
    page = await listing.page()
    shown, before, after = walk.expected(None, None, inclusive=False)
    origin: int | None = None
    for backwards, between in course:
        assert (listing.ids(page), page.previous is not None, page.next is not None) == (shown, before, after)
        cursor = page.previous if backwards else page.next
        if cursor is None:
            continue
        anchor = (shown[0] if backwards else shown[-1]) if shown else origin
        inclusive = not shown
        for kind, detail in between:
            await _change(walk, kind, detail, shown)
        page = await listing.page(cursor)
        origin = anchor
        places = {"before": anchor, "after": None} if backwards else {"before": None, "after": anchor}
        shown, before, after = walk.expected(**places, inclusive=inclusive)
    assert (listing.ids(page), page.previous is not None, page.next is not None) == (shown, before, after)


async def _change(walk: Walk, kind: str, detail: Any, shown: list[int]) -> None:
    if kind == "insert":
        number = max(walk.rows, default=0) // 2 + len(walk.rows) * 7 + 3
        while number in walk.rows:
            number += 1
        row = {"id": number, **detail}
        walk.rows[number] = row
        walk.live.add(number)
        await store([row])
        return
    gone = _going(walk, kind, detail, shown) & walk.live
    walk.live -= gone
    await Specimen.filter(id__in=list(gone)).delete()


def _going(walk: Walk, kind: str, detail: Any, shown: list[int]) -> set[int]:
    order = walk.order()
    if kind == "delete":
        return {order[detail % len(order)]} if order else set()
    if kind == "delete all":
        return set(order)
    if kind == "delete anchors":
        return {shown[0], shown[-1]} if shown else set()
    if not shown:
        return set()
    return set(order[order.index(shown[-1]) + 1 :] if kind == "delete ahead" else order[: order.index(shown[0])])


@each_run
@given(tables_of_rows(), lists)
async def test_a_walk_shows_the_sorted_rows_in_both_directions(
    shared_tables: TortoiseContext, stored: list[Row], listing: List
) -> None:
    with shared_tables:
        await check_walk(stored, listing)


@each_run
@given(tables_of_rows(), lists, steps)
async def test_pages_are_right_while_rows_are_inserted_and_deleted(
    shared_tables: TortoiseContext, stored: list[Row], listing: List, course: list[tuple[bool, list[Change]]]
) -> None:
    with shared_tables:
        await check_changes(stored, listing, course)


@pytest.mark.nightly
@each_night
@given(tables_of_rows(), lists)
async def test_thousands_of_walks_show_the_sorted_rows(
    shared_tables: TortoiseContext, stored: list[Row], listing: List
) -> None:
    with shared_tables:
        await check_walk(stored, listing)


@pytest.mark.nightly
@each_night
@given(tables_of_rows(), lists, steps)
async def test_thousands_of_pages_are_right_while_rows_are_inserted_and_deleted(
    shared_tables: TortoiseContext, stored: list[Row], listing: List, course: list[tuple[bool, list[Change]]]
) -> None:
    with shared_tables:
        await check_changes(stored, listing, course)
