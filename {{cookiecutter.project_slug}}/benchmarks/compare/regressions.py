"""Whether the service became slower between two results, by more than their noise.

Each number of the service is divided by the same number of a yardstick in the same run, asyncpg by hand: a machine that
was busier, or another one, changes both. Latencies are left out: on a shared machine they are noise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.compare.results import Result
from benchmarks.compare.subjects import ASYNCPG, SERVICE, SUBJECTS

NOISE = 0.2  # of a ratio, between two runs of the same code on a shared machine


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
        if mine and its:
            yield f"time of {subject.name} over HTTP", its / mine
    mine, its = (result.mebibytes(name) for name in (SERVICE, ASYNCPG))
    if mine and its:
        yield "resident memory", mine / its
