"""One whole run: data, agreement, CPU, memory, load, pages and rows in bulk."""

import asyncio
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from benchmarks.compare import data, in_process, memory, others, over_http
from benchmarks.compare.results import Result, versions
from benchmarks.compare.server import server
from benchmarks.compare.subjects import entrants

LEAST_PAGED_ROWS = 10_000

type Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: Of the load over HTTP.
        seconds: Of load for each app and subject in a round.
        cpu_rounds: In process.
        cpu_requests: For each app and subject in a round in process.
        starts: Of each app, for its memory.
        reads: Of each page.
        bulk_rounds: Of rows in bulk.
    """

    size: data.Size
    rounds: int
    seconds: float
    cpu_rounds: int
    cpu_requests: int
    starts: int
    reads: int
    bulk_rounds: int


def plan(size: data.Size, *, short: bool) -> Plan:
    """The whole form, or one for CI, which only shows that all works: it has too few rounds over HTTP for a verdict."""
    if short:
        return Plan(size=size, rounds=1, seconds=0.25, cpu_rounds=6, cpu_requests=32, starts=1, reads=7, bulk_rounds=1)
    return Plan(size=size, rounds=9, seconds=2, cpu_rounds=15, cpu_requests=200, starts=6, reads=101, bulk_rounds=9)


def measure(database_url: str, plan: Plan, *, against: Path | None = None, tell: Tell = print) -> Result:
    """Fill an empty database and measure all apps on it.

    Args:
        database_url: The database, an empty Postgres.
        plan: How much is measured.
        against: The folder of an older service with the same tables, to be measured in place of the twins.
        tell: Is called with each part as it begins.

    Raises:
        SeedError: The database holds rows already.
        DisagreementError: The apps do not answer alike; nothing was measured.
        WorkerError, ServerError, UnansweredError: An app does not work.
    """
    apps = entrants(against)
    served = [each for each in apps if each.middlewares]
    taken_at, part = datetime.now(UTC).isoformat(timespec="seconds"), _parts(tell)
    part(f"filling the database: {plan.size.rows:,} users and orders")
    asyncio.run(data.prepare(database_url, plan.size))
    part("costs of requests in process")
    token = data.staff_token(database_url)
    found, notes = in_process.measure(apps, database_url, token, rounds=plan.cpu_rounds, requests=plan.cpu_requests)
    asyncio.run(data.remove_placed(database_url, plan.size))
    part("memory")
    token = data.staff_token(database_url)  # each is valid for an hour
    found.extend(memory.measure(served, database_url, token, rounds=plan.starts))
    part("load over HTTP")
    # wrk counts in whole seconds, which a short form has not got.
    program = shutil.which("wrk") if plan.seconds >= 1 else None
    with ExitStack() as stack:
        servers = [stack.enter_context(server(each, database_url)) for each in served]
        found.extend(over_http.measure(servers, token, rounds=plan.rounds, seconds=plan.seconds, program=program))
    if against is None:
        part("deep pages")
        rows = max(plan.size.rows, LEAST_PAGED_ROWS)
        found.extend(others.pages(database_url, rows=rows, rounds=plan.reads))
        part("rows in bulk")
        found.extend(others.rows_in_bulk(database_url, rounds=plan.bulk_rounds))
    form = {
        "size": plan.size.value,
        "rounds": plan.rounds,
        "seconds": plan.seconds,
        "by": "wrk" if program else "Python",
    }
    return Result(
        taken_at=taken_at,
        form=form,
        versions=versions(asyncio.run(_version(database_url))),
        series=found.series(),
        notes=notes,
    )


def _parts(tell: Tell) -> Tell:
    """Says which part begins, and after which time."""
    begun = time.monotonic()

    def part(name: str) -> None:
        minutes, seconds = divmod(round(time.monotonic() - begun), 60)
        tell(f"{minutes}:{seconds:02} {name}")

    return part


async def _version(database_url: str) -> str:
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()
