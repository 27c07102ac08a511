"""What is measured without requests: deep pages, and rows in bulk."""

import asyncio
from importlib import import_module

from rich.progress import Progress

from benchmarks import bulk
from benchmarks.compare.results import Measure, Rounds
from benchmarks.paging import reading
from benchmarks.paging.entries import ORDERS, entries
from benchmarks.paging.pagers import lists

PAGE_SIZE = 50
PAGE_1, PAGE_LAST = "page 1", "last page"
PAGES = {f"page, {name} order": order for name, order in ORDERS.items()}
ROWS_AT_ONCE = 10_000
INSERT, COPY = "insert_many", "COPY, no keys"


def bulk_subject(kind: str) -> str:
    """The name of one kind of work."""
    return f"{kind} {ROWS_AT_ONCE:,} rows"


def pages(database_url: str, *, rows: int, rounds: int) -> Rounds:
    """The first page and the last that has a next page, in each order, as the service's lists read them."""
    with Progress() as progress:
        return asyncio.run(_pages(database_url, rows, rounds, progress))


async def _pages(database_url: str, rows: int, rounds: int, progress: Progress) -> Rounds:
    found = Rounds()
    async with entries(database_url, rows, progress) as dialect:
        for subject, order in PAGES.items():
            wanted = await reading.targets(order, rows, PAGE_SIZE)
            last = max(page for page, backwards in wanted if not backwards)
            reads = {PAGE_1: lists(wanted[1, False]), PAGE_LAST: lists(wanted[last, False])}
            for name, seconds in (await reading.in_turns(reads, rounds)).items():
                for each in seconds:
                    found.add(subject, name, {Measure.TIME: each * 1e3})
                statements, buffers = await reading.cost(reads[name], dialect)
                found.add(subject, name, {Measure.STATEMENTS: statements, Measure.BUFFERS: buffers})
    return found


def rows_in_bulk(database_url: str, *, rounds: int) -> Rounds:
    """Inserts, upserts and updates by the kit, by SQLAlchemy Core and by COPY."""
    found = Rounds()
    timed = asyncio.run(bulk.timed(database_url, ROWS_AT_ONCE, import_module("sqlalchemy"), rounds))
    for (kind, rival), milliseconds in timed.items():
        for each in milliseconds:
            found.add(bulk_subject(kind), rival, {Measure.TIME: each})
    return found
