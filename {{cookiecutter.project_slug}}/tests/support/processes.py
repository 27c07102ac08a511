"""Commands and servers of the service, each in its own process, and what a test prepares before it starts one."""

import signal
import subprocess
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from subprocess import CompletedProcess
from typing import IO, Any

import anyio
import httpx2
import pytest
from anyio.abc import Process
from tortoise.context import TortoiseContext
from tortoise.models import Model

from app.accounts.models import Role
from app.database import migrate
from app.features import MODELS_APP
from app.settings import PROJECT_FILE, Settings
from tests.accounts.factories import PASSWORD, make_user, password_hash
from tortoise_kit.development import testing
from tortoise_kit.models import prepare_models

SERVE = ("-m", "app", "serve")
PRELOAD = "app.cli.main,app.main"
COMMAND_SECONDS = 60
START_SECONDS = 60
STOP_SECONDS = 20
EMAIL = "ann@example.com"
DELAY_SECONDS = 2.0
AS_A_PROBE = {"Connection": "close"}  # a new connection for each request


async def run_app(database_url: str, *arguments: str, stdin: str = "", **variables: object) -> CompletedProcess[bytes]:
    """Run `python -m app …` to its end; `variables` are added to its environment."""
    given = {"DATABASE_URL": database_url, **{name: str(value) for name, value in variables.items()}}
    return await testing.run_python(
        "-m",
        "app",
        *arguments,
        folder=PROJECT_FILE.parent,
        environment=given,
        stdin=stdin,
        seconds=COMMAND_SECONDS,
        preload=PRELOAD,
    )


async def run(*arguments: str, database_url: str, stdin: str = "") -> None:
    """Run `python -m app …`, which must succeed."""
    ended = await run_app(database_url, *arguments, stdin=stdin)
    assert ended.returncode == 0, ended.stderr.decode()


async def upgrade(database_url: str) -> None:
    """Apply the migrations in this process, since another one takes a second to start."""
    await migrate(Settings(environment="test", database_url=database_url))


@asynccontextmanager
async def tortoise(config: dict[str, Any]) -> AsyncGenerator[list[type[Model]]]:
    """Tortoise on another database, beside the service's; the service's models.

    They are prepared as at its start: there is one of each for all databases, and later tests would build other SQL.
    """
    async with TortoiseContext() as context:
        await context.init(config)
        assert context.apps
        models = [*context.apps[MODELS_APP].values()]
        prepare_models(models)
        yield models


async def make_account(role: Role, *, database_url: str) -> None:
    """Create an account with EMAIL and PASSWORD in this process, beside the Tortoise that it may have."""
    async with tortoise(Settings(environment="test", database_url=database_url).tortoise()):
        await make_user(email=EMAIL, password_hash=password_hash(), role=role)


async def log_in(client: httpx2.AsyncClient) -> None:
    """Log in to that account; the client sends its token from now on."""
    form = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/token", data=form)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


@asynccontextmanager
async def serving(
    database_url: str,
    *options: str,
    command: tuple[str, ...] = SERVE,
    ready: int = httpx2.codes.OK,
    log: IO[bytes] | int = subprocess.DEVNULL,
    preload: str | None = PRELOAD,
) -> AsyncGenerator[tuple[Process, httpx2.AsyncClient]]:
    """A server whose `/health/ready` has the status `ready`, and a client of it; a new process with `preload=None`."""
    async with testing.serving(
        *command,
        *options,
        folder=PROJECT_FILE.parent,
        environment={"DATABASE_URL": database_url},
        ready=("/health/ready", ready),
        log=log,
        preload=preload,
    ) as running:
        yield running


async def eventually_ready(client: httpx2.AsyncClient, problem: str | None = None) -> None:
    """Wait until `/health/ready` is 200, or 503 with this kind of problem."""
    with anyio.fail_after(START_SECONDS):
        while True:
            answer = await client.get("/health/ready", headers=AS_A_PROBE)
            if answer.json().get("type") == (problem and f"urn:problem:{problem}"):
                return
            await anyio.sleep(0.05)


async def refuses_connections(client: httpx2.AsyncClient) -> bool:
    """Nothing listens: neither the server nor a worker."""
    try:
        stream = await anyio.connect_tcp(client.base_url.host, client.base_url.port or 80)
    except OSError:
        return True
    await stream.aclose()
    return False


async def assert_drains(database_url: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    """After SIGTERM the service is not ready, serves until the delay is over, and then refuses connections."""
    monkeypatch.setenv("SHUTDOWN_DELAY_SECONDS", str(DELAY_SECONDS))
    await upgrade(database_url)
    await make_account(Role.MEMBER, database_url=database_url)

    async with serving(database_url, *options) as (process, client):
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
    assert await refuses_connections(client)
