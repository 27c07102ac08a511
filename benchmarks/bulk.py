"""`python -m benchmarks.bulk`: rows written in bulk, beside SQLAlchemy Core and COPY.

The same rows into the same table: inserted with their keys handed back, inserted or updated, updated. All take turns in
each round, so that a machine that gets busy slows all of them; compare the ratios. COPY hands no keys back: it is the
limit. SQLAlchemy is no dependency of the service, but of its benchmarks:

    uv run --group benchmarks python -m benchmarks.bulk --database-url postgres://…
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tortoise_kit.bulk import copy_many, insert_many, update_many, upsert_many
from tortoise_kit.db import PoolSettings, tortoise_config

ROUNDS = 5
TABLE = "benchmark_rows"
BASELINE = "sqlalchemy"
MISSING = "Not measured: SQLAlchemy is missing; begin the command by `uv run --group benchmarks`."

type Row = dict[str, Any]
type Work = Callable[[list[Row]], Awaitable[object]]


class BenchmarkRow(Model):
    """What is written: the columns of a product."""

    id = fields.BigIntField(primary_key=True)
    sku = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=200)
    price = fields.DecimalField(max_digits=12, decimal_places=2)
    stock = fields.IntField()
    attributes = fields.JSONField[dict[str, Any]]()
    created_at = fields.DatetimeField()

    class Meta:
        table = TABLE


COLUMNS = ("sku", "name", "price", "stock", "attributes", "created_at")


@dataclass(frozen=True)
class Result:
    """One kind of work by one rival: milliseconds of the median round, and their ratio to the baseline's."""

    work: str
    rival: str
    median_milliseconds: float
    ratio: float


def new_rows(count: int) -> list[Row]:
    """That many rows, without keys."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        {
            "sku": f"SKU-{number:08}",
            "name": f"Product number {number}",
            "price": Decimal(number) / 100,
            "stock": number % 500,
            "attributes": {"colour": "red", "number": number},
            "created_at": begin + timedelta(seconds=number),
        }
        for number in range(count)
    ]


def ours() -> dict[tuple[str, str], Work]:
    """By the kit."""

    async def insert(rows: list[Row]) -> object:
        return await insert_many([BenchmarkRow(**row) for row in rows])

    async def update(rows: list[Row]) -> object:
        return await update_many([row["object"] for row in rows], COLUMNS)

    return {
        ("insert", "insert_many"): insert,
        ("insert", "COPY, no keys"): lambda rows: copy_many(
            BenchmarkRow, COLUMNS, ([row[name] for name in COLUMNS] for row in rows)
        ),
        ("upsert", "upsert_many"): lambda rows: upsert_many(BenchmarkRow, rows, conflict=("sku",)),
        ("update", "update_many"): update,
    }


def by_sqlalchemy(engine: Any, sa: Any) -> dict[tuple[str, str], Work]:
    """By SQLAlchemy Core, as its documentation shows."""
    postgresql = import_module("sqlalchemy.dialects.postgresql")
    table = sa.Table(
        TABLE,
        sa.MetaData(),
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("sku", sa.String(40)),
        sa.Column("name", sa.String(200)),
        sa.Column("price", sa.Numeric(12, 2)),
        sa.Column("stock", sa.Integer),
        sa.Column("attributes", postgresql.JSONB),
        sa.Column("created_at", sa.DateTime(timezone=True)),
    )

    async def run(statement: Any, rows: list[Row]) -> object:
        async with engine.begin() as opened:
            result = await opened.execute(statement, rows)
            return result.scalars().all() if result.returns_rows else result.rowcount

    async def update(rows: list[Row]) -> object:
        values = {name: sa.bindparam(name) for name in COLUMNS}
        changed = table.update().where(table.c.id == sa.bindparam("key")).values(values)
        return await run(changed, [{"key": row["id"], **{name: row[name] for name in COLUMNS}} for row in rows])

    async def upsert(rows: list[Row]) -> object:
        new = postgresql.insert(table)
        changes = {name: new.excluded[name] for name in COLUMNS[1:]}
        return await run(new.on_conflict_do_update(index_elements=["sku"], set_=changes).returning(table.c.id), rows)

    return {
        ("insert", BASELINE): lambda rows: run(table.insert().returning(table.c.id), rows),
        ("upsert", BASELINE): upsert,
        ("update", BASELINE): update,
    }


@asynccontextmanager
async def rivals(database_url: str, sa: Any) -> AsyncGenerator[dict[tuple[str, str], Work]]:
    """Who takes part, on a table that is dropped afterwards."""
    pool = PoolSettings(statement_timeout=60, command_timeout=61)
    config = tortoise_config(database_url, models=[__name__], pool=pool)
    url = f"postgresql+asyncpg://{database_url.partition('://')[2]}"
    engine = import_module("sqlalchemy.ext.asyncio").create_async_engine(url)
    async with TortoiseContext() as context:
        await context.init(config)
        await context.generate_schemas()
        try:
            yield {**ours(), **by_sqlalchemy(engine, sa)}
        finally:
            await engine.dispose()
            await get_connection("default").execute_script(f"DROP TABLE {TABLE}")


async def _prepared(kind: str, count: int) -> list[Row]:
    """An empty table for inserts; for upserts half of the rows are there, for updates all."""
    rows = new_rows(count)
    await get_connection("default").execute_script(f"TRUNCATE {TABLE}")
    if kind == "upsert":
        await insert_many([BenchmarkRow(**row) for row in rows[::2]])
    if kind == "update":
        objects = await insert_many([BenchmarkRow(**row) for row in rows])
        for each in objects:
            each.stock = 7
        rows = [{**row, "id": each.id, "stock": 7, "object": each} for each, row in zip(objects, rows, strict=True)]
    return rows


async def timed(database_url: str, count: int, sa: Any, rounds: int = ROUNDS) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of each kind of work by each rival, in each round; all take turns."""
    taken: dict[tuple[str, str], list[float]] = {}
    async with rivals(database_url, sa) as works:
        for turn in range(rounds + 1):  # the first one warms up
            for (kind, rival), work in works.items():
                rows = await _prepared(kind, count)
                begun = time.perf_counter()
                await work(rows)
                seconds = time.perf_counter() - begun
                taken.setdefault((kind, rival), []).extend([seconds * 1e3] if turn else [])
    return taken


async def measure(database_url: str, count: int, sa: Any) -> list[Result]:
    """The median of each kind of work by each rival."""
    medians = {each: median(times) for each, times in (await timed(database_url, count, sa)).items()}
    return [
        Result(kind, rival, milliseconds, milliseconds / medians[kind, BASELINE])
        for (kind, rival), milliseconds in sorted(medians.items())
    ]


def show(results: list[Result]) -> None:
    """Print the results as a table."""
    table = Table("work", "by", "median ms", f"ratio to {BASELINE}")
    for each in results:
        table.add_row(each.work, each.rival, f"{each.median_milliseconds:.0f}", f"{each.ratio:.2f}")
    Console().print(table)


def main(
    database_url: Annotated[str, typer.Option(help=f"A Postgres; the table {TABLE} is made there, and dropped.")],
    rows: Annotated[int, typer.Option(min=100, help="How many are written at once.")] = 10_000,
    output: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file, too.")] = None,
) -> None:
    """Measure inserts with their keys, upserts and updates of many rows."""
    try:
        sa = import_module("sqlalchemy")
    except ModuleNotFoundError as error:
        typer.echo(MISSING, err=True)
        raise typer.Exit(1) from error
    results = asyncio.run(measure(database_url, rows, sa))
    show(results)
    if output:
        document = {"results": [asdict(result) for result in results]}
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
