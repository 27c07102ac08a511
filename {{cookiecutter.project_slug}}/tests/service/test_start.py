"""The service starts without its database, reports it, and works once it is there; each test starts a process."""

import tempfile
from http import HTTPStatus
from urllib.parse import urlsplit

import anyio
import httpx2
import pytest

from tests.support.processes import START_SECONDS, eventually_ready, run, run_app, serving, upgrade
from tortoise_kit.development.testing import logged, new_name, new_postgres_database

pytestmark = pytest.mark.slow  # starts processes

PROBLEM = "application/problem+json"
UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE


async def as_a_stranger(client: httpx2.AsyncClient) -> httpx2.Response:
    """What the service says to an account that it has to look up and that is not there."""
    form = {"grant_type": "password", "username": "nobody@example.com", "password": "no account has it"}
    return await client.post("/api/v1/auth/token", data=form)


async def assert_alive_and_unavailable(client: httpx2.AsyncClient, kind: str) -> None:
    live, ready = [await client.get(f"/health/{name}") for name in ("live", "ready")]
    asked = await as_a_stranger(client)
    assert (live.status_code, ready.status_code, asked.status_code) == (HTTPStatus.OK, UNAVAILABLE, UNAVAILABLE)
    assert ready.json()["type"] == f"urn:problem:{kind}"
    assert (asked.headers["content-type"], asked.headers["retry-after"]) == (PROBLEM, "1")


@pytest.mark.only("postgres")
async def test_a_database_created_later_is_used_without_a_restart(database: str, postgres_server: str) -> None:
    name = new_name()
    url = urlsplit(postgres_server)._replace(path=f"/{name}").geturl()
    with tempfile.TemporaryFile() as log:
        async with serving(url, ready=UNAVAILABLE, log=log) as (_, client):
            await assert_alive_and_unavailable(client, "database-refuses")
            async with new_postgres_database(postgres_server, name):
                await eventually_ready(client, "migrations-pending")
                await run("migrations", "upgrade", database_url=url)
                await eventually_ready(client)
                asked = await as_a_stranger(client)
                said = await logged(log, "database.responds")  # it looks once a second

    assert asked.status_code == HTTPStatus.UNAUTHORIZED
    assert said.count("start.without_database") == 1
    assert "The server has no such database" in said


@pytest.mark.only("postgres")
async def test_a_wrong_password_is_reported_only_by_its_kind(empty_database_url: str) -> None:
    parts = urlsplit(empty_database_url)
    wrong = parts._replace(netloc=f"{parts.username}:pa55@{parts.hostname}:{parts.port}").geturl()
    with tempfile.TemporaryFile() as log:
        async with serving(wrong, ready=UNAVAILABLE, log=log) as (_, client):
            await assert_alive_and_unavailable(client, "database-refuses")
            body = (await client.get("/health/ready")).text
        log.seek(0)
        logs = log.read().decode()

    assert "The server rejects the user or the password: InvalidPasswordError (28P01)." in logs
    assert "pa55" not in logs + body


async def test_the_service_starts_without_a_database_server(closed_database_url: str) -> None:
    async with serving(closed_database_url, ready=UNAVAILABLE) as (process, client):
        await assert_alive_and_unavailable(client, "not-ready")
        process.terminate()
        with anyio.fail_after(START_SECONDS):
            code = await process.wait()

    assert code == 0


@pytest.mark.only("postgres")
async def test_a_server_with_too_few_connections_stops_the_start_or_later_readiness(
    database: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_BUDGET", "refuse")
    monkeypatch.setenv("REPLICAS", "1000")
    name = new_name()
    url = urlsplit(postgres_server)._replace(path=f"/{name}").geturl()
    monkeypatch.setenv("DATABASE_URL", url)
    async with serving(url, ready=UNAVAILABLE) as (_, client), new_postgres_database(postgres_server, name):
        await upgrade(url)
        await eventually_ready(client, "over-budget")
        ended = await run_app(url, "serve", "--port", "0")

    assert ended.returncode != 0
    assert b"lower DB_POOL_MAX_SIZE or raise max_connections" in ended.stderr


@pytest.fixture
def closed_database_url(database: str, empty_database_url: str) -> str:
    """The URL of a database that does not exist."""
    if database == "sqlite":
        return "sqlite:///nowhere/at/all.db"
    return urlsplit(empty_database_url)._replace(netloc="nobody@127.0.0.1:1").geturl()
