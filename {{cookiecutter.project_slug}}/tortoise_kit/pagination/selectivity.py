"""Filters that may pass nearly all rows or nearly none, and the planner cannot tell.

Postgres knows no frequency of the beginning of a word, nor of most JSON, and assumes a hundredth of all rows or so. For
a sorted list with a limit it then walks the list's order, sure to find enough soon, and reads the whole table where
there are none: 201 000 buffers and a second for 20 of 200 000 products, which their own index finds with 104.
"""

from typing import Any

from tortoise.queryset import QuerySet

from tortoise_kit.pagination.rows import count_up_to
from tortoise_kit.sql.conditions import SQLCondition

FEW = 1_000  # rows that are found and sorted anew for each page


async def selective_filter(rows: QuerySet[Any], condition: SQLCondition) -> QuerySet[Any]:
    """The rows that pass a condition: found by its own index where they are few, else in the list's order.

    On Postgres one statement comes first, which counts up to a thousand of them. Where there are no more, the page's
    statement finds their keys before anything else, as an array whose length the planner takes for ten.
    """
    if rows._choose_db().capabilities.dialect != "postgres":
        return rows.filter(condition)
    found = await count_up_to(rows.model.filter(condition), FEW)
    return rows.filter(SQLCondition(condition.field, condition.template, condition.value, first=not found.capped))
