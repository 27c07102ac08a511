"""The service as it runs in production: its own process, its own port, a database that migrations made."""

import os
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

import anyio
import asyncpg
import httpx2
import pytest

from app.accounts.models import Role
from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.support.processes import (
    AS_A_PROBE,
    EMAIL,
    STOP_SECONDS,
    eventually_ready,
    log_in,
    make_account,
    run,
    serving,
    upgrade,
)
from tortoise_kit.development.testing import execute

DELAY_SECONDS = 3.0
SLOW_IMPORT_SECONDS = 6


async def _refuses_connections(client: httpx2.AsyncClient) -> bool:
    """Nothing listens: neither the server nor a worker."""
    try:
        stream = await anyio.connect_tcp(client.base_url.host, client.base_url.port or 80)
    except OSError:
        return True
    await stream.aclose()
    return False


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
    assert await _refuses_connections(client)
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


@pytest.mark.slow
@pytest.mark.only  # imports and processes, whatever the database
async def test_workers_that_import_slowly_are_waited_for_serve_and_end_together(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a busy machine; by default uvicorn kills a worker after 5 s and starts another."""
    slow = f"import sys, time; '--multiprocessing-fork' in sys.orig_argv and time.sleep({SLOW_IMPORT_SECONDS})\n"
    (tmp_path / "sitecustomize.py").write_text(slow, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    await upgrade(empty_database_url)

    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, "--workers", "2", log=log) as (process, client):
            answers = [(await client.get("/health/ready")).status_code for _ in range(10)]
            process.send_signal(signal.SIGTERM)
            with anyio.fail_after(STOP_SECONDS):
                code = await process.wait()
        log.seek(0)
        logged = log.read()

    assert (answers, code) == ([200] * 10, 0)
    assert b"Started parent process" in logged
    assert b"died" not in logged
    assert await _refuses_connections(client)


@pytest.mark.slow
@pytest.mark.only("sqlite")  # signals, whatever the database
async def test_workers_whose_parent_is_killed_end(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, "--workers", "2", log=log) as (process, client):
            process.kill()
            with anyio.fail_after(STOP_SECONDS):
                while not await _refuses_connections(client):  # noqa: ASYNC110 -- nobody is left to ask
                    await anyio.sleep(0.1)
        log.seek(0)
        logged = log.read()

    assert logged.count(b"worker.orphaned") == 2


async def test_serve_fails_in_production_with_the_published_secret(tmp_path: Path) -> None:
    environment = {**os.environ, "ENVIRONMENT": "production", "DATABASE_URL": f"sqlite://{tmp_path / 'app.db'}"}
    environment.pop("SECRET_KEYS", None)

    ended = await anyio.run_process(
        [sys.executable, "-m", "app", "serve"], check=False, cwd=PROJECT_FILE.parent, env=environment
    )

    assert ended.returncode == 1
    assert re.fullmatch(rb"[^:\n]*SECRET_KEYS has the published default[^\n]*\n", ended.stderr)


@pytest.mark.slow
@pytest.mark.only  # signals and the delay, whatever the database
@pytest.mark.parametrize("workers", [1, 2])
async def test_after_sigterm_the_service_is_not_ready_and_serves_until_the_delay_is_over(
    empty_database_url: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUTDOWN_DELAY_SECONDS", str(DELAY_SECONDS))
    await upgrade(empty_database_url)
    await make_account(Role.MEMBER, database_url=empty_database_url)

    async with serving(empty_database_url, "--workers", str(workers)) as (process, client):
        await log_in(client)
        process.send_signal(signal.SIGTERM)
        sent = time.monotonic()
        await eventually_ready(client, "shutting-down")
        others = [await client.get(path, headers=AS_A_PROBE) for path in ("/health/live", "/api/v1/auth/me")]
        with anyio.fail_after(STOP_SECONDS):
            code = await process.wait()
        taken = time.monotonic() - sent

    assert [answer.status_code for answer in others] == [200, 200]
    assert code == 0
    assert taken >= DELAY_SECONDS
    assert await _refuses_connections(client)


@pytest.mark.parametrize("arguments", [["serve"], ["migrations", "upgrade"]], ids=" ".join)
async def test_a_wrong_setting_is_reported_in_one_line(arguments: list[str]) -> None:
    ended = await anyio.run_process(
        [sys.executable, "-m", "app", *arguments],
        check=False,
        cwd=PROJECT_FILE.parent,
        env={**os.environ, "DATABASE_URL": "mysql://ann:pa55@db/app"},
    )

    assert ended.returncode == 1
    assert re.fullmatch(rb"DATABASE_URL: .*scheme 'mysql'.*\n", ended.stderr)
    assert b"pa55" not in ended.stderr
