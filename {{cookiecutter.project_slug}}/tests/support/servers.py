"""Servers of the service, each a process of its own on a port of its own, and what a test does before it starts one."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import IO

import anyio
import httpx
from anyio.abc import Process
from tortoise.context import TortoiseContext

from app.accounts.models import Role
from app.database import migrate
from app.settings import PROJECT_FILE, Settings
from tests.accounts.factories import PASSWORD, make_user, password_hash
from tests.support.commands import run_app
from tests.support.postgres import free_port

SERVE = ("-m", "app", "serve")
START_SECONDS = 60
STOP_SECONDS = 20
LOG_BYTES = 2**20
EMAIL = "ann@example.com"
AS_A_PROBE = {"Connection": "close"}  # each on a connection of its own


async def run(*arguments: str, database_url: str, stdin: str = "") -> None:
    ended = await run_app(database_url, *arguments, stdin=stdin)
    assert ended.returncode == 0, ended.stderr.decode()


async def upgrade(database_url: str) -> None:
    """Apply the migrations, in this process: another one takes a second to start."""
    await migrate(Settings(environment="test", database_url=database_url))


async def make_account(role: Role, *, database_url: str) -> None:
    """An account with EMAIL and PASSWORD, without another process, beside the Tortoise that this one may have."""
    async with TortoiseContext() as context:
        await context.init(Settings(environment="test", database_url=database_url).tortoise())
        await make_user(email=EMAIL, password_hash=password_hash(), role=role)


async def log_in(client: httpx.AsyncClient) -> None:
    """As that account; the client sends its token from now on."""
    form = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/token", data=form)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


@asynccontextmanager
async def serving(
    database_url: str,
    *options: str,
    command: tuple[str, ...] = SERVE,
    ready: int = httpx.codes.OK,
    log: IO[bytes] | int = subprocess.DEVNULL,
) -> AsyncGenerator[tuple[Process, httpx.AsyncClient]]:
    """A server that answers whether it is ready, and a client of it; it is gone afterwards, whatever the test did."""
    port = free_port()
    process = await anyio.open_process(
        [sys.executable, *command, "--port", str(port), *options],
        cwd=PROJECT_FILE.parent,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=STOP_SECONDS) as client:
            await _ready(process, client, ready)
            yield process, client
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself, with all of its workers
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _ready(process: Process, client: httpx.AsyncClient, status: int) -> None:
    with anyio.fail_after(START_SECONDS):
        while True:
            assert process.returncode is None, "the server ended before it was ready"
            try:
                if (await client.get("/health/ready")).status_code == status:
                    return
            except httpx.TransportError:
                await anyio.sleep(0.05)


async def eventually_said(log: IO[bytes], text: str) -> str:
    """All that a server has written once it has written this."""
    with anyio.fail_after(START_SECONDS):
        while True:
            said = os.pread(log.fileno(), LOG_BYTES, 0).decode()  # where the server writes next stays as it is
            if text in said:
                return said
            await anyio.sleep(0.05)


async def eventually_ready(client: httpx.AsyncClient, problem: str | None = None) -> None:
    """Wait until ready is 200, or 503 with this kind of problem."""
    with anyio.fail_after(START_SECONDS):
        while True:
            answer = await client.get("/health/ready", headers=AS_A_PROBE)
            if answer.json().get("type") == (problem and f"urn:problem:{problem}"):
                return
            await anyio.sleep(0.05)
