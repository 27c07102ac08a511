"""What was measured, and the table of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Result:
    """One page.

    Attributes:
        order: Its name in `ORDERS`.
        page: Its number, from 1.
        backwards: Whether it was asked for as the page before another.
        milliseconds: The median on the clock, from the call to the rows in Python.
        ratio: To the same pager's first page of this order.
        statements: Sent for it; None for the peer.
        buffers: Read by Postgres, cached or not; None on SQLite and for the peer.
    """

    database: str
    order: str
    pager: str
    page: int
    backwards: bool
    milliseconds: float
    ratio: float
    statements: int | None
    buffers: int | None


def show(results: list[Result]) -> None:
    """Print the first page, the one in the middle, and that one reached from behind."""
    [middle] = {result.page for result in results if result.backwards}
    deep = f"page {middle:,}"
    headers = ["database", "order", "pager", "page 1, ms", f"{deep}, ms", "ratio", "back, ms", "statements", "buffers"]
    table = Table(*headers)
    for names, group in groupby(results, key=lambda each: (each.database, each.order, each.pager)):
        table.add_row(*names, *_row(list(group), middle))
    Console(width=120).print(table)


def _row(results: list[Result], middle: int) -> Iterator[str]:
    by_page = {(each.page, each.backwards): each for each in results}
    first, deep, back = by_page[1, False], by_page[middle, False], by_page[middle, True]
    yield f"{first.milliseconds:.2f}"
    yield f"{deep.milliseconds:.2f}"
    yield f"{deep.ratio:.2f}"
    yield f"{back.milliseconds:.2f}"
    yield _all(first.statements, deep.statements, back.statements)
    yield _all(first.buffers, deep.buffers, back.buffers)


def _all(*numbers: int | None) -> str:
    return " / ".join(f"{number:,}" for number in numbers if number is not None)
