"""Reads from a streaming replica: while it is there and fresh, and nobody notices when it is not."""

import asyncio
import time
from collections.abc import AsyncGenerator
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from httpx2 import AsyncClient

from tests.kit.chaos.engines import OURS
from tests.kit.chaos.load import USERS, call_all
from tests.kit.chaos.proxy import proxy_to
from tests.kit.chaos.replica import caught_up, pause, resume
from tests.kit.chaos.report import Report, Scenario
from tests.kit.chaos.server import Server
from tests.kit.chaos.service import lost_slots, service
from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines.asyncpg_backend import Client

READS = 200
LAG_SECONDS = 1.0
UNDERSTOOD_SECONDS = 4.0  # a lag is asked for once a second


@pytest.fixture
async def replica_url(server: Server, replica: Server, database_url: str) -> AsyncGenerator[str]:
    """The same database on the replica, which replays again after the test."""
    await caught_up(server, replica)
    yield urlunsplit(urlsplit(database_url)._replace(netloc=urlsplit(replica.url).netloc))
    await resume(replica)


async def _add(client: AsyncClient, name: str) -> None:
    """Add a user, whom the request that does so reads back."""
    answer = await asyncio.create_task(client.post(USERS, params={"name": name}))
    assert (answer.status_code, answer.json()) == (201, name)


async def _names(client: AsyncClient) -> set[str]:
    """What a request in a separate task reads."""
    answer = await asyncio.create_task(client.get(USERS))
    assert answer.status_code == 200, answer.text
    return set(answer.json())


async def _waited_for(client: AsyncClient, name: str) -> bool:
    """Whether a reader sees the user in time."""
    deadline = asyncio.get_running_loop().time() + UNDERSTOOD_SECONDS
    while name not in await _names(client):
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


async def test_a_replica_has_what_was_written_and_takes_no_writes(server: Server, replica: Server) -> None:
    await server.query("CREATE TABLE IF NOT EXISTS streamed (id int)")
    seconds = await caught_up(server, replica)

    assert seconds < 5
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await replica.query("INSERT INTO streamed VALUES (1)")


async def test_reads_go_to_the_replica_and_a_writers_own_to_the_primary(
    server: Server, replica: Server, database_url: str, replica_url: str
) -> None:
    async with service(OURS, database_url, database_replica_url=replica_url, replica_max_lag_seconds=60) as client:
        await _add(client, "first")
        await caught_up(server, replica)
        await _names(client)
        await pause(replica)
        await _add(client, "second")

        assert await _names(client) == {"first"}
        await resume(replica)
        assert await _waited_for(client, "second")


async def test_a_lagging_replica_is_not_read_from(
    server: Server, replica: Server, database_url: str, replica_url: str
) -> None:
    limit = LAG_SECONDS
    async with service(OURS, database_url, database_replica_url=replica_url, replica_max_lag_seconds=limit) as client:
        await _add(client, "first")
        await caught_up(server, replica)
        assert await _waited_for(client, "first")
        await pause(replica)
        await _add(client, "second")
        assert await _waited_for(client, "second")


async def test_reads_go_on_while_the_replica_is_stopped(
    server: Server, replica: Server, database_url: str, replica_url: str, chaos_report: Report
) -> None:
    scenario = Scenario("a stopped replica", OURS, chaos_report)
    async with service(OURS, database_url, database_replica_url=replica_url) as client:
        await _add(client, "first")
        await caught_up(server, replica)
        reads = asyncio.create_task(call_all([partial(client.get, USERS)] * READS, at_once=5))
        await asyncio.sleep(0.05)
        await replica.stop()
        during = await reads
        after = await call_all([partial(client.get, USERS)] * READS, at_once=5)
        await replica.start()
        await _add(client, "second")
        scenario.record("success while it stops, %", 100 * during.count(200) / READS, at_least=100)
        scenario.record("success without it, %", 100 * after.count(200) / READS, at_least=100)
        scenario.record("longest, s", max(during.longest(), after.longest()), at_most=1.0)
        scenario.record("back again", await _waited_for(client, "second"), at_least=1)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


def _of_several(*urls: str, attrs: str) -> str:
    parts = [urlsplit(url) for url in urls]
    user = parts[0].netloc.rpartition("@")[0]
    hosts = ",".join(each.netloc.rpartition("@")[2] for each in parts)
    return urlunsplit(parts[0]._replace(netloc=f"{user}@{hosts}", query=f"target_session_attrs={attrs}"))


async def test_of_several_hosts_the_primary_is_written_to_and_the_replica_read(
    server: Server, replica: Server, database_url: str, replica_url: str
) -> None:
    writes = _of_several(replica_url, database_url, attrs="read-write")
    reads = _of_several(database_url, replica_url, attrs="prefer-standby")
    async with service(OURS, writes, database_replica_url=reads, replica_max_lag_seconds=60) as client:
        await _add(client, "first")
        await caught_up(server, replica)
        await _names(client)
        await pause(replica)
        await _add(client, "second")

        assert await _names(client) == {"first"}


async def test_an_address_that_led_to_a_standby_for_a_while(
    database_url: str, replica_url: str, chaos_report: Report
) -> None:
    scenario = Scenario("an address that leads to a standby", OURS, chaos_report)
    async with proxy_to(database_url) as proxy, service(OURS, proxy.url(database_url)) as client:
        add = partial(client.post, USERS, params={"name": "x"})
        before = await call_all([add] * 20, at_once=5)
        proxy.lead_to(replica_url)
        await proxy.close()
        during = await call_all([add] * 100, at_once=5)
        reads = await call_all([partial(client.get, USERS)] * 50, at_once=5)
        begun = time.perf_counter()
        while (not_ready := await client.get("/health/ready")).status_code == 200:
            assert time.perf_counter() - begun < UNDERSTOOD_SECONDS
            await asyncio.sleep(0.05)
        proxy.lead_to(database_url)  # the sessions with the standby stay
        begun = time.perf_counter()
        while (await client.get("/health/ready")).status_code != 200:
            assert time.perf_counter() - begun < UNDERSTOOD_SECONDS
            await asyncio.sleep(0.05)
        after = await call_all([add] * 158, at_once=5)
        scenario.record("written before", before.count(201), at_least=20)
        scenario.record("answers 500", during.count(500) + reads.count(500) + after.count(500), at_most=0)
        scenario.record("rejected writes, 503", during.count(503), at_least=100)
        scenario.record("reads beside them", reads.count(200), at_least=49)
        scenario.record("written afterwards", after.count(201), at_least=158)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    assert not_ready.json()["type"] == "urn:problem:database-read-only"
    scenario.assert_bars()


class _Reader(Client):
    """Stays with a server that takes no writes, as the client of a replica does."""

    writes = False


async def test_a_session_of_a_replica_is_reset(replica_url: str) -> None:
    """Some commands for sessions are not allowed on a standby."""
    entry = connection(replica_url, pool=PoolSettings(min_size=0, max_size=1), application_name="replica")
    client = _Reader(connection_name="replica", **entry["credentials"])
    query = (
        "SELECT pg_backend_pid() AS session, current_setting('kit.tenant', true) AS tenant, current_user::text AS name"
    )
    (before,) = await client.execute_query_dict(query)
    await client.execute_script("SET kit.tenant = 'one'; SET ROLE pg_monitor; SELECT pg_advisory_lock(1)")
    (after,) = await client.execute_query_dict(query)
    await client.close()

    assert {**before, "tenant": ""} == {**after, "tenant": after["tenant"] or ""}
