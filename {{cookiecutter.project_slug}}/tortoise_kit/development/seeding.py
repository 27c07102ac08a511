"""Seed data: how much of it, from which dice, and into which tables.

A feature's `seed` takes a `SeedPlan`. All it draws comes from `plan.rng`, and all its times lie around fixed ones, so
that the same plan gives the same rows on any day and in any process.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from tortoise.connection import get_connection
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.models import Model

from tortoise_kit.bulk.copy import continue_keys
from tortoise_kit.sql.parsing import quoted

type Advance = Callable[[int], None]
"""Tells of so many more rows that are done."""

DATA_START = datetime(2024, 1, 1, tzinfo=UTC)
"""The first thing may happen now; the people and things that it happens to are older."""
DATA_END = datetime(2026, 1, 1, tzinfo=UTC)
"""The seed's idea of today: nothing in it happens later."""


REPORTED_ROWS = 100


class SeedError(Exception):
    """A database that cannot be seeded; the message is one line that says what to do."""


def _unwatched(_label: str, _total: int) -> Advance:
    return lambda _rows: None


@dataclass(frozen=True, kw_only=True)
class SeedPlan:
    """What all features seed by.

    Attributes:
        size: Of the data, 1 or more: so many rows in the largest tables, and in the others what fits them.
        track: Called with a label and a number of rows as they are begun; what it returns is told of the progress.
    """

    size: int
    track: Callable[[str, int], Advance] = _unwatched

    def rng(self, name: str) -> random.Random:
        """A source of chance for one feature, so that another feature's draws do not change its rows."""
        return random.Random(f"{name} {self.size}")  # noqa: S311  # data to play with, no secrets


def timestamps(rng: random.Random, start: datetime, end: datetime, count: int) -> Iterator[datetime]:
    """That many instants from `start` to before `end`, evenly spread but for chance, in ascending order."""
    step = (end - start) / count
    for number in range(count):
        yield start + timedelta(microseconds=int((number + rng.random()) * (step / timedelta(microseconds=1))))


def with_progress[Row](rows: Iterable[Row], advance: Advance) -> Iterator[Row]:
    """The same rows, with their number told as they pass, a hundred at a time."""
    for batch in batched(rows, REPORTED_ROWS):
        yield from batch
        advance(len(batch))


async def require_empty(models: Iterable[type[Model]], *, migrate_command: str) -> None:
    """Refuse a database that has no tables yet, or rows that seed data would mix with.

    Raises:
        SeedError: A table is missing, or holds a row.
    """
    for model in models:
        table = model._meta.db_table
        if not await _exists(table):
            message = f"The database has no table {table}: run `{migrate_command}` first."
            raise SeedError(message)
        if await model.exists():
            message = f"The table {table} holds rows already: seed an empty database, or delete the rows first."
            raise SeedError(message)


async def _exists(table: str) -> bool:
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        query = "SELECT 1 AS found WHERE to_regclass($1) IS NOT NULL"
        return bool(await connection.execute_query_dict(query, [quoted(table)]))
    query = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(await connection.execute_query_dict(query, [table]))


async def reset_sequences_and_analyze(models: Collection[type[Model]]) -> None:
    """After a load: generated keys go on after the loaded ones, and the planner knows the tables' new sizes."""
    for model in models:
        await continue_keys(model)
    connection = get_connection("default")
    for table in sorted({table for model in models for table in _tables(model)}):
        await connection.execute_script(f"ANALYZE {quoted(table)}")


def _tables(model: type[Model]) -> Iterator[str]:
    """The model's own table, and those of its many-to-many links."""
    yield model._meta.db_table
    for field in model._meta.fields_map.values():
        if isinstance(field, ManyToManyFieldInstance):
            yield field.through
