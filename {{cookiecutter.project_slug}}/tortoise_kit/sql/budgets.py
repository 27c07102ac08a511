"""A budget for the number of queries of a block.

with query_budget(3): ...                at most three queries, or an error that lists them
with query_budget(exactly=2): ...        exactly two
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tortoise_kit.sql.recording import QueryLog, recorded_queries


class QueryBudgetError(Exception):
    """A block sent more queries than its budget allows, or not exactly as many."""


@contextmanager
def query_budget(most: int | None = None, *, exactly: int | None = None) -> Iterator[QueryLog]:
    """Limit how many queries this block may send. An error that the block raises goes first.

    Args:
        most: The most queries, 0 or more; BEGIN, COMMIT, savepoints and settings of the session are not counted.
        exactly: The exact number instead of `most`.

    Raises:
        QueryBudgetError: When the block ends, with all its queries, how often each was sent and from which lines.
        TypeError: Both numbers are passed, or neither.
    """
    if (most is None) == (exactly is None):
        message = "A query budget is a maximum or exactly=NUMBER; pass one of them."
        raise TypeError(message)
    with recorded_queries() as log:
        yield log
    sent = len(log.queries)
    if (most is not None and sent > most) or (exactly is not None and sent != exactly):
        allowed = f"at most {most}" if exactly is None else f"exactly {exactly}"
        message = f"{sent} queries were sent, and the budget is {allowed}:\n{log}"
        raise QueryBudgetError(message)
