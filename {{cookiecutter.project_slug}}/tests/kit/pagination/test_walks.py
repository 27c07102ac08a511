"""The statement that is put together from a known text is the one that is built from scratch."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from tests.kit.specimens import NOON, VALUES, Grade, Specimen, specimen, store
from tortoise_kit.pagination import range_scan as walks
from tortoise_kit.pagination.order import Key, keys_of
from tortoise_kit.pagination.ranges import segments
from tortoise_kit.sql import compiled as query_texts
from tortoise_kit.sql.compiled import Statement, chained, known_statement

COUNT = 7
FILTERED: dict[str, Any] = {"grade__in": list(Grade), "day__isnull": False, "found_at__lte": NOON}
COLUMNS = sorted({*VALUES, "id"})


@st.composite
def orders_with_places(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    """An order by columns of the table itself, and three places in it."""
    names = draw(st.lists(st.sampled_from(COLUMNS), max_size=3, unique=True))
    order_by = [draw(st.sampled_from(["", "-"])) + name for name in names]
    choices = {**VALUES, "id": [1, 2, 2**62]}
    keys = keys_of(Specimen, order_by)
    return order_by, [[draw(st.sampled_from(choices[key.name])) for key in keys] for _ in range(3)]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "_walks", {})


def in_order(order_by: list[str], filters: dict[str, Any]) -> QuerySet[Specimen]:
    keys = keys_of(Specimen, order_by)
    ordered = Specimen.filter(**filters)
    ordered._orderings = [(key.name, key.direction) for key in keys]
    return ordered


def from_scratch(ordered: QuerySet[Specimen], order_by: list[str], place: list[Any], *, rows: bool) -> Statement | None:
    keys = keys_of(Specimen, order_by)
    parts = [walks.part_of(ordered, segment, COUNT) for segment in segments(keys, place, rows=rows)]
    return chained(parts, COUNT) if len(parts) > 1 else known_statement(parts[0])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders_with_places(), st.sampled_from([{}, FILTERED]))
async def test_it_has_the_text_and_the_parameters_of_the_segments(
    tables: TortoiseContext, database: str, drawn: tuple[list[str], list[list[Any]]], filters: dict[str, Any]
) -> None:
    order_by, places = drawn
    keys = keys_of(Specimen, order_by)
    with tables:
        for place in places:
            ordered = in_order(order_by, filters)
            expected = from_scratch(ordered, order_by, place, rows=database == "postgres")
            assert expected is not None
            assert walks.walk(ordered, keys, place, COUNT) == expected


async def test_it_builds_the_segments_once_for_all_places_with_the_same_nulls(
    tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def counted(keys: Sequence[Key], place: Sequence[Any], *, rows: bool) -> Iterator[Q]:
        built.append(place)
        return segments(keys, place, rows=rows)

    monkeypatch.setattr(walks, "segments", counted)
    order_by = ["score", "-rank"]
    keys = keys_of(Specimen, order_by)
    with tables:
        for place in ([1, 2, 3], [4, 5, 6], [None, 5, 6], [None, 7, 8], [9, 9, 9]):
            walks.walk(in_order(order_by, {}), keys, place, COUNT)

    assert len(built) == 2 * 2  # once with the values, once with marks in their places


async def test_several_ranges_together_give_no_more_rows_than_asked_for(tables: TortoiseContext) -> None:
    keys = keys_of(Specimen, ["score", "-rank"])
    with tables:
        await store(specimen(number, score=number % 2 or None) for number in range(1, 4 * COUNT))

        statement = walks.walk(in_order(["score", "-rank"], {}), keys, [1, 7, 1], COUNT)
        assert statement is not None
        count, _ = await get_connection("specimens").execute_query(*statement)

    assert count == COUNT


async def test_where_tortoise_must_build_each_segment_there_is_none(tables: TortoiseContext) -> None:
    keys = keys_of(Specimen, ["keeper__name"])
    with tables:
        assert walks.walk(in_order(["keeper__name"], {}), keys, ["a", 1], COUNT) is None
        assert walks.walk(in_order([], {}).distinct(), keys_of(Specimen, []), [1], COUNT) is None


async def test_a_parameter_that_would_be_another_than_tortoises_is_never_sent(
    tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "encoded", lambda _model, _name, value: f"not {value}")
    with tables:
        assert walks.walk(in_order(["rank"], {}), keys_of(Specimen, ["rank"]), [1, 2], COUNT) is None


async def test_it_keeps_a_bounded_number_of_forms(tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_texts, "MAX_FORMS", 2)
    with tables:
        for name in ("rank", "day", "code", "rank"):
            assert walks.walk(in_order([name], {}), keys_of(Specimen, [name]), [None, 1], COUNT)
            assert len(walks._walks) <= 2


def test_names_that_look_like_parameters_keep_their_names() -> None:
    text = 'SELECT "a$1" FROM "t" WHERE "a$1">=$1 AND "b"=$2'

    assert query_texts._renumbered(text, 3) == 'SELECT "a$1" FROM "t" WHERE "a$1">=$4 AND "b"=$5'
