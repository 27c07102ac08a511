"""The service as it runs in production: its own process, its own port, a database that migrations made."""

import re
import signal
from pathlib import Path

import anyio
import asyncpg
import httpx2
import pytest

from tests.accounts.factories import PASSWORD
from tests.support.processes import (
    EMAIL,
    STOP_SECONDS,
    assert_drains,
    eventually_ready,
    log_in,
    refuses_connections,
    run,
    run_app,
    serving,
    upgrade,
)
from tortoise_kit.development.testing import execute


async def _sessions(database_url: str) -> int:
    connection = await asyncpg.connect(database_url, timeout=STOP_SECONDS)
    try:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return count
    finally:
        await connection.close()


async def test_a_new_database_is_migrated_and_served_until_sigterm(database: str, empty_database_url: str) -> None:
    await run("migrations", "upgrade", database_url=empty_database_url)
    first = ("--role", "staff", "--email", EMAIL, "--password-stdin")
    await run("users", "create", *first, database_url=empty_database_url, stdin=f"{PASSWORD}\n")

    async with serving(empty_database_url) as (process, client):
        refused = await client.get("/api/v1/staff/pool")
        new = {"email": "bob@example.com", "name": "Bob", "password": PASSWORD}
        registered = await client.post("/api/v1/auth/register", json=new)
        again = await client.post("/api/v1/auth/register", json=new)
        await log_in(client)
        me = await client.get("/api/v1/auth/me")
        pool = await client.get("/api/v1/staff/pool")
        docs = await client.get("/docs")
        process.send_signal(signal.SIGTERM)
        with anyio.fail_after(STOP_SECONDS):
            code = await process.wait()

    assert (refused.status_code, registered.status_code, again.status_code) == (401, 201, 409)
    assert (me.json()["email"], pool.status_code, docs.status_code) == (EMAIL, 200, 200)
    assert code == 0
    assert await refuses_connections(client)
    if database == "postgres":
        assert await _sessions(empty_database_url) == 0


@pytest.mark.slow
async def test_a_service_is_ready_only_while_it_fits_the_schema(empty_database_url: str) -> None:
    async with serving(empty_database_url, ready=httpx2.codes.SERVICE_UNAVAILABLE) as (_, client):
        await eventually_ready(client, "migrations-pending")
        await upgrade(empty_database_url)
        await eventually_ready(client)
        await execute(empty_database_url, "ALTER TABLE users RENAME COLUMN name TO nick")
        await eventually_ready(client, "schema-mismatch")
        await execute(empty_database_url, "ALTER TABLE users RENAME COLUMN nick TO name")
        await eventually_ready(client)
        await run("migrations", "downgrade", "--yes", database_url=empty_database_url)
        await eventually_ready(client, "migrations-pending")


async def test_serve_fails_in_production_with_the_published_secret(tmp_path: Path) -> None:
    ended = await run_app(f"sqlite://{tmp_path / 'app.db'}", "serve", ENVIRONMENT="production")

    assert ended.returncode == 1
    assert re.fullmatch(rb"[^:\n]*SECRET_KEYS has the published default[^\n]*\n", ended.stderr)


@pytest.mark.slow
@pytest.mark.only  # signals and the delay, whatever the database
async def test_after_sigterm_the_service_is_not_ready_and_serves_until_the_delay_is_over(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await assert_drains(empty_database_url, monkeypatch)


@pytest.mark.parametrize("arguments", [["serve"], ["migrations", "upgrade"]], ids=" ".join)
async def test_a_wrong_setting_is_reported_in_one_line(arguments: list[str]) -> None:
    ended = await run_app("mysql://ann:pa55@db/app", *arguments)

    assert ended.returncode == 1
    assert re.fullmatch(rb"DATABASE_URL: .*scheme 'mysql'.*\n", ended.stderr)
    assert b"pa55" not in ended.stderr
