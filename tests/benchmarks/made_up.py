"""Results that nobody measured."""

from dataclasses import replace

from benchmarks.compare.results import Cpu, Load, Memory, Result
from benchmarks.compare.subjects import ASYNCPG, KEY, LIST, SERVICE, SQLALCHEMY


def result(*, slower: float = 1.0, machine: float = 1.0) -> Result:
    """A run with the service slowed by one factor, and the machine by another."""
    own = {SERVICE: slower, ASYNCPG: 1.0, SQLALCHEMY: 6.0}
    costs = [(name, subject, 100 * own[name] * machine) for subject in (LIST, KEY) for name in own]
    return Result(
        taken_at="2026-01-01T00:00:00+00:00",
        form={"size": "small", "rounds": 1, "seconds": 1, "by": "wrk"},
        versions={"python": "3.13.0"},
        cpu=[Cpu(name, subject, cost, [cost]) for name, subject, cost in costs],
        load=[Load(name, subject, 1e6 / cost, 1.0, 2.0, 0, [1e6 / cost]) for name, subject, cost in costs],
        memory=[Memory(name, 500, 50.0 * share) for name, share in ((SERVICE, 1.0), (ASYNCPG, 1.0), (SQLALCHEMY, 2.0))],
    )


def of_another_form() -> Result:
    """The same numbers of other work."""
    return replace(result(), form={"size": "full"})
