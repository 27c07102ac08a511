"""What the pager uses of Tortoise beyond its documentation: a release that changes it is noticed here first."""

import sqlite3
from inspect import signature
from typing import Any

import pytest
from pypika_tortoise.queries import Query, Table
from tortoise.backends.base.executor import BaseExecutor
from tortoise.context import TortoiseContext
from tortoise.expressions import Q
from tortoise.query_utils import QueryModifier
from tortoise.queryset import QuerySet

from tests.kit.specimens import Specimen
from tortoise_kit.pagination.order import Direction

PRIVATE: dict[str, Any] = {
    "_annotations": {},
    "_orderings": [],
    "_q_objects": [],
    "_limit": None,
    "_offset": None,
    "_group_bys": (),
    "_prefetch_map": {},
    "_prefetch_queries": {},
    "_fields_for_select": (),
}


@pytest.mark.only("sqlite")
async def test_a_queryset_has_the_private_parts_that_the_pager_reads(shared_tables: TortoiseContext) -> None:
    with shared_tables:
        queryset = Specimen.all()
        assert {name: getattr(queryset, name) for name in PRIVATE} == PRIVATE
        assert queryset._clone() is not queryset
    assert list(signature(QuerySet._choose_db).parameters) == ["self", "for_write"]
    assert list(signature(BaseExecutor._execute_prefetch_queries).parameters) == ["self", "instance_list"]


def test_conditions_resolve_to_criteria_and_joins() -> None:
    assert list(signature(Q.resolve).parameters) == ["self", "resolve_context"]
    assert list(signature(QueryModifier).parameters) == ["where_criterion", "joins", "having_criterion"]


def test_any_enum_serves_as_a_direction() -> None:
    """The day `Order` itself has NULLS FIRST (tortoise-orm issue 788), `Direction` can go."""
    table = Table("t")
    for direction in Direction:
        query = Query.from_(table).select(table.a).orderby(table.a, order=direction)
        assert query.get_sql().endswith(f"ORDER BY {'"a"'} {direction.value}")


def test_sqlite_knows_where_nulls_go() -> None:
    assert sqlite3.sqlite_version_info >= (3, 30), "NULLS FIRST and LAST came with SQLite 3.30"
