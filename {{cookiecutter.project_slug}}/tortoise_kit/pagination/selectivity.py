"""Filters whose selectivity the planner cannot estimate.

Postgres has no frequencies of the beginnings of words, nor of most JSON, and assumes that about a hundredth of all rows
match. For a sorted list with a limit it then reads in the list's order, expecting enough matches soon, and reads the
whole table if there are none: 201 000 buffers and a second for 20 of 200 000 products, which their own index finds
with 104.
"""

from typing import Any

from tortoise.queryset import QuerySet

from tortoise_kit.sql.compiled import compiled
from tortoise_kit.sql.conditions import SQLCondition
from tortoise_kit.upstream.tortoise import read_connection

FEW = 1_000  # rows that are found and sorted again for each page


async def selective_filter(rows: QuerySet[Any], condition: SQLCondition) -> QuerySet[Any]:
    """The rows that match a condition: read by the condition's own index if they are few, else in the list's order.

    On Postgres it sends one statement, which counts up to 1 000 matching rows of the whole table. If there are no more,
    the page's statement first finds their keys, as an array whose length the planner takes for ten.

    Args:
        rows: A queryset.
        condition: Such as `matching` and `containing` of `tortoise_kit.models` return.
    """
    db = read_connection(rows)
    if db.capabilities.dialect != "postgres":
        return rows.filter(condition)
    few = await _count_up_to(rows.model.filter(condition), FEW + 1) <= FEW
    return rows.filter(condition.prefiltered() if few else condition)


async def _count_up_to(rows: QuerySet[Any], limit: int) -> int:
    found = compiled(rows.limit(limit))
    query = f"SELECT COUNT(*) AS rows FROM ({found.text}) AS matching"  # noqa: S608  # SQL of a queryset
    [counted] = await read_connection(rows).execute_query_dict(query, found.parameters)
    return int(counted["rows"])
