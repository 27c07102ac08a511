"""Seed data: example rows for development, the same for the same size on any day and in any process.

A feature's `seed` takes a `SeedPlan`. It draws all random values from `plan.rng`, and all its times lie between
`DATA_START` and `DATA_END` or before them.
"""

import random
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched

from pwdlib.hashers.argon2 import Argon2Hasher
from rich.progress import Progress
from tortoise.connection import get_connection
from tortoise.fields.relational import ManyToManyFieldInstance
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tortoise_kit.security.passwords import LANES, MEMORY_KIB, PASSES
from tortoise_kit.security.weak_texts import normalized
from tortoise_kit.sql.parsing import quoted

__all__ = [
    "DATA_END",
    "DATA_START",
    "SeedError",
    "SeedPlan",
    "analyze",
    "hash_with_salt",
    "seed_database",
    "timestamps",
    "with_progress",
]

type Advance = Callable[[int], None]
"""Reports a number of rows that were written since the last call."""
type Seed = Callable[["SeedPlan"], Awaitable[None]]
"""A feature's `seed`."""

DATA_START = datetime(2024, 1, 1, tzinfo=UTC)
"""When events begin; the people and things they happen to are older."""
DATA_END = datetime(2026, 1, 1, tzinfo=UTC)
"""Today, for seed data: nothing happens later."""

BATCH_ROWS = 100


class SeedError(Exception):
    """A database that cannot be seeded; the message is one line that names the remedy."""


def _untracked(_label: str, _total: int) -> Advance:
    return lambda _rows: None


@dataclass(frozen=True, kw_only=True)
class SeedPlan:
    """What a feature's `seed` is called with.

    Attributes:
        size: The number of rows in the largest tables, 1 or more; other tables get a number that fits.
        track: Called with a label and the total number of rows before these are written; returns what to call with the
            number of rows written since.
    """

    size: int
    track: Callable[[str, int], Advance] = _untracked

    def rng(self, name: str) -> random.Random:
        """One feature's source of random values, so that another feature's draws do not change its rows."""
        return random.Random(f"{name} {self.size}")  # noqa: S311  # example data, not secrets


def timestamps(rng: random.Random, start: datetime, end: datetime, count: int) -> Iterator[datetime]:
    """`count` times in ascending order, one at random in each of as many equal parts from `start` to `end`."""
    step = (end - start) / count
    for number in range(count):
        yield start + timedelta(microseconds=int((number + rng.random()) * (step / timedelta(microseconds=1))))


def with_progress[Row](rows: Iterable[Row], advance: Advance) -> Iterator[Row]:
    """The same rows; `advance` is called for every 100 that pass."""
    for batch in batched(rows, BATCH_ROWS):
        yield from batch
        advance(len(batch))


async def seed_database(
    seeds: Iterable[Seed], models: Collection[type[Model]], *, size: int, migrate_command: str
) -> None:
    """Seed the empty database of the open context, with a progress bar: all rows, or none after an error.

    Args:
        seeds: The features' `seed` functions, in the order in which their tables depend on each other.
        models: All models with tables in the database.
        size: See `SeedPlan`.
        migrate_command: The remedy that an error names when a table is missing.

    Raises:
        SeedError: A table is missing, or holds rows already.
    """
    await _require_empty(models, migrate_command=migrate_command)
    with Progress() as progress:

        def track(label: str, total: int) -> Advance:
            task = progress.add_task(label, total=total)
            return lambda rows: progress.advance(task, rows)

        plan = SeedPlan(size=size, track=track)
        async with in_transaction():  # the next seed would reject half of it
            for seed in seeds:
                await seed(plan)
    await analyze(models)


async def _require_empty(models: Iterable[type[Model]], *, migrate_command: str) -> None:
    for model in models:
        table = model._meta.db_table
        if not await _exists(table):
            message = f"The database has no table {table}: run `{migrate_command}` first."
            raise SeedError(message)
        if await model.exists():
            message = f"The table {table} already has rows: seed an empty database, or delete the rows first."
            raise SeedError(message)


async def _exists(table: str) -> bool:
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        query = "SELECT 1 AS found WHERE to_regclass($1) IS NOT NULL"
        return bool(await connection.execute_query_dict(query, [quoted(table)]))
    query = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?"
    return bool(await connection.execute_query_dict(query, [table]))


async def analyze(models: Collection[type[Model]]) -> None:
    """Update the planner's statistics after a load."""
    connection = get_connection("default")
    for table in sorted({table for model in models for table in _tables(model)}):
        await connection.execute_script(f"ANALYZE {quoted(table)}")


def _tables(model: type[Model]) -> Iterator[str]:
    """The model's own table and its join tables."""
    yield model._meta.db_table
    for field in model._meta.fields_map.values():
        if isinstance(field, ManyToManyFieldInstance):
            yield field.through


def hash_with_salt(password: str, salt: bytes) -> str:
    """The same hash for the same salt of 8 bytes or more. For seed data only: real passwords get a random salt."""
    hasher = Argon2Hasher(memory_cost=MEMORY_KIB, time_cost=PASSES, parallelism=LANES)
    return hasher.hash(normalized(password), salt=salt)
