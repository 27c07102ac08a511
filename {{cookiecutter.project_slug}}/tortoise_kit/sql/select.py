"""Models read by SQL that is built once: for what every request reads, where building it costs as much again."""

from typing import Any

from tortoise.models import Model
from tortoise.queryset import QuerySet

from tortoise_kit.sql.compiled import Statement, known_statement


async def first[Row: Model](queryset: QuerySet[Row]) -> Row | None:
    """The first model of a queryset, or None; as `queryset.first()`, which builds its SQL each time."""
    one = queryset.limit(1)
    statement = None if one._prefetch_map or one._prefetch_queries else known_statement(one)
    rows = await one if statement is None else await selected(one, statement)
    return rows[0] if rows else None


async def selected(queryset: QuerySet[Any], statement: Statement) -> list[Any]:
    """The models that a statement selects as the queryset would, without what that prefetches."""
    db = queryset._choose_db()
    executor = db.executor_class(model=queryset.model, db=db)
    rows: list[Any] = await executor.execute_select(*statement)
    return rows
