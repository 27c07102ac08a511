"""What `tortoise_kit.upstream.tortoise` uses of Tortoise: when a release changes it, these tests fail first."""

import sqlite3
from inspect import signature
from typing import Any

import pytest
from pypika_tortoise.queries import Query, Table
from tortoise.backends.base.executor import BaseExecutor
from tortoise.context import TortoiseContext
from tortoise.expressions import F, Q
from tortoise.functions import Count
from tortoise.query_utils import QueryModifier
from tortoise.queryset import QuerySet

from tests.kit.specimens import Mark, Specimen, specimen, store
from tortoise_kit.development.testing import recorded_statements
from tortoise_kit.pagination.order import SortDirection
from tortoise_kit.upstream.querysets import build, clauses, filtered_first, is_negated, select, sorted_without_prefetch
from tortoise_kit.upstream.tortoise import mark_saved, prefetch, saved, set_related

ON_ONE = pytest.mark.only("sqlite")  # no statement is sent
RANK = Q(rank=1)


@ON_ONE
@pytest.mark.parametrize(
    ("make", "changed"),
    [
        (lambda: Specimen.filter(RANK), {"where": [RANK]}),
        (lambda: Specimen.all().limit(3).offset(4), {"limit": 3, "offset": 4}),
        (lambda: Specimen.all().only("id", "rank"), {"only": ("id", "rank")}),
        (lambda: Specimen.annotate(n=Count("id")).group_by("rank"), {"group_by": ("rank",), "other": True}),
        (lambda: Specimen.all().distinct(), {"other": True}),
        (lambda: Specimen.all().select_related("keeper"), {"other": True}),
        (lambda: Specimen.all().prefetch_related("marks"), {"prefetches": True}),
    ],
)
async def test_clauses_are_what_a_queryset_was_given(
    shared_tables: TortoiseContext, make: Any, changed: dict[str, Any]
) -> None:
    with shared_tables:
        plain = clauses(Specimen.all())._asdict()
        given = clauses(make())._asdict()

        assert {name: value for name, value in given.items() if value != plain[name]} == changed
        assert [name for name, _ in clauses(Specimen.all().order_by("-rank")).order_by] == ["rank"]


@ON_ONE
async def test_a_changed_queryset_leaves_the_original_as_it_was(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        rows = Specimen.filter(big=2).prefetch_related("marks")
        ordered = sorted_without_prefetch(rows, [("rank", SortDirection.DESC)])
        first = filtered_first(rows, RANK)

        assert clauses(ordered).order_by == [("rank", SortDirection.DESC)]
        assert not clauses(ordered).prefetches
        assert clauses(first).where[0] is RANK
        assert (len(clauses(rows).where), clauses(rows).order_by, clauses(rows).prefetches) == (1, [], True)


def test_a_negated_condition_is_known() -> None:
    assert [is_negated(each) for each in (RANK, ~RANK, ~~RANK)] == [False, True, False]


async def test_built_sql_is_read_as_the_queryset_would_be(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2)])
        await Mark.bulk_create([Mark(specimen_id=number, points=number) for number in (1, 2)])
        rows = (
            Specimen.annotate(doubled=F("rank") * 2).select_related("keeper").prefetch_related("marks").order_by("id")
        )
        expected = await rows

        sql, parameters = build(rows)
        with recorded_statements("specimens") as statements:
            found = await select(rows, sql, parameters)
            await prefetch(rows, found)

        assert [(each.id, each.keeper) for each in found] == [(each.id, each.keeper) for each in expected]
        assert [vars(each)["doubled"] for each in found] == [2 * each.rank for each in expected]
        assert [[mark.points for mark in each.marks] for each in found] == [[1], [2]]
        assert len(statements) == 2


@ON_ONE
async def test_the_state_of_objects_is_the_one_that_tortoise_keeps(tables: TortoiseContext) -> None:
    with tables:
        one, mark = Specimen(**specimen(1)), Mark(points=1)
        assert saved([one]) == []
        mark_saved([one])
        mark.specimen = one
        set_related(one.marks, [mark])

        assert saved([one]) == [one]
        assert list(one.marks) == [mark]


def test_signatures_are_those_that_were_read() -> None:
    assert list(signature(QuerySet._choose_db).parameters) == ["self", "for_write"]
    assert list(signature(BaseExecutor._execute_prefetch_queries).parameters) == ["self", "instance_list"]
    assert list(signature(Q.resolve).parameters) == ["self", "resolve_context"]
    assert list(signature(QueryModifier).parameters) == ["where_criterion", "joins", "having_criterion"]


def test_any_enum_serves_as_a_direction() -> None:
    """Once `Order` itself has NULLS FIRST (tortoise-orm issue 788), `SortDirection` can go."""
    table = Table("t")
    for direction in SortDirection:
        query = Query.from_(table).select(table.a).orderby(table.a, order=direction)
        assert query.get_sql().endswith(f"ORDER BY {'"a"'} {direction.value}")


def test_sqlite_has_nulls_first_and_last() -> None:
    assert sqlite3.sqlite_version_info >= (3, 30), "NULLS FIRST and LAST came with SQLite 3.30"
