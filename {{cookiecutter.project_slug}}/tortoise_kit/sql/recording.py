"""The statements that a block sends: watchers, and a log of them.

with recorded_queries() as log: ...      each statement with its time, rows and line of code

The kit's engines report every statement when they pass it to the driver: BEGIN and COMMIT, bulk inserts and COPY, and
those of tasks that the block starts. Outside such a block a report is one read of a context variable. Two things are
reported only once, when they are created: a statement that is prepared by hand, and a cursor.
"""

from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from tortoise_kit.sql.fingerprints import Kind, call_site, fingerprint, kind_of, rows_of


@dataclass(slots=True)
class Statement:
    """One statement; its parameters are never kept.

    Attributes:
        text: The SQL, as the driver gets it.
        kind: What it is for.
        many: Whether one of the driver's bulk calls sends it, for many rows at once.
        site: The line of the service's code that sends it, such as `app/orders/queries.py:31`, if any.
        seconds: From sending it to its result, without the wait for a connection; 0 while it runs.
        rows: Returned or changed; None where the driver does not say.
    """

    text: str
    kind: Kind
    many: bool
    site: str | None
    seconds: float = 0.0
    rows: int | None = None


class Watcher:
    """Sees each statement of a block before it is sent, and may raise to stop it.

    Attributes:
        ended: Whether the block has ended; what a task sends after that is not seen.
        needs_site: Whether it reads the `site` of statements, which takes a walk through the stack.
    """

    ended = False
    needs_site = True

    def begin(self, statement: Statement) -> None:
        """Called before a statement is sent; its `seconds` and `rows` are set when it has its result."""

    def end(self, statement: Statement, error: BaseException | None) -> None:
        """Called when a statement has its result, or failed."""

    def start_again(self) -> None:
        """Called when a transaction was rolled back and is about to be retried."""


_watchers: ContextVar[tuple[Watcher, ...]] = ContextVar("query_watchers", default=())


class watched_by[W: Watcher]:  # noqa: N801 -- read as a word of `with`; as a generator it would cost three times as much
    """Let `watcher` see what this block sends, together with the watchers of the blocks around it."""

    __slots__ = ("_token", "_watcher")
    _token: Token[tuple[Watcher, ...]]

    def __init__(self, watcher: W) -> None:
        self._watcher = watcher

    def __enter__(self) -> W:
        """Begin to watch."""
        self._token = _watchers.set((*_watchers.get(), self._watcher))
        return self._watcher

    def __exit__(self, *_: object) -> None:
        """Watch no longer."""
        self._watcher.ended = True
        _watchers.reset(self._token)


@contextmanager
def suppressed() -> Iterator[None]:
    """For statements that an engine sends for itself: no watcher sees them."""
    token = _watchers.set(())
    try:
        yield
    finally:
        _watchers.reset(token)


def instrument[T](text: str, work: Coroutine[Any, Any, T], *, many: bool = False) -> Coroutine[Any, Any, T]:
    """For engines: the driver's work on a statement, to be awaited; watchers see it."""
    watchers = _watchers.get()
    return _instrumented(watchers, _statement(watchers, text, many=many), work) if watchers else work


def on_retry() -> None:
    """For transactions: the next attempt begins."""
    for watcher in _watchers.get():
        watcher.start_again()


def record(text: str) -> None:
    """For engines: a statement whose execution cannot be seen."""
    if watchers := _watchers.get():
        _begin(watchers, _statement(watchers, text, many=False))


async def _instrumented[T](watchers: tuple[Watcher, ...], statement: Statement, work: Coroutine[Any, Any, T]) -> T:
    try:
        _begin(watchers, statement)
    except BaseException:
        work.close()  # a watcher raised, and nothing else awaits it
        raise
    begun = perf_counter()
    try:
        result = await work
    except BaseException as error:
        _end(watchers, statement, begun, error)
        raise
    statement.rows = rows_of(result)
    _end(watchers, statement, begun, None)
    return result


def _statement(watchers: tuple[Watcher, ...], text: str, *, many: bool) -> Statement:
    site = call_site() if [each for each in watchers if each.needs_site] else None
    return Statement(text, kind_of(text), many, site)


def _begin(watchers: tuple[Watcher, ...], statement: Statement) -> None:
    for watcher in watchers:
        if not watcher.ended:
            watcher.begin(statement)


def _end(watchers: tuple[Watcher, ...], statement: Statement, begun: float, error: BaseException | None) -> None:
    statement.seconds = perf_counter() - begun
    for watcher in watchers:
        if not watcher.ended:
            watcher.end(statement, error)


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
        """The time of all statements; those that ran concurrently are added up."""
        return sum(statement.seconds for statement in self.statements)

    def __str__(self) -> str:
        """The queries by fingerprint, the most frequent first, each with its count and the lines that sent it."""
        counts = Counter(fingerprint(statement.text) for statement in self.queries)
        sites = Counter((fingerprint(statement.text), statement.site) for statement in self.queries)
        lines = []
        for text, count in counts.most_common():
            lines.append(f"  {count} x {text}")
            lines += [f"      {times} x at {site}" for (of, site), times in sites.items() if of == text and site]
        return "\n".join(lines)


@contextmanager
def recorded_queries() -> Iterator[QueryLog]:
    """Record what this block sends; the log grows while the block runs."""
    with watched_by(QueryLog()) as log:
        yield log
