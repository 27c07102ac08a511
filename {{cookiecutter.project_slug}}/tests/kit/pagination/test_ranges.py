"""The statement of a range scan from the cache is the one that is built from scratch."""

from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.queryset import QuerySet

from tests.kit.specimens import NOON, VALUES, Grade, Specimen, specimen, store
from tortoise_kit.pagination import ranges as module
from tortoise_kit.pagination.order import parse_order
from tortoise_kit.pagination.ranges import range_query, range_scan, ranges
from tortoise_kit.sql import compiled
from tortoise_kit.sql.compiled import CompiledQuery, cached, union_all
from tortoise_kit.upstream.querysets import sorted_without_prefetch

COUNT = 7
FILTERED: dict[str, Any] = {"grade__in": list(Grade), "day__isnull": False, "found_at__lte": NOON}
COLUMNS = sorted({*VALUES, "id"})


@st.composite
def orders_with_places(draw: st.DrawFn) -> tuple[list[str], list[list[Any]]]:
    """An order by columns of the table itself, and three places in it."""
    names = draw(st.lists(st.sampled_from(COLUMNS), max_size=3, unique=True))
    order_by = [draw(st.sampled_from(["", "-"])) + name for name in names]
    choices = {**VALUES, "id": [1, 2, 2**62]}
    keys = parse_order(Specimen, order_by)
    return order_by, [[draw(st.sampled_from(choices[key.name])) for key in keys] for _ in range(3)]


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "scans", {})


def in_order(order_by: list[str], filters: dict[str, Any]) -> QuerySet[Specimen]:
    keys = parse_order(Specimen, order_by)
    return sorted_without_prefetch(Specimen.filter(**filters), [(key.name, key.direction) for key in keys])


def from_scratch(
    ordered: QuerySet[Specimen], order_by: list[str], place: list[Any], database: str
) -> CompiledQuery | None:
    keys = parse_order(Specimen, order_by)
    parts = [range_query(ordered, each, COUNT) for each in ranges(keys, place, row_values=database == "postgres")]
    return union_all(parts, database, COUNT) if len(parts) > 1 else cached(parts[0])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders_with_places(), st.sampled_from([{}, FILTERED]))
async def test_a_scan_has_the_sql_and_the_parameters_of_its_ranges(
    tables: TortoiseContext, database: str, drawn: tuple[list[str], list[list[Any]]], filters: dict[str, Any]
) -> None:
    order_by, places = drawn
    keys = parse_order(Specimen, order_by)
    with tables:
        for place in places:
            ordered = in_order(order_by, filters)
            expected = from_scratch(ordered, order_by, place, database)
            assert expected is not None
            assert range_scan(ordered, keys, place, COUNT) == expected


async def test_ranges_are_built_once_for_all_places_with_the_same_nulls(
    tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Mock(side_effect=ranges)
    monkeypatch.setattr(module, "ranges", counted)
    order_by = ["score", "-rank"]
    keys = parse_order(Specimen, order_by)
    with tables:
        for place in ([1, 2, 3], [4, 5, 6], [None, 5, 6], [None, 7, 8], [9, 9, 9]):
            range_scan(in_order(order_by, {}), keys, place, COUNT)

    built = [call for call in counted.call_args_list if len(call.args[0]) == len(keys)]  # the others are recursive
    assert len(built) == 2 * 2  # once with the values, once with their positions


async def test_several_ranges_return_no_more_rows_than_asked_for(tables: TortoiseContext) -> None:
    keys = parse_order(Specimen, ["score", "-rank"])
    with tables:
        await store(specimen(number, score=number % 2 or None) for number in range(1, 4 * COUNT))

        statement = range_scan(in_order(["score", "-rank"], {}), keys, [1, 7, 1], COUNT)
        assert statement is not None
        count, _ = await get_connection("specimens").execute_query(statement.text, statement.parameters)

    assert count == COUNT


async def test_there_is_no_scan_where_tortoise_must_build_each_range(tables: TortoiseContext) -> None:
    keys = parse_order(Specimen, ["keeper__name"])
    with tables:
        assert range_scan(in_order(["keeper__name"], {}), keys, ["a", 1], COUNT) is None
        assert range_scan(in_order([], {}).distinct(), parse_order(Specimen, []), [1], COUNT) is None


async def test_a_scan_whose_parameters_differ_from_tortoises_is_not_used(
    tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "encoded", lambda _model, _name, value: f"not {value}")
    with tables:
        assert range_scan(in_order(["rank"], {}), parse_order(Specimen, ["rank"]), [1, 2], COUNT) is None


async def test_the_cache_is_bounded(tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "CACHE_SIZE", 2)
    with tables:
        for name in ("rank", "day", "code", "rank"):
            assert range_scan(in_order([name], {}), parse_order(Specimen, [name]), [None, 1], COUNT)
            assert len(module.scans) <= 2
