"""The service under more than it can do: slow statements, clients that leave, and too many requests at once."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from functools import partial

import anyio
import asyncpg
import httpx2
import pytest

from app.accounts.models import Role
from app.cli.server import EVENT_LOOP, PROTOCOL
from tests.support.processes import log_in, make_account, serving, upgrade

pytestmark = pytest.mark.slow  # starts processes

DEADLINE_SECONDS = 1.6
WAIT_SECONDS = 0.5
LIMITS = {
    "DB_CONNECT_TIMEOUT_SECONDS": 0.8,
    "DB_ACQUIRE_TIMEOUT_SECONDS": 0.9,
    "DB_LOCK_TIMEOUT_SECONDS": 1.0,
    "DB_STATEMENT_TIMEOUT_SECONDS": 1.1,
    "DB_COMMAND_TIMEOUT_SECONDS": 1.2,
    "REQUEST_DEADLINE_SECONDS": DEADLINE_SECONDS,
    "REQUEST_WAIT_SECONDS": WAIT_SECONDS,
}
FREED_SECONDS = 5.0  # for a query to be cancelled and a transaction rolled back, on a busy machine too
CLIENTS = 100
PLACES = 20
TIMED_OUT = 'http_problems_total{status="503",type="deadline-exceeded"}'
REJECTED = 'http_problems_total{status="503",type="overloaded"}'
DISCONNECTED = 'http_requests_total{method="POST",route="/test/slow/{kind}/rename/{user_id}",status="499"}'
SLOW = ("-m", "uvicorn", "--factory", "tests.support.slow_service:slow_service", "--log-level", "critical")
SLOW_AS_SERVED = (*SLOW, "--http", PROTOCOL, "--loop", EVENT_LOOP)

_BUSY_SESSIONS = """
SELECT state, query FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


@pytest.fixture
async def service(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[httpx2.AsyncClient]:
    """A server process with slow routes, a short deadline and few places, on a migrated database."""
    for name, seconds in LIMITS.items():
        monkeypatch.setenv(name, str(seconds))
    for name in ("REQUESTS_RUNNING_MAX", "DB_POOL_MAX_SIZE"):  # so that nobody waits for a connection
        monkeypatch.setenv(name, str(PLACES))
    await upgrade(empty_database_url)
    async with serving(empty_database_url, command=SLOW_AS_SERVED) as (_process, client):
        yield client


async def _metric(client: httpx2.AsyncClient, name: str) -> float | None:
    lines = (await client.get("/metrics")).text.splitlines()
    return next((float(line.split()[1]) for line in lines if line.split()[0] == name), None)


async def _status(client: httpx2.AsyncClient, path: str) -> float:
    return (await client.get(path)).status_code


async def _eventually(value: Callable[[], Awaitable[float | None]], wanted: Collection[float | None]) -> None:
    with anyio.fail_after(FREED_SECONDS):
        while True:
            if await value() in wanted:
                return
            await anyio.sleep(0.01)


async def _nothing_runs(client: httpx2.AsyncClient, database_url: str) -> None:
    """No request is served, no connection is in use, no statement runs, no transaction is open."""
    for name in ("http_requests_running", "db_pool_in_use"):
        await _eventually(partial(_metric, client, name), {0, None})
    if database_url.startswith("postgres"):
        connection = await asyncpg.connect(database_url, timeout=10)
        try:
            assert await connection.fetch(_BUSY_SESSIONS) == []
        finally:
            await connection.close()


async def test_a_slow_statement_ends_at_the_deadline_and_frees_its_connection(
    service: httpx2.AsyncClient, empty_database_url: str
) -> None:
    start = time.monotonic()
    answer = await service.get("/test/slow/a/statement", params={"seconds": 30})
    taken = time.monotonic() - start

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["type"] == "urn:problem:deadline-exceeded"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert DEADLINE_SECONDS <= taken < DEADLINE_SECONDS + FREED_SECONDS
    await _nothing_runs(service, empty_database_url)
    assert await _metric(service, TIMED_OUT) == 1


async def test_a_client_that_disconnects_frees_its_statement_and_its_row(
    service: httpx2.AsyncClient, empty_database_url: str
) -> None:
    await make_account(Role.STAFF, database_url=empty_database_url)
    await log_in(service)
    user = (await service.get("/api/v1/auth/me")).json()
    path = f"/test/slow/a/rename/{user['id']}"

    with pytest.raises(httpx2.ReadTimeout):
        await service.post(path, params={"name": "Never", "seconds": 30}, timeout=DEADLINE_SECONDS / 4)
    await _nothing_runs(service, empty_database_url)
    start = time.monotonic()
    answer = await service.post(path, params={"name": "Ann", "seconds": 0})
    taken = time.monotonic() - start

    assert answer.status_code == 200
    assert taken < FREED_SECONDS
    assert await _metric(service, DISCONNECTED) == 1
    assert await _metric(service, TIMED_OUT) is None


@pytest.mark.only("sqlite")
async def test_a_stream_stopped_at_the_deadline_does_not_look_complete(service: httpx2.AsyncClient) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        await service.get("/test/slow/a/stream")

    assert await _metric(service, TIMED_OUT.replace("503", "200")) == 1


async def test_too_many_requests_wait_are_rejected_after_a_while_and_the_service_is_healthy(
    service: httpx2.AsyncClient, empty_database_url: str
) -> None:
    statuses: list[int] = []
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=service.base_url, timeout=30, limits=limits, trust_env=False) as crowd:

        async def ask() -> None:
            statuses.append((await crowd.get("/test/slow/a/statement", params={"seconds": 30})).status_code)

        async with anyio.create_task_group() as tasks:
            for _ in range(CLIENTS):
                tasks.start_soon(ask)
            await _eventually(partial(_metric, service, "http_requests_running"), {PLACES})
            waiting = await _metric(service, "http_requests_waiting")
            alive, ready = await _status(service, "/health/live"), await _status(service, "/health/ready")

    rejected = await _metric(service, REJECTED)
    timed_out = await _metric(service, TIMED_OUT)
    assert (alive, ready) == (200, 200)
    assert (waiting or 0) > 0
    assert set(statuses) == {503}
    assert (rejected or 0) + (timed_out or 0) == CLIENTS
    assert (rejected or 0) >= CLIENTS / 2, "places become free only at the deadline"
    await _nothing_runs(service, empty_database_url)
    assert await _status(service, "/health/ready") == 200
