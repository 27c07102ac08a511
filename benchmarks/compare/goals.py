"""What the service must show: ratios of one run, so that the machine matters little."""

from dataclasses import dataclass
from typing import Literal

from benchmarks.compare.results import Result
from benchmarks.compare.subjects import ASYNCPG, BARE, BEFORE, CREATE, KEY, LIMIT, LIST, SERVICE, SQLALCHEMY, SUBJECTS

MIDDLEWARE_MICROSECONDS = 60
SLOWER = 1.05  # than an older service, at most


@dataclass(frozen=True)
class Goal:
    """A bound on one number.

    Attributes:
        kind: Of app CPU, of requests per second, of memory, or of what all middlewares cost, in microseconds.
        twin: What the service is divided by; for middlewares the service without them, subtracted.
        at_most: Whether less is better.
    """

    kind: Literal["CPU", "requests/s", "memory", "middleware µs"]
    subject: str
    twin: str
    bound: float
    at_most: bool

    def reached(self, value: float) -> bool:
        """Whether a number is within the bound."""
        return value <= self.bound if self.at_most else value >= self.bound


GOALS = (
    Goal("CPU", LIST, SQLALCHEMY, 1 / 6, at_most=True),
    Goal("requests/s", LIST, SQLALCHEMY, 5, at_most=False),
    Goal("CPU", KEY, SQLALCHEMY, 1 / 3, at_most=True),
    Goal("requests/s", KEY, SQLALCHEMY, 4, at_most=False),
    Goal("requests/s", LIST, ASYNCPG, 1.2, at_most=False),
    Goal("requests/s", KEY, ASYNCPG, 1.0, at_most=False),
    Goal("requests/s", LIST, LIMIT, 0.6, at_most=False),
    Goal("requests/s", CREATE, SQLALCHEMY, 1.5, at_most=False),
    Goal("memory", "", SQLALCHEMY, 0.75, at_most=True),
    Goal("middleware µs", KEY, BARE, MIDDLEWARE_MICROSECONDS, at_most=True),
)


NOT_SLOWER = tuple(
    goal
    for subject in SUBJECTS
    for goal in (
        Goal("CPU", subject.name, BEFORE, SLOWER, at_most=True),
        Goal("requests/s", subject.name, BEFORE, 1 / SLOWER, at_most=False),
    )
)


def goals_of(result: Result) -> tuple[Goal, ...]:
    """The goals of a run: those to an older service, if that was measured."""
    return NOT_SLOWER if any(each.entrant == BEFORE for each in result.cpu) else GOALS


def value_of(goal: Goal, result: Result) -> float | None:
    """What a run shows for a goal, None if it did not measure it."""
    mine, its = _pair(goal, result)
    if mine is None or not its:
        return None
    return mine - its if goal.kind == "middleware µs" else mine / its


def _pair(goal: Goal, result: Result) -> tuple[float | None, float | None]:
    if goal.kind == "memory":
        return result.mebibytes(SERVICE), result.mebibytes(goal.twin)
    number = result.rate if goal.kind == "requests/s" else result.microseconds
    return number(SERVICE, goal.subject), number(goal.twin, goal.subject)
