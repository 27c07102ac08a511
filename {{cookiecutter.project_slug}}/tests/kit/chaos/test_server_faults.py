"""The server dies, ends sessions, or is beyond a broken network, while clients go on writing."""

import asyncio
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from tests.kit.chaos.engines import Engine
from tests.kit.chaos.load import NO_ANSWER, PATIENCE_SECONDS, USERS, call_all, writers
from tests.kit.chaos.proxy import proxy_to
from tests.kit.chaos.report import Scenario
from tests.kit.chaos.server import Server
from tests.kit.chaos.service import lost_slots, service

KILLS = 20
TERMINATIONS = 40
BETWEEN_FAULTS_SECONDS = 0.25
GIVE_UP_SECONDS = 2.0  # on a service that does not come back
DEAD_ROUNDS = 3  # in a row: then it is dead, and more would show nothing
REQUESTS_AFTERWARDS = 200


async def _stored(database_url: str) -> set[str]:
    connection = await asyncpg.connect(database_url, timeout=PATIENCE_SECONDS)
    try:
        return {row["name"] for row in await connection.fetch("SELECT name FROM users")}
    finally:
        await connection.close()


async def test_kill_9_of_the_server(scenario: Scenario, engine: Engine, server: Server, database_url: str) -> None:
    recoveries: list[float] = []
    async with service(engine, database_url) as client:
        async with writers(client) as tally:
            while len(recoveries) < KILLS and recoveries[-DEAD_ROUNDS:] != [GIVE_UP_SECONDS] * DEAD_ROUNDS:
                await asyncio.sleep(BETWEEN_FAULTS_SECONDS)
                await server.kill9()
                await server.start()
                recoveries.append(await tally.success_after(time.perf_counter(), within=GIVE_UP_SECONDS))
        scenario.record("kills survived", sum(each < GIVE_UP_SECONDS for each in recoveries), at_least=KILLS)
        scenario.record("acknowledged", len(tally.acknowledged), at_least=KILLS)
        scenario.record("acknowledged and lost", len(tally.acknowledged - await _stored(database_url)), at_most=0)
        scenario.record("answers 500", tally.count(500), at_most=0)
        scenario.record("answers 503", tally.count(503))
        scenario.record("no answer", tally.count(NO_ANSWER), at_most=0)
        scenario.record("slowest recovery, s", max(recoveries), at_most=1)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_sessions_are_terminated(scenario: Scenario, engine: Engine, server: Server, database_url: str) -> None:
    ended = 0
    async with service(engine, database_url) as client:
        async with writers(client) as tally:
            for _ in range(TERMINATIONS):
                await asyncio.sleep(BETWEEN_FAULTS_SECONDS / 5)
                ended += await server.terminate_sessions(urlsplit(database_url).path[1:])
        after = await call_all([partial(client.get, f"{USERS}?limit=1")] * REQUESTS_AFTERWARDS, at_once=10, patience=1)
        scenario.record("sessions terminated", ended)
        scenario.record("answers 500", tally.count(500), at_most=0)
        scenario.record("acknowledged and lost", len(tally.acknowledged - await _stored(database_url)), at_most=0)
        scenario.record("success afterwards, %", 100 * after.count(200) / REQUESTS_AFTERWARDS, at_least=100)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_a_partition(scenario: Scenario, engine: Engine, database_url: str) -> None:
    deadline = 2.0
    limits: dict[str, Any] = {
        "db_connect_timeout_seconds": 0.5,
        "db_acquire_timeout_seconds": 0.9,
        "db_lock_timeout_seconds": 1.0,
        "db_statement_timeout_seconds": 1.1,
        "db_command_timeout_seconds": 1.2,
        "request_wait_seconds": deadline / 2,
        "request_deadline_seconds": deadline,
    }
    async with proxy_to(database_url) as proxy, service(engine, proxy.url(database_url), **limits) as client:
        read = partial(client.get, f"{USERS}?limit=1")
        before = await call_all([read] * 20, at_once=10)
        proxy.swallow()
        during = await call_all([read] * 40, at_once=20, patience=2 * deadline)
        await proxy.forward()
        healed = time.perf_counter()
        after = await call_all([read] * 40, at_once=20, patience=2 * deadline)
        recovery = after.first_success_after(healed)
        scenario.record("answers before", before.count(200), at_least=20)
        scenario.record("longest in the partition, s", during.longest(), at_most=deadline + 0.5)
        scenario.record("answers 503", during.count(503))
        scenario.record("answers 500", during.count(500) + after.count(500), at_most=0)
        scenario.record("no answer in the partition", during.count(NO_ANSWER), at_most=0)
        scenario.record("recovery, s", deadline if recovery is None else recovery, at_most=1)
        scenario.record("success afterwards, %", 100 * after.count(200) / 40, at_least=100)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()
