"""What the service must show: numbers of one run beside each other, so that the machine matters little."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from benchmarks.compare.memory import SUBJECT as MEMORY_SUBJECT
from benchmarks.compare.others import COPY, INSERT, PAGE_1, PAGE_LAST, PAGES, bulk_subject
from benchmarks.compare.results import COUNTED, Measure, Result
from benchmarks.compare.spread import Spread, differences, ratios, spread
from benchmarks.compare.subjects import (
    ASYNCPG,
    BARE,
    BEFORE,
    CREATE,
    KEY,
    LIMIT,
    LIST,
    MANY_CONNECTIONS,
    PRODUCTS,
    SERVICE,
    SQLALCHEMY,
    SUBJECTS,
    USUAL_CONNECTIONS,
    under_load,
)

MIDDLEWARE_MICROSECONDS = 60
SLOWER = 1.05  # than an older service, at most


class Verdict(StrEnum):
    """What a run says about a goal."""

    MET = "met"
    MISSED = "MISSED"
    UNKNOWN = "cannot be known here"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Of:
    """One number of a run: measures that are added up, of an app and a subject."""

    measures: tuple[Measure, ...]
    subject: str
    by: str

    def rounds(self, result: Result) -> list[float]:
        """The number in each round; empty if one of its measures is missing."""
        found = [result.rounds(measure, self.subject, self.by) for measure in self.measures]
        return [sum(each) for each in zip(*found, strict=True)] if all(found) else []


@dataclass(frozen=True)
class Goal:
    """A bound on what the rounds of one number are to those of another.

    Attributes:
        name: What is measured, and of what.
        at_most: Whether less is better.
        how: Divided by the other number, or less the other number.
    """

    name: str
    mine: Of
    its: Of
    bound: float
    at_most: bool
    how: Literal["ratio", "difference"] = "ratio"

    def found(self, result: Result) -> Spread | None:
        """What a run shows; None if it did not measure it."""
        mine, its = self.mine.rounds(result), self.its.rounds(result)
        if not mine or not its or (self.how == "ratio" and not all(its)):
            return None
        values = (ratios if self.how == "ratio" else differences)(mine, its)
        if all(measure in COUNTED for measure in self.mine.measures):
            return Spread(values[0], min(values), max(values))
        return spread(values)

    def verdict(self, result: Result) -> Verdict:
        """Met or missed only if the whole interval is on one side of the bound."""
        found = self.found(result)
        if found is None:
            return Verdict.NOT_MEASURED
        good, bad = (found.high, found.low) if self.at_most else (-found.low, -found.high)
        bound = self.bound if self.at_most else -self.bound
        if good <= bound:
            return Verdict.MET
        return Verdict.MISSED if bad > bound else Verdict.UNKNOWN

    def bounds(self) -> str:
        """The goal as a sign and a number."""
        return f"{'≤' if self.at_most else '≥'} {self.bound:.2f}"


CPU, BOTH, RATE = (Measure.APP,), (Measure.APP, Measure.POSTGRES), (Measure.RATE,)
OF_PAGES = (Measure.TIME, Measure.BUFFERS)
WORDS = {CPU: "app CPU", BOTH: "CPU of app and Postgres", RATE: "requests/s"}


def beside(measures: tuple[Measure, ...], subject: str, twin: str, bound: float) -> Goal:
    """The service divided by a twin: less is better, except for requests per second."""
    name = f"{WORDS[measures]}, {subject}, to {twin}"
    return Goal(name, Of(measures, subject, SERVICE), Of(measures, subject, twin), bound, at_most=measures != RATE)


def goodput(connections: int) -> Goal:
    """Right answers a second with more connections than the service works on, to those at its peak."""
    many, usual = under_load(KEY, connections), under_load(KEY, USUAL_CONNECTIONS)
    return Goal(
        f"requests/s, {many}, to {USUAL_CONNECTIONS}",
        Of(RATE, many, SERVICE),
        Of(RATE, usual, SERVICE),
        0.9,
        at_most=False,
    )


def resident(measure: Measure) -> Goal:
    """Memory to SQLAlchemy's."""
    mine, its = (Of((measure,), MEMORY_SUBJECT, by) for by in (SERVICE, SQLALCHEMY))
    return Goal(f"{measure.partition(',')[0]}, {MEMORY_SUBJECT}, to {SQLALCHEMY}", mine, its, 0.75, at_most=True)


def in_bulk(kind: str, mine: str, its: str, bound: float) -> Goal:
    """Time of many rows at once."""
    subject = bulk_subject(kind)
    ours, theirs = (Of((Measure.TIME,), subject, by) for by in (mine, its))
    return Goal(f"time, {subject} by {mine}, to {its}", ours, theirs, bound, at_most=True)


def deep_page(order: str) -> tuple[Goal, Goal]:
    """The last page of a million rows to the first: its time, and the blocks that it reads."""
    name = f"{PAGE_LAST} to {PAGE_1}, {order}"
    deep, first = ({measure: Of((measure,), order, by) for measure in OF_PAGES} for by in (PAGE_LAST, PAGE_1))
    time, blocks = OF_PAGES
    return (
        Goal(f"time, {name}", deep[time], first[time], 1.2, at_most=True),
        Goal(f"buffers, {name} (difference)", deep[blocks], first[blocks], 2, at_most=True, how="difference"),
    )


GOALS = (
    beside(CPU, LIST, SQLALCHEMY, 1 / 6),
    beside(RATE, LIST, SQLALCHEMY, 5),
    beside(CPU, KEY, SQLALCHEMY, 1 / 3),
    beside(RATE, KEY, SQLALCHEMY, 4),
    beside(RATE, LIST, ASYNCPG, 1.2),
    beside(RATE, KEY, ASYNCPG, 1.0),
    beside(RATE, PRODUCTS, ASYNCPG, 1.0),
    beside(RATE, CREATE, ASYNCPG, 0.9),
    beside(RATE, CREATE, SQLALCHEMY, 1.5),
    *(goodput(connections) for connections in MANY_CONNECTIONS),
    Goal(
        f"errors, {KEY}, {max(MANY_CONNECTIONS)} connections (difference to {USUAL_CONNECTIONS})",
        Of((Measure.ERRORS,), under_load(KEY, max(MANY_CONNECTIONS)), SERVICE),
        Of((Measure.ERRORS,), KEY, SERVICE),
        0,
        at_most=True,
        how="difference",
    ),
    beside(BOTH, LIST, ASYNCPG, 1.0),
    beside(RATE, LIST, LIMIT, 0.6),
    Goal(
        f"app CPU of all middlewares, µs, {KEY} (difference)",
        Of(CPU, KEY, SERVICE),
        Of(CPU, KEY, BARE),
        MIDDLEWARE_MICROSECONDS,
        at_most=True,
        how="difference",
    ),
    *(goal for order in PAGES for goal in deep_page(order)),
    in_bulk("insert", INSERT, COPY, 1.1),
    resident(Measure.MEMORY),
    resident(Measure.MEMORY_AFTER_LOGINS),
)

NOT_SLOWER = tuple(
    goal
    for subject in SUBJECTS
    for goal in (
        beside(CPU, subject.name, BEFORE, SLOWER),
        *([beside(RATE, subject.name, BEFORE, 1 / SLOWER)] if subject.connections else []),
    )
)


def goals_of(result: Result) -> tuple[Goal, ...]:
    """The goals of a run: those to an older service, if that was measured."""
    return NOT_SLOWER if any(each.by == BEFORE for each in result.series) else GOALS
