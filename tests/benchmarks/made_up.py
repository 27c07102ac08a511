"""Results that nobody measured."""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.compare.memory import SUBJECT
from benchmarks.compare.results import Measure, Result, Series
from benchmarks.compare.subjects import ASYNCPG, KEY, LIST, SERVICE, SQLALCHEMY

QUIET = (1.0,) * 6


def result(*, slower: float = 1.0, machine: float = 1.0, busy: Sequence[float] = QUIET) -> Result:
    """A run with the service slowed by one factor, the machine by another, and each round by one more."""
    own = {SERVICE: slower, ASYNCPG: 1.0, SQLALCHEMY: 6.0}
    costs = [
        (subject, name, [100 * own[name] * machine * each for each in busy]) for subject in (LIST, KEY) for name in own
    ]
    resident = [(SERVICE, 50.0), (ASYNCPG, 50.0), (SQLALCHEMY, 100.0)]
    return Result(
        taken_at="2026-01-01T00:00:00+00:00",
        form={"size": "small", "rounds": len(busy), "seconds": 1, "by": "wrk"},
        versions={"python": "3.13.0"},
        series=[
            *(Series(Measure.APP, subject, name, rounds) for subject, name, rounds in costs),
            *(Series(Measure.RATE, subject, name, [1e6 / each for each in rounds]) for subject, name, rounds in costs),
            *(Series(Measure.MEMORY, SUBJECT, name, [mebibytes] * 6) for name, mebibytes in resident),
        ],
        notes=["Instructions are not counted."],
    )


def of_another_form() -> Result:
    """The same numbers of other work."""
    return replace(result(), form={"size": "full"})
