"""Which querysets can be paged, what a page costs, and what is rejected."""

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.expressions import Q, Subquery
from tortoise.functions import Count
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from tests.kit.specimens import NOON, Keeper, Level, Mark, Specimen, Token, in_order, specimen, store
from tortoise_kit.development.testing import costs_of, recorded_statements
from tortoise_kit.models.constraints import Index
from tortoise_kit.pagination.cursor import InvalidCursor
from tortoise_kit.pagination.order import OrderError
from tortoise_kit.pagination.pages import KeysetPage, paginate
from tortoise_kit.pagination.rows import RepeatedRowError
from tortoise_kit.sql.declared import declared
from tortoise_kit.sql.descriptions import table_description

SECRETS = [b"s" * 32]
COUNT = 23


ROWS = [specimen(number) for number in range(1, COUNT + 1)]


async def page(
    queryset: QuerySet[Any], order_by: Sequence[str], cursor: str | None = None, limit: int = 4, **options: Any
) -> KeysetPage[Any]:
    found: KeysetPage[Any] = await paginate(
        queryset, order_by=order_by, limit=limit, cursor=cursor, secrets=SECRETS, **options
    )
    return found


async def walk(make: Any, order_by: Sequence[str], **options: Any) -> list[Any]:
    """All items of all pages, each of a new queryset as in requests; asserts that the way back has the same pages."""
    pages = [await page(make(), order_by, **options)]
    while pages[-1].next:
        assert len(pages) <= COUNT
        pages.append(await page(make(), order_by, pages[-1].next, **options))
    back = [pages[-1]]
    while back[-1].previous:
        assert len(back) <= COUNT
        back.append(await page(make(), order_by, back[-1].previous, **options))
    assert back[::-1] == pages
    return [item for each in pages for item in each.items]


# --- which querysets can be paged


@pytest.mark.parametrize("order", ["keeper__name", "-keeper__since", "keeper__since nulls first"])
async def test_pages_by_a_column_of_a_related_row(tables: TortoiseContext, order: str) -> None:
    with tables:
        await store(ROWS)

        for make in (
            Specimen.all,
            lambda: Specimen.all().select_related("keeper"),
            lambda: Specimen.filter(Q(keeper__name="Ada") | Q(keeper_id__isnull=True) | Q(keeper__name="Bea")),
        ):
            assert [each.id for each in await walk(make, [order])] == [row["id"] for row in in_order(ROWS, [order])]


async def test_keeps_selected_and_prefetched_relations_on_every_page(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        await Mark.bulk_create([Mark(specimen_id=row["id"], points=n) for row in ROWS for n in (1, 2)])

        found = await walk(lambda: Specimen.all().select_related("keeper").prefetch_related("marks"), ["-rank"])
        some = await walk(
            lambda: Specimen.all().prefetch_related(Prefetch("marks", queryset=Mark.filter(points=2))), ["score"]
        )

        assert [len(each.marks) for each in found] == [2] * COUNT
        assert [each.keeper.id if each.keeper else None for each in found] == [each.keeper_id for each in found]
        assert [[mark.points for mark in each.marks] for each in some] == [[2]] * COUNT


@pytest.mark.parametrize(
    "order", [["score", "level"], ["-score", "level nulls first"], ["rank", "score"], ["rank", "-score", "name"]]
)
async def test_pages_by_several_nullable_columns(tables: TortoiseContext, order: list[str]) -> None:
    with tables:
        spread = [
            specimen(
                n, rank=n % 2, score=[None, 1, 2][n % 3], level=[None, *Level][n // 3 % 3], name=[None, "a"][n // 9 % 2]
            )
            for n in range(1, COUNT + 1)
        ]
        await store(spread)

        for limit in (1, 2, 4):
            assert [each.id for each in await walk(Specimen.all, order, limit=limit)] == [
                row["id"] for row in in_order(spread, order)
            ]


async def test_pages_of_rows_that_are_filtered_by_an_aggregate(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        await Mark.bulk_create([Mark(specimen_id=row["id"]) for row in ROWS for _ in range(row["id"] % 3)])

        def make() -> QuerySet[Specimen]:
            return Specimen.annotate(extra=Count("marks")).filter(extra__gt=0)

        found = await walk(make, ["rank", "-score"])

        expected = in_order([row for row in ROWS if row["id"] % 3], ["rank", "-score"])
        assert [(each.id, each.extra) for each in found] == [(row["id"], row["id"] % 3) for row in expected]


async def test_pages_by_a_primary_key_that_is_a_uuid(tables: TortoiseContext) -> None:
    with tables:
        await Token.bulk_create([Token(code=UUID(int=n << 100), rank=n % 2) for n in range(1, 12)])

        assert [each.code.int >> 100 for each in await walk(Token.all, [])] == list(range(1, 12))
        ranked = await walk(Token.all, ["-rank"])
        assert [each.code.int >> 100 for each in ranked] == [11, 9, 7, 5, 3, 1, 10, 8, 6, 4, 2]


async def test_a_distinct_join_has_each_row_once(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        await Mark.bulk_create([Mark(specimen_id=row["id"], points=n) for row in ROWS for n in range(3)])

        joined = await walk(lambda: Specimen.filter(marks__points__gte=0).distinct(), ["rank"])
        below = await walk(
            lambda: Specimen.filter(id__in=Subquery(Mark.filter(points__gte=0).values("specimen_id"))), ["rank"]
        )

        assert [each.id for each in joined] == [row["id"] for row in in_order(ROWS, ["rank"])] == [e.id for e in below]


async def test_rows_that_a_join_repeats_raise_an_error_instead_of_an_endless_list(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        await Mark.bulk_create([Mark(specimen_id=row["id"], points=n) for row in ROWS for n in range(3)])

        with pytest.raises(RepeatedRowError, match=r"rows of Specimen several times.*Subquery"):
            await page(Specimen.filter(marks__points__gte=0), ["rank"], limit=1)


async def test_only_must_name_the_sort_keys(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)

        found = await walk(lambda: Specimen.all().only("id", "rank"), ["rank"])

        assert [each.id for each in found] == [row["id"] for row in in_order(ROWS, ["rank"])]
        with pytest.raises(OrderError, match=r"only\(\) leaves out its keys rank"):
            await page(Specimen.all().only("id", "name"), ["rank"])


@pytest.mark.only("postgres")
async def test_nan_has_a_place(tables: TortoiseContext) -> None:
    """SQLite stores NaN as NULL; on Postgres it equals itself and is larger than all other numbers."""
    with tables:
        await store([specimen(n, weight=1.5) for n in range(1, 8)])
        # The models refuse it, other programs may write it.
        await tables.db().execute_query("UPDATE kit_specimens SET weight = 'NaN' WHERE id % 2 = 1")

        assert [each.id for each in await walk(Specimen.all, ["weight"], limit=2)] == [2, 4, 6, 1, 3, 5, 7]


async def test_timestamps_of_any_offset_sort_by_time(tables: TortoiseContext) -> None:
    with tables:
        instants = [NOON + timedelta(microseconds=n) for n in range(6)]
        offsets = (timedelta(hours=14), timedelta(hours=-12), timedelta(0))
        for n, instant in enumerate(instants):
            elsewhere = instant.astimezone(timezone(offsets[n % 3]))
            await store([specimen(n + 1, found_at=NOON)])
            await Specimen.filter(id=n + 1).update(found_at=elsewhere)

        found = await walk(Specimen.all, ["found_at"], limit=1)

        assert [each.found_at for each in found] == instants
        assert await Specimen.filter(found_at__gt=instants[2].astimezone(timezone(offsets[0]))).count() == 3


# --- what a page costs


@pytest.mark.parametrize(
    ("order", "most"),
    [
        (["rank", "found_at"], 1),
        (["-rank", "-found_at"], 1),
        (["-big"], 1),
        ([], 1),
        (["score"], 1),
        (["-score"], 1),
        (["score nulls first"], 1),
        (["rank", "-found_at"], 1),
        (["-rank", "found_at", "-score"], 1),
        (["-keeper__since nulls last"], 2),
    ],
)
async def test_a_page_is_one_statement_or_two_by_a_column_of_another_table(
    tables: TortoiseContext, order: list[str], most: int
) -> None:
    with tables:
        await store(ROWS)
        counts: list[int] = []
        cursor: str | None = None
        for back in (False, True):
            following: str | None = "first"
            while following:
                with recorded_statements("specimens") as statements:
                    found = await page(Specimen.all(), order, cursor, limit=3)
                counts.append(len(statements))
                assert not any("OFFSET" in sql or "COUNT" in sql for sql, _ in statements)
                following = found.previous if back else found.next
                cursor = following or cursor

        assert max(counts) == most


async def test_a_row_that_moves_between_two_statements_is_shown_once(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(n, rank=n // 4, found_at=NOON) for n in range(1, 9)])
        first = await page(Specimen.all(), ["rank", "-found_at"], limit=1)
        connection = get_connection("specimens")
        execute = connection.execute_query
        moved: list[Any] = []

        async def execute_and_move(query: str, values: list[Any] | None = None) -> Any:
            result = await execute(query, values)
            if not moved:
                moved.append(await execute('UPDATE "kit_specimens" SET "rank" = 1 WHERE "id" = 2'))
            return result

        with patch.object(connection, "execute_query", execute_and_move):
            with_keepers = Specimen.all().select_related(
                "keeper"
            )  # which Tortoise builds each time: a statement for each range
            second = await page(with_keepers, ["rank", "-found_at"], first.next, limit=7)

        shown = [each.id for each in second.items]
        assert moved
        assert sorted(shown) == [1, 2, 4, 5, 6, 7, 8]


async def test_a_page_amid_many_equal_values_reads_only_its_own_rows(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(n, rank=0) for n in range(1, 2_001)])
        connection = get_connection("specimens")
        await connection.execute_script("CREATE INDEX many_equal ON kit_specimens (rank, id); ANALYZE kit_specimens")
        try:
            place = (await page(Specimen.all(), ["rank"], limit=1_500)).next
            with recorded_statements("specimens") as statements:
                await page(Specimen.all(), ["rank"], place)
            complaints = await costs_of(statements[0], "specimens")
        finally:
            await connection.execute_script("DROP INDEX many_equal")

        assert not complaints


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        (["rank", "-big"], ("rank", "-big", "-id")),
        (["-rank", "big"], ("-rank", "big", "id")),
        (["score nulls first"], ("score nulls first", "id")),
        (["-score nulls last"], ("-score nulls last", "-id")),
        (["-score", "rank"], ("-score", "rank", "id")),
    ],
)
async def test_a_declared_index_serves_an_order_of_any_direction(
    tables: TortoiseContext, order: list[str], keys: tuple[str, ...]
) -> None:
    with tables:
        await store([specimen(n, rank=n % 3, big=n % 100, score=n % 10 or None) for n in range(1, 2_001)])
        connection = get_connection("specimens")
        table = table_description(Specimen, connection.capabilities.dialect, lambda _, keys: str(keys))
        index = declared(table, [Index(fields=keys, name="declared").describe()]).indexes["declared"]
        await connection.execute_script(f"{index.statement('declared', 'kit_specimens')}; ANALYZE kit_specimens")
        try:
            place = (await page(Specimen.all(), order, limit=1_500)).next
            with recorded_statements("specimens") as statements:
                await page(Specimen.all(), order, place)
            complaints = await costs_of(statements[0], "specimens")
        finally:
            await connection.execute_script("DROP INDEX declared")

        assert not complaints


async def test_a_deleted_anchor_costs_one_more_statement(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        first = await page(Specimen.all(), ["rank"])
        await Specimen.filter(id=first.items[-1].id).delete()

        with recorded_statements("specimens") as statements:
            second = await page(Specimen.all(), ["rank"], first.next)

        assert [len(statements), second.previous is not None] == [2, True]
        assert "ORDER BY" in statements[1][0]  # a look without an order is a scan


async def test_a_prefetch_is_one_more_statement_only_for_the_rows_of_the_page(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        first = await page(Specimen.all(), ["rank", "-found_at"])

        with recorded_statements("specimens") as statements:
            second = await page(Specimen.all().prefetch_related("marks"), ["rank", "-found_at"], first.next)

        prefetches = [values for sql, values in statements if "kit_marks" in sql]
        assert [sorted(values) for values in prefetches] == [sorted(each.id for each in second.items)]


async def test_every_page_has_the_same_sql(tables: TortoiseContext) -> None:
    """All values are parameters, so that a prepared statement serves all pages."""
    with tables:
        await store(ROWS)
        texts, cursor = set(), (await page(Specimen.all(), ["rank", "big"])).next
        while cursor:
            with recorded_statements("specimens") as statements:
                cursor = (await page(Specimen.all(), ["rank", "big"], cursor)).next
            texts |= {sql for sql, _ in statements}

        assert len(texts) == 1


# --- what is rejected


@pytest.mark.parametrize(
    ("queryset", "complaint"),
    [
        (lambda: Specimen.all().limit(5), "has a limit or an offset"),
        (lambda: Specimen.all().offset(5), "has a limit or an offset"),
        (lambda: Specimen.all().order_by("rank"), "sorted already"),
        (lambda: Specimen.annotate(n=Count("id")).group_by("rank"), "grouped"),
    ],
)
async def test_rejects_a_queryset_with_an_order_or_a_limit(
    tables: TortoiseContext, queryset: Any, complaint: str
) -> None:
    with tables, pytest.raises(OrderError, match=complaint):
        await page(queryset(), ["rank"])


async def test_rejects_pages_without_rows(tables: TortoiseContext) -> None:
    with tables, pytest.raises(OrderError, match="pages of 0 rows"):
        await page(Specimen.all(), ["rank"], limit=0)


async def test_rejects_the_cursor_of_another_list_before_any_statement(tables: TortoiseContext) -> None:
    with tables:
        await store(ROWS)
        cursor = (await page(Specimen.all(), ["rank"], scope="a")).next

        with recorded_statements("specimens") as statements:
            for queryset, order, scope in (
                (Specimen.all(), ["rank"], "b"),
                (Specimen.all(), ["-rank"], "a"),
                (Specimen.all(), ["score"], "a"),
                (Specimen.all(), ["rank", "score"], "a"),
                (Keeper.all(), [], "a"),
            ):
                with pytest.raises(InvalidCursor):
                    await page(queryset, order, cursor, scope=scope)

        assert statements == []
        assert (await page(Specimen.all(), ["rank"], cursor, scope="a", limit=1)).items
