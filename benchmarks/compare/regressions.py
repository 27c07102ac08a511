"""Whether the service became slower between two results, by more than their noise.

Each number of the service is divided by the same number of a yardstick in the same round, asyncpg by hand, and medians
of these ratios are compared: a machine that was busier, or another one, changes both. That takes away some of the noise
and not all: two short runs of the same code on two busy cores differed by up to 41 % in CPU, and sevenfold over HTTP.
So rounds under a second count only for CPU and memory, and latencies never count. One pair of runs proves little:
measure the same code twice on your machine, and pass the noise that you see to the command.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.compare.memory import SUBJECT
from benchmarks.compare.results import Measure, Result
from benchmarks.compare.spread import ratios
from benchmarks.compare.subjects import ASYNCPG, SERVICE, SUBJECTS

NOISE = 0.5  # above the 41 % that were seen without any change
LEAST_SECONDS = 1.0  # of load in a round, for a rate that can be compared


class IncomparableError(Exception):
    """Two results of different work, or with nothing in common."""


@dataclass(frozen=True)
class Change:
    """One ratio in both results.

    Attributes:
        worse: By how much the newer one is worse, as a share of the older; negative where it is better.
    """

    what: str
    old: float
    new: float
    worse: float


def changes(old: Result, new: Result) -> list[Change]:
    """All ratios that both results have.

    Raises:
        IncomparableError: They were not asked for the same, or share nothing.
    """
    if old.form != new.form:
        message = f"The results are of different work: {old.form} and {new.form}."
        raise IncomparableError(message)
    before, after = dict(_costs(old)), dict(_costs(new))
    found = [Change(what, cost, after[what], after[what] / cost - 1) for what, cost in before.items() if what in after]
    if not found:
        message = "The results have no number in common."
        raise IncomparableError(message)
    return found


def _costs(result: Result) -> Iterator[tuple[str, float]]:
    """Ratios of which less is better."""
    for subject in SUBJECTS:
        yield from _ratio(result, Measure.APP, subject.name, f"CPU of {subject.name}")
        if result.form["seconds"] >= LEAST_SECONDS:
            yield from _ratio(result, Measure.RATE, subject.name, f"time of {subject.name} over HTTP")
    yield from _ratio(result, Measure.MEMORY, SUBJECT, "resident memory")


def _ratio(result: Result, measure: Measure, subject: str, what: str) -> Iterator[tuple[str, float]]:
    mine, its = (result.rounds(measure, subject, by) for by in (SERVICE, ASYNCPG))
    if mine and its and all(mine) and all(its):
        yield what, median(ratios(its, mine) if measure is Measure.RATE else ratios(mine, its))
