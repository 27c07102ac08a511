"""`python -m benchmarks.pool`: what the engine costs for one query and for one transaction, beside its rivals.

The same statement on the same server: by asyncpg's pool alone, by Tortoise's own engine, and by ours. They take turns
in each round, so that a machine that gets busy slows all of them; compare the ratios.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from app.kit.pool import PoolSettings, connection

ROUNDS = 3
WARM_UP = 50
POOL_SIZE = 4
BASELINE = "asyncpg"
STOCK_ENGINE = "tortoise.backends.asyncpg"
STOCK_CREDENTIALS = ("host", "port", "user", "password", "database", "min_size", "max_size", "ssl")
QUERY = "SELECT id, name FROM (VALUES (1, 'one'), (2, 'two')) AS rows (id, name) WHERE id = $1"

type Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Result:
    """One kind of work by one rival: microseconds of each in its best round, and in half of the rounds at most."""

    work: str
    rival: str
    best_microseconds: float
    median_microseconds: float
    ratio: float


def _by_asyncpg(pool: Any) -> dict[str, Work]:
    async def query() -> object:
        return await pool.fetch(QUERY, 1)

    async def transaction() -> object:
        async with pool.acquire() as connection, connection.transaction():
            return await connection.fetch(QUERY, 1)

    return {"query": query, "transaction": transaction}


def _by_tortoise(name: str) -> dict[str, Work]:
    async def query() -> object:
        return await get_connection(name).execute_query_dict(QUERY, [1])

    async def transaction() -> object:
        async with in_transaction(name) as client:
            return await client.execute_query_dict(QUERY, [1])

    return {"query": query, "transaction": transaction}


@asynccontextmanager
async def rivals(database_url: str) -> AsyncGenerator[dict[str, dict[str, Work]]]:
    """Who takes part, each with an open pool of the same size."""
    settings = PoolSettings(min_size=POOL_SIZE, max_size=POOL_SIZE)
    ours = connection(database_url, pool=settings, application_name="benchmark")
    known = {key: value for key, value in ours["credentials"].items() if key in STOCK_CREDENTIALS}
    config = {
        "connections": {"stock": {"engine": STOCK_ENGINE, "credentials": known}, "ours": ours},
        "apps": {"models": {"models": ["aerich.models"], "default_connection": "ours"}},
    }
    async with asyncpg.create_pool(**known) as pool, TortoiseContext() as context:
        await context.init(config)
        yield {BASELINE: _by_asyncpg(pool), "stock": _by_tortoise("stock"), "ours": _by_tortoise("ours")}


async def _microseconds(work: Work, times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        await work()
    return (time.perf_counter() - begun) / times * 1e6


async def measure(database_url: str, times: int) -> list[Result]:
    """All rivals in turns, with each kind of work."""
    found: dict[tuple[str, str], list[float]] = {}
    async with rivals(database_url) as taking_part:
        for turn in range(ROUNDS + 1):  # the first one warms up
            for rival, works in taking_part.items():
                for kind, work in works.items():
                    taken = await _microseconds(work, times if turn else WARM_UP)
                    found.setdefault((kind, rival), []).extend([taken] if turn else [])
    return [
        Result(kind, rival, min(taken), median(taken), min(taken) / min(found[kind, BASELINE]))
        for (kind, rival), taken in sorted(found.items())
    ]


def show(results: list[Result]) -> None:
    """Print the results as a table."""
    table = Table("work", "by", "best µs", "median µs", f"ratio to {BASELINE}")
    for each in results:
        numbers = (f"{each.best_microseconds:.0f}", f"{each.median_microseconds:.0f}", f"{each.ratio:.2f}")
        table.add_row(each.work, each.rival, *numbers)
    Console().print(table)


def main(
    database_url: Annotated[str, typer.Option(help="A Postgres; nothing in it is read or written.")],
    times: Annotated[int, typer.Option(min=100, help="How often each work is done in a round.")] = 2000,
    output: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file, too.")] = None,
) -> None:
    """Measure one small query and one transaction through the pool."""
    results = asyncio.run(measure(database_url, times))
    show(results)
    if output:
        document = {"results": [asdict(result) for result in results]}
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
