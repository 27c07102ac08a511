"""Whether the service became slower between two results, by more than their noise.

Each number of the service is divided by the same number of a yardstick in the same run, asyncpg by hand: a machine that
was busier, or another one, changes both. That takes away some of the noise and not all: two short runs of the same code
on two busy cores differed by up to 41 % in CPU, and sevenfold over HTTP. So rounds under a second count only for CPU
and memory, and latencies never count. One pair of runs proves little: measure the same code twice on your machine, and
pass the noise that you see to the command.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.compare.results import Result
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
        mine, its = (result.microseconds(name, subject.name) for name in (SERVICE, ASYNCPG))
        if mine and its:
            yield f"CPU of {subject.name}", mine / its
        mine, its = (result.rate(name, subject.name) for name in (SERVICE, ASYNCPG))
        if mine and its and result.form["seconds"] >= LEAST_SECONDS:
            yield f"time of {subject.name} over HTTP", its / mine
    mine, its = (result.mebibytes(name) for name in (SERVICE, ASYNCPG))
    if mine and its:
        yield "resident memory", mine / its
