"""One whole run: data, agreement, CPU, load and memory."""

import asyncio
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from benchmarks.compare import data, in_process, memory, over_http
from benchmarks.compare.results import Result, versions
from benchmarks.compare.server import server
from benchmarks.compare.subjects import entrants


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: Of the load over HTTP; `cpu_rounds` in process.
        cpu_requests: For each app and subject in a round in process.
        seconds: Of load for each app and subject in a round.
    """

    size: data.Size
    rounds: int
    seconds: float
    cpu_rounds: int
    cpu_requests: int


def plan(size: data.Size, *, short: bool) -> Plan:
    """The whole form, or one for CI: a minute or two on small data, by how busy the machine is."""
    if short:
        return Plan(size=size, rounds=1, seconds=0.25, cpu_rounds=3, cpu_requests=32)
    return Plan(size=size, rounds=3, seconds=5, cpu_rounds=7, cpu_requests=400)


def measure(database_url: str, plan: Plan, *, against: Path | None = None) -> Result:
    """Fill an empty database and measure all apps on it.

    Args:
        database_url: The database, an empty Postgres.
        plan: How much is measured.
        against: The folder of an older service with the same tables, to be measured in place of the twins.

    Raises:
        SeedError: The database holds rows already.
        DisagreementError: The apps do not answer alike; nothing was measured.
        WorkerError, ServerError, UnansweredError: An app does not work.
    """
    apps = entrants(against)
    taken_at = datetime.now(UTC).isoformat(timespec="seconds")
    asyncio.run(data.prepare(database_url, plan.size))
    token = data.staff_token(database_url)
    cpu = in_process.measure(apps, database_url, token, rounds=plan.cpu_rounds, requests=plan.cpu_requests)
    asyncio.run(data.remove_placed(database_url, plan.size))
    # wrk counts in whole seconds, which a short form has not got.
    program = shutil.which("wrk") if plan.seconds >= 1 else None
    with ExitStack() as stack:
        servers = [stack.enter_context(server(each, database_url)) for each in apps if each.middlewares]
        resident = [asyncio.run(memory.measure(each, token)) for each in servers]  # before load can have grown them
        load = over_http.measure(servers, token, rounds=plan.rounds, seconds=plan.seconds, program=program)
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
        cpu=cpu,
        load=load,
        memory=resident,
    )


async def _version(database_url: str) -> str:
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()
