"""What is sent to the database while a block runs: a log, and a budget for it.

with recorded_queries() as log: ...      each statement with its time, rows and line of code
with query_budget(3): ...                at most three queries, or an error that lists them
with query_budget(exactly=2): ...        neither more nor less

Our engines report every statement where it is handed to the driver, BEGIN and COMMIT, bulk inserts and COPY too, also
those of tasks that the block starts. Without a block that watches, a report is one read of a context variable. Not
seen are runs of a statement prepared by hand and of a cursor: they are reported once, when they are made.
"""

from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from tortoise_kit.sql.call_site import call_site
from tortoise_kit.sql.fingerprints import Kind, kind_of, shape_of


@dataclass(slots=True)
class Statement:
    """One statement; its parameters are never kept.

    Attributes:
        text: As the driver got it.
        kind: What it is for.
        many: Whether it was run for many rows at once, by the driver's bulk calls.
        site: The service's line that asked for it, such as `app/orders/queries.py:31`, if any.
        seconds: Until its answer was there; 0 while it runs. Waiting for a connection is not in it.
        rows: Returned or changed; None where the driver does not say.
    """

    text: str
    kind: Kind
    many: bool
    site: str | None
    seconds: float = 0.0
    rows: int | None = None


class Watcher:
    """Is told of each statement before it is sent, and may raise to refuse it.

    Attributes:
        ended: Whether its block is left; a task that outlives the block is watched no more.
    """

    ended = False

    def begin(self, statement: Statement) -> None:
        """A statement is about to be sent; its `seconds` and `rows` are filled in when it is answered."""

    def start_again(self) -> None:
        """What was sent is undone and will be sent once more: a transaction lost and is tried again."""


_watchers: ContextVar[tuple[Watcher, ...]] = ContextVar("query_watchers", default=())


@contextmanager
def watched_by[W: Watcher](watcher: W) -> Iterator[W]:
    """Let `watcher` see what this block sends, beside those of the blocks around it."""
    token = _watchers.set((*_watchers.get(), watcher))
    try:
        yield watcher
    finally:
        watcher.ended = True
        _watchers.reset(token)


@contextmanager
def unwatched() -> Iterator[None]:
    """For what an engine sends on its own account: nobody is told."""
    token = _watchers.set(())
    try:
        yield
    finally:
        _watchers.reset(token)


def observed[T](text: str, work: Coroutine[Any, Any, T], *, many: bool = False) -> Coroutine[Any, Any, T]:
    """For engines: the driver's work on a statement, to be awaited, and reported to whoever watches."""
    watchers = _watchers.get()
    return _observed(watchers, Statement(text, kind_of(text), many, call_site()), work) if watchers else work


def tried_again() -> None:
    """For transactions: the next try begins."""
    for watcher in _watchers.get():
        watcher.start_again()


def noted(text: str) -> None:
    """For engines: a statement whose run cannot be seen."""
    if watchers := _watchers.get():
        _begin(watchers, Statement(text, kind_of(text), many=False, site=call_site()))


async def _observed[T](watchers: tuple[Watcher, ...], statement: Statement, work: Coroutine[Any, Any, T]) -> T:
    try:
        _begin(watchers, statement)
    except BaseException:
        work.close()  # it was refused, and nobody else will await it
        raise
    begun = perf_counter()
    try:
        result = await work
        statement.rows = _rows(result)
    finally:
        statement.seconds = perf_counter() - begun
    return result


def _begin(watchers: tuple[Watcher, ...], statement: Statement) -> None:
    for watcher in watchers:
        if not watcher.ended:
            watcher.begin(statement)


def _rows(result: object) -> int | None:
    """The number in a driver's answer: of rows, or at the end of a status such as `INSERT 0 5`."""
    if isinstance(result, list):
        return len(result)
    status = result[1].decode() if isinstance(result, tuple) else result  # asyncpg: rows, status, whether complete
    last = status.rpartition(" ")[2] if isinstance(status, str) else ""
    return int(last) if last.isdecimal() else None


class QueryLog(Watcher):
    """All statements of a block, in the order they were sent."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def begin(self, statement: Statement) -> None:
        """Keep it."""
        self.statements.append(statement)

    @property
    def queries(self) -> list[Statement]:
        """Without BEGIN, COMMIT, savepoints and settings of the session."""
        return [statement for statement in self.statements if statement.kind is Kind.QUERY]

    @property
    def seconds(self) -> float:
        """What all of them took; those that ran side by side are added up."""
        return sum(statement.seconds for statement in self.statements)

    def __str__(self) -> str:
        """The queries by shape, the most frequent first, each with its number and the lines that asked for it."""
        shapes = Counter(shape_of(statement.text) for statement in self.queries)
        sites = Counter((shape_of(statement.text), statement.site) for statement in self.queries)
        lines = []
        for shape, count in shapes.most_common():
            lines.append(f"  {count} x {shape}")
            lines += [f"      {times} x at {site}" for (of, site), times in sites.items() if of == shape and site]
        return "\n".join(lines)


class QueryBudgetError(Exception):
    """A block sent more queries than its budget, or another number than exactly that."""


@contextmanager
def recorded_queries() -> Iterator[QueryLog]:
    """What this block sends; the log is filled while it runs and stays as it is afterwards."""
    with watched_by(QueryLog()) as log:
        yield log


@contextmanager
def query_budget(most: int | None = None, *, exactly: int | None = None) -> Iterator[QueryLog]:
    """Hold what this block sends to a number of queries. An error of the block itself goes first.

    Args:
        most: Queries at most, 0 or more; BEGIN, COMMIT, savepoints and settings of the session are not counted.
        exactly: So many, instead of `most`.

    Raises:
        QueryBudgetError: At the block's end, with all queries, their numbers and the lines that asked for them.
    """
    if (most is None) == (exactly is None):
        message = "A query budget is a number at most, or exactly=NUMBER; give one of them."
        raise TypeError(message)
    with recorded_queries() as log:
        yield log
    sent = len(log.queries)
    if (most is not None and sent > most) or (exactly is not None and sent != exactly):
        allowed = f"at most {most}" if exactly is None else f"exactly {exactly}"
        message = f"{sent} queries were sent, and the budget is {allowed}:\n{log}"
        raise QueryBudgetError(message)
