"""`python -m benchmarks.pool`: what the engine costs for one query and for one transaction, beside its rivals.

The same statement on the same server, by plain asyncpg's pool, by Tortoise's own engine and by ours; then again with a
model, and in a transaction. They take turns in each round, so that a machine that gets busy slows all of them;
compare the ratios. A test of the kit counts the round trips.

asyncpg's pool resets the session at each release as well, so the engine can be faster than plain asyncpg; `no reset`
is asyncpg without that and without time limits, the toughest rival.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich.console import Console
from rich.table import Table
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.models import Model
from tortoise.transactions import in_transaction
from uvicorn import Config

from tortoise_kit.db import PoolSettings, tortoise_config

ROUNDS = 5
WARM_UP = 50
POOL_SIZE = 4
BASELINE = "stock"
STOCK_ENGINE = "tortoise.backends.asyncpg"
STOCK_CREDENTIALS = ("host", "port", "user", "password", "database", "min_size", "max_size", "ssl")
QUERY = "SELECT oid, nspname FROM pg_namespace WHERE nspname = $1"
NAME = "public"

type Work = Callable[[], Awaitable[object]]
type Rivals = dict[str, dict[str, Work]]


class Namespace(Model):
    """A table that every Postgres has."""

    id = fields.IntField(primary_key=True, source_field="oid")
    name = fields.CharField(max_length=63, source_field="nspname")

    class Meta:
        table = "pg_namespace"


@dataclass(frozen=True)
class Cost:
    """Of one piece of work, in microseconds: on the clock, and of this process' CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Result:
    """One kind of work by one rival.

    Attributes:
        wall: Microseconds on the clock in the best round.
        cpu: Microseconds of this process in the round that took the fewest.
        wall_ratio: To the baseline's best, as is `cpu_ratio`.
    """

    work: str
    rival: str
    wall: float
    wall_ratio: float
    cpu: float
    cpu_ratio: float


def _by_asyncpg(pool: Any) -> dict[str, Work]:
    async def query() -> object:
        return await pool.fetch(QUERY, NAME)

    async def transaction() -> object:
        async with pool.acquire() as connection, connection.transaction():
            return await connection.fetch(QUERY, NAME)

    return {"query": query, "transaction": transaction}


def _by_tortoise(name: str) -> dict[str, Work]:
    async def query() -> object:
        return await get_connection(name).execute_query(QUERY, [NAME])

    async def model() -> object:
        return await Namespace.filter(name=NAME).using_db(get_connection(name))

    async def transaction() -> object:
        async with in_transaction(name) as client:
            return await client.execute_query(QUERY, [NAME])

    return {"query": query, "model": model, "transaction": transaction}


async def _leave_as_it_is(_connection: object) -> None:
    """In place of asyncpg's reset."""


@asynccontextmanager
async def rivals(database_url: str) -> AsyncGenerator[Rivals]:
    """Who takes part, each with an open pool of the same size."""
    settings = PoolSettings(min_size=POOL_SIZE, max_size=POOL_SIZE)
    ours = tortoise_config(database_url, models=(), pool=settings)["connections"]["default"]
    known = {key: value for key, value in ours["credentials"].items() if key in STOCK_CREDENTIALS}
    config = {
        "connections": {"stock": {"engine": STOCK_ENGINE, "credentials": known}, "ours": ours},
        "apps": {"models": {"models": [__name__], "default_connection": "ours"}},
    }
    async with (
        asyncpg.create_pool(**known) as pool,
        asyncpg.create_pool(**known, reset=_leave_as_it_is) as bare_pool,
        TortoiseContext() as context,
    ):
        await context.init(config)
        yield {
            "stock": _by_tortoise("stock"),
            "ours": _by_tortoise("ours"),
            "asyncpg": _by_asyncpg(pool),
            "asyncpg, no reset": _by_asyncpg(bare_pool),
        }


async def _cost(work: Work, times: int) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        await work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Cost(wall / times * 1e6, cpu / times * 1e6)


async def _costs(database_url: str, times: int) -> dict[tuple[str, str], list[Cost]]:
    """All rivals in turns, with each kind of work."""
    found: dict[tuple[str, str], list[Cost]] = {}
    async with rivals(database_url) as taking_part:
        for turn in range(ROUNDS + 1):  # the first one warms up
            for rival, works in taking_part.items():
                for kind, work in works.items():
                    cost = await _cost(work, times if turn else WARM_UP)
                    found.setdefault((kind, rival), []).extend([cost] if turn else [])
    return found


async def measure(database_url: str, times: int) -> list[Result]:
    """What each kind of work costs each rival."""
    costs = await _costs(database_url, times)
    wall = {key: min(cost.wall for cost in found) for key, found in costs.items()}
    cpu = {key: min(cost.cpu for cost in found) for key, found in costs.items()}
    return [
        Result(
            work=kind,
            rival=rival,
            wall=wall[kind, rival],
            wall_ratio=wall[kind, rival] / wall[kind, BASELINE],
            cpu=cpu[kind, rival],
            cpu_ratio=cpu[kind, rival] / cpu[kind, BASELINE],
        )
        for (kind, rival), found in sorted(costs.items(), key=lambda each: each[0][0])
    ]


def show(results: list[Result]) -> None:
    """Print the results as a table."""
    table = Table("work", "by", "best µs", f"/ {BASELINE}", "CPU µs", f"/ {BASELINE}")
    for each in results:
        wall, cpu = (f"{each.wall:.0f}", f"{each.wall_ratio:.2f}"), (f"{each.cpu:.0f}", f"{each.cpu_ratio:.2f}")
        table.add_row(each.work, each.rival, *wall, *cpu)
    Console().print(table)


def main(
    database_url: Annotated[str, typer.Option(help="A Postgres; nothing is written to it.")],
    times: Annotated[int, typer.Option(min=100, help="How often each work is done in a round.")] = 2000,
    output: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file, too.")] = None,
) -> None:
    """Measure one small query and one transaction through the pool, on the event loop that the server uses."""
    results = asyncio.run(measure(database_url, times), loop_factory=Config("").get_loop_factory())
    show(results)
    if output:
        document = {"results": [asdict(result) for result in results]}
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
