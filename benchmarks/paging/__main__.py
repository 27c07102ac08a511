"""`python -m benchmarks.paging`: what a page costs, by its depth and the list's order.

It fills a new database of each kind with rows. Then all pagers read the same pages in turns, so that a machine that
gets busy slows all of them; compare the ratios.
"""

import asyncio
import json
import platform
import random
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Annotated, Any
from unittest.mock import patch

import typer
from rich.progress import Progress
from tortoise.connection import get_connection

from benchmarks.paging.entries import ORDERS, Entry, entries
from benchmarks.paging.pagers import Read, Target, keyset, lists, offset, sqlakeyset_pager
from benchmarks.paging.plot import draw
from benchmarks.paging.results import Result, show
from benchmarks.postgres import own_postgres

PAGE_SIZE = 50  # what a client gets that asks for none
ROUNDS = 101
SLOW_ROUNDS = 5
SLOW_SECONDS = 0.05
PACKAGES = ("tortoise-orm", "asyncpg", "sqlalchemy", "sqlakeyset")

type Statement = tuple[str, list[Any]]
type Pages = dict[tuple[int, bool], Target]


async def targets(order: tuple[str, ...], rows: int, size: int) -> Pages:
    """Pages at growing depth, and the one before the page in the middle."""
    last = rows // size
    middle = last * 2 // 5
    depths = [page for page in (1, 10, 100, 1_000, 10_000) if page < last // 2]
    pages: Pages = {}
    for page in sorted({*depths, middle, last - 1}):
        skipped = (page - 1) * size
        before = await Entry.all().order_by(*order).offset(skipped - 1).limit(1) if skipped else [None]
        pages[page, False] = Target(order, skipped, before[0], size)
    [first] = await Entry.all().order_by(*order).offset((middle - 1) * size).limit(1)
    pages[middle, True] = Target(order, (middle - 1) * size, first, size, backwards=True)
    return pages


async def measure(url: str, rows: int, size: int, progress: Progress) -> list[Result]:
    """All orders, pagers and depths on one database."""
    results: list[Result] = []
    async with entries(url, rows, progress) as dialect, sqlakeyset_pager(url) as peer:
        task = progress.add_task(f"{dialect}: reading", total=len(ORDERS))
        for name, order in ORDERS.items():
            # The peer loses rows with NULLs, so its time for them says nothing.
            pagers = {"lists": lists, "keyset": keyset, "OFFSET": offset, "sqlakeyset": peer}
            if name == "nullable":
                del pagers["sqlakeyset"]
            pages = await targets(order, rows, size)
            reads = {(pager, page): make(target) for pager, make in pagers.items() for page, target in pages.items()}
            seconds = await _in_turns(reads)
            for (pager, (page, backwards)), read in reads.items():
                statements, buffers = (None, None) if pager == "sqlakeyset" else await _cost(read, dialect)
                spent, first = seconds[pager, (page, backwards)], seconds[pager, (1, False)]
                results.append(
                    Result(dialect, name, pager, page, backwards, spent * 1e3, spent / first, statements, buffers)
                )
            progress.advance(task)
    return results


async def _in_turns(reads: dict[tuple[str, tuple[int, bool]], Read]) -> dict[tuple[str, tuple[int, bool]], float]:
    """The median of each, in seconds; each round asks all of them in another order."""
    spent: dict[tuple[str, tuple[int, bool]], list[float]] = {name: [] for name in reads}
    rng = random.Random(0)  # noqa: S311  # an order, no secret
    for read in reads.values():
        await read()
    for number in range(ROUNDS):
        for name in rng.sample(list(reads), len(reads)):
            if number >= SLOW_ROUNDS and median(spent[name]) > SLOW_SECONDS:
                continue
            begun = time.perf_counter()
            await reads[name]()
            spent[name].append(time.perf_counter() - begun)
    return {name: median(times) for name, times in spent.items()}


async def _cost(read: Read, dialect: str) -> tuple[int, int | None]:
    with recorded() as statements:
        await read()
    if dialect != "postgres":
        return len(statements), None
    return len(statements), sum([await _buffers(statement) for statement in statements])


@contextmanager
def recorded() -> Generator[list[Statement]]:
    """The statements that a block sends, with their parameters, which EXPLAIN needs."""
    connection = get_connection("default")
    execute = connection.execute_query
    statements: list[Statement] = []

    async def execute_query(query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        statements.append((query, values or []))
        return await execute(query, values)

    with patch.object(connection, "execute_query", execute_query):
        yield statements


async def _buffers(statement: Statement) -> int:
    sql, values = statement
    query = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
    [row] = await get_connection("default").execute_query_dict(query, values)
    plan = json.loads(row["QUERY PLAN"])[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def main(
    rows: Annotated[int, typer.Option(min=10_000, help="In each database.")] = 1_000_000,
    page_size: Annotated[int, typer.Option(min=1, max=100, help="Items of a page.")] = PAGE_SIZE,
    database_url: Annotated[str | None, typer.Option(help="An empty Postgres; a temporary one if none.")] = None,
    output: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file, too.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw page depth against time into this SVG file.")] = None,
) -> None:
    """Compare keyset paging with OFFSET and with sqlakeyset."""
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        results = asyncio.run(measure(f"sqlite://{folder}/benchmark.db", rows, page_size, progress))
        if database_url:
            results += asyncio.run(measure(database_url, rows, page_size, progress))
        else:
            with own_postgres() as url:
                results += asyncio.run(measure(url, rows, page_size, progress))
    show(results)
    if output:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
        packages = {package: version(package) for package in PACKAGES}
        document = {
            "rows": rows,
            "page_size": page_size,
            "machine": machine,
            "packages": packages,
            "results": [asdict(r) for r in results],
        }
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    if plot:
        draw(results, rows, page_size, plot)


if __name__ == "__main__":
    typer.run(main)
