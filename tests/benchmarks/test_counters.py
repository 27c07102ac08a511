import os
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import anyio
import asyncpg
import pytest

from benchmarks.compare.counters import SOFTWARE, TASK_CLOCK, EventCounter, PostgresCounters, spent
from benchmarks.postgres import own_postgres

WORK = "SELECT sum(sqrt(n)) FROM generate_series(1, 300000) AS n"


@pytest.fixture(scope="module")
def postgres() -> Generator[str]:
    with own_postgres() as url:
        yield url


async def counted(url: str, *statements: str) -> tuple[float, int]:
    """Microseconds of CPU that Postgres takes for these statements, and how many it counts."""
    connection: Any = await asyncpg.connect(url)
    counters = await PostgresCounters.open(url)
    before, calls = counters.cpu(), await counters.statements()
    for statement in statements:
        await connection.execute(statement)
    after, calls_then = counters.cpu(), await counters.statements()
    await counters.close()
    await connection.close()
    microseconds = spent(before, after)
    assert microseconds is not None
    assert calls is not None
    assert calls_then is not None
    return microseconds, calls_then - calls


def test_the_cpu_of_postgres_is_that_of_its_own_processes(postgres: str) -> None:
    idle, _ = anyio.run(counted, postgres)
    busy, _ = anyio.run(counted, postgres, *[WORK] * 5)

    assert busy > idle + 10_000


def test_statements_are_counted_and_those_of_a_reset_are_one(postgres: str) -> None:
    reset = "SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL;"

    _, some = anyio.run(counted, postgres, "SELECT 1", "BEGIN", "COMMIT", reset)

    assert some == 4


def test_a_counter_of_the_kernel_counts_this_process() -> None:
    """By its clock, which each machine has: instructions are counted in the same way where the processor does."""
    with suppress(OSError):  # in a container without the right to
        counter = EventCounter(SOFTWARE, TASK_CLOCK)
        begun, clock = counter.read(), time.process_time_ns()
        sum(range(2_000_000))
        events, nanoseconds = counter.read() - begun, time.process_time_ns() - clock

        assert 0.5 * nanoseconds < events < 1.5 * nanoseconds


def test_what_is_not_counted_here_is_an_error_of_the_system() -> None:
    with pytest.raises(OSError, match=r".") as refused:
        EventCounter(kind=99, event=0)

    assert refused.value.errno is None or os.strerror(refused.value.errno)
