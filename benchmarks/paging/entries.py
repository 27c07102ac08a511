"""The rows that are paged through, and the orders they are paged in."""

import random
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from rich.progress import Progress
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tortoise_kit.bulk import copy_many
from tortoise_kit.db import PoolSettings, tortoise_config
from tortoise_kit.models import UTCDatetimeField

COLUMNS = ("id", "category", "created_at", "score", "name")
CATEGORIES = 10
TIES = 5  # rows of one moment
EMPTY_SHARE = 0.2
BATCH = 10_000
START = datetime(2024, 1, 1, tzinfo=UTC)

ORDERS: dict[str, tuple[str, ...]] = {
    "uniform": ("created_at", "id"),
    "heavily tied": ("category", "id"),
    "nullable": ("score", "id"),
    "mixed": ("created_at", "-id"),
    "mixed, heavily tied": ("category", "-id"),
}
# Tortoise cannot say DESC in an index.
MIXED_INDEXES = (
    "CREATE INDEX entries_mixed ON entries (created_at, id DESC)",
    "CREATE INDEX entries_mixed_tied ON entries (category, id DESC)",
)


class Entry(Model):
    """A row with ties, gaps and some width."""

    id = fields.BigIntField(primary_key=True)
    category = fields.IntField()
    created_at = UTCDatetimeField()
    score = fields.IntField(null=True)
    name = fields.CharField(max_length=40)

    class Meta:
        table = "entries"
        indexes = (("created_at", "id"), ("category", "id"), ("score", "id"))


@asynccontextmanager
async def entries(url: str, rows: int, progress: Progress) -> AsyncGenerator[str]:
    """Fill an empty database with entries; yields its dialect."""
    pool = PoolSettings(statement_timeout=600, command_timeout=610)
    config = tortoise_config(url, models=[__name__], app="benchmark", pool=pool)
    async with TortoiseContext() as context:
        await context.init(config)
        await context.generate_schemas()
        dialect = get_connection("default").capabilities.dialect
        task = progress.add_task(f"{dialect}: loading", total=rows)
        await copy_many(Entry, COLUMNS, _told(_rows(rows), progress, task), batch_size=BATCH)
        for statement in (*MIXED_INDEXES, "ANALYZE"):
            await get_connection("default").execute_script(statement)
        if dialect == "postgres":
            await get_connection("default").execute_script("VACUUM ANALYZE entries")
        yield dialect


def _rows(number: int) -> Iterator[tuple[Any, ...]]:
    rng = random.Random(number)  # noqa: S311  # data to play with
    for at in range(1, number + 1):
        score = None if rng.random() < EMPTY_SHARE else rng.randrange(number)
        yield at, at % CATEGORIES, START + timedelta(seconds=at // TIES), score, f"entry {at} of the benchmark"


def _told(rows: Iterator[tuple[Any, ...]], progress: Progress, task: Any) -> Iterator[tuple[Any, ...]]:
    for done, row in zip(count(1), rows, strict=False):
        if done % BATCH == 0:
            progress.advance(task, BATCH)
        yield row
