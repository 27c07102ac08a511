"""Behind PgBouncer in transaction mode, where each transaction may run in another session."""

import os
import sys
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import anyio

from app.settings import PROJECT_FILE
from tests.kit.chaos.engines import Engine
from tests.kit.chaos.load import NO_ANSWER, USERS, call_all
from tests.kit.chaos.report import Scenario
from tests.kit.chaos.server import Server
from tests.kit.chaos.service import lost_slots, service

REQUESTS = 200
SUITE_SECONDS = 1200  # four minutes on two free cores


def _behind(bouncer: Server, database_url: str) -> str:
    """The same database through the pooler."""
    return urlunsplit(urlsplit(database_url)._replace(netloc=urlsplit(bouncer.url).netloc))


async def test_requests_through_pgbouncer(
    scenario: Scenario, engine: Engine, bouncer: Server, database_url: str
) -> None:
    url = _behind(bouncer, database_url)
    async with service(engine, url, direct=database_url, db_pooler="pgbouncer") as client:
        writes = [partial(client.post, USERS, params={"name": f"c{number}"}) for number in range(REQUESTS)]
        tally = await call_all(writes, at_once=10)
        scenario.record("answers 201", tally.count(201), at_least=REQUESTS)
        scenario.record("answers 500", tally.count(500), at_most=0)
        scenario.record("no answer", tally.count(NO_ANSWER), at_most=0)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_the_whole_suite_passes_through_pgbouncer(bouncer: Server, server: Server) -> None:
    through = {"TEST_DATABASE_URL": bouncer.url, "TEST_DATABASE_DIRECT_URL": server.url}
    with anyio.fail_after(SUITE_SECONDS):
        ended = await anyio.run_process(
            [sys.executable, "-m", "pytest", "-q", "--db", "postgres"],
            check=False,
            cwd=PROJECT_FILE.parent,
            env={**os.environ, **through},
        )

    assert ended.returncode == 0, ended.stdout.decode()
