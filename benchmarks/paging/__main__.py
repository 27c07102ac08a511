"""`python -m benchmarks.paging`: what a page costs, by its depth and the list's order.

It fills a new database of each kind with rows. Then all pagers read the same pages in turns, so that a machine that
gets busy slows all of them; compare the ratios.
"""

import asyncio
import json
import platform
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.progress import Progress

from benchmarks.paging.entries import ORDERS, entries
from benchmarks.paging.pagers import keyset, lists, offset
from benchmarks.paging.peer import sqlakeyset_pager
from benchmarks.paging.plot import draw
from benchmarks.paging.reading import cost, in_turns, targets
from benchmarks.paging.results import Result, show
from benchmarks.postgres import own_postgres

PAGE_SIZE = 50  # what a client gets that asks for none
PACKAGES = ("tortoise-orm", "asyncpg", "sqlalchemy", "sqlakeyset")


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
            seconds = await in_turns(reads)
            for (pager, (page, backwards)), read in reads.items():
                statements, buffers = (None, None) if pager == "sqlakeyset" else await cost(read, dialect)
                spent, first = (median(seconds[pager, each]) for each in ((page, backwards), (1, False)))
                results.append(
                    Result(dialect, name, pager, page, backwards, spent * 1e3, spent / first, statements, buffers)
                )
            progress.advance(task)
    return results


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
