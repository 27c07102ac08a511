"""What a server process logs."""

import json
import tempfile
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import IO, Any

import anyio
import httpx2
import pytest

from app.accounts.models import Role
from app.cli.server import PROTOCOL
from tests.support.processes import make_account, serving, upgrade

SLOW = ("-m", "uvicorn", "--factory", "tests.support.slow_service:slow_service", "--http", PROTOCOL)
SECONDS = 5.0
LIMITS = {
    "REQUEST_WAIT_SECONDS": "1",
    "DB_CONNECT_TIMEOUT_SECONDS": "0.1",
    "DB_ACQUIRE_TIMEOUT_SECONDS": "0.2",
    "DB_LOCK_TIMEOUT_SECONDS": "0.3",
    "DB_STATEMENT_TIMEOUT_SECONDS": "0.4",
    "DB_COMMAND_TIMEOUT_SECONDS": "0.5",
    "REQUEST_DEADLINE_SECONDS": "1.5",
    "LOGIN_RATE_PER_ACCOUNT": "1/minute",
    "SLOW_STATEMENT_SECONDS": "0.0001",
    "ENVIRONMENT": "production",
    "SECRET_KEYS": "k" * 32,
    "SHUTDOWN_DELAY_SECONDS": "0",
    "METRICS_ENABLED": "true",
}


type Server = tuple[httpx2.AsyncClient, IO[bytes]]


@asynccontextmanager
async def logging_server(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Server]:
    """A process in production with short limits, and what it prints."""
    await upgrade(database_url)
    await make_account(Role.MEMBER, database_url=database_url)
    for name, value in LIMITS.items():  # of the server: a busy machine may take longer for what precedes it
        monkeypatch.setenv(name, value)
    with tempfile.TemporaryFile() as log:
        async with serving(database_url, command=SLOW, log=log) as (_, client):
            yield client, log


async def lines_of(log: IO[bytes], *request_ids: str) -> list[dict[str, Any]]:
    """All lines, once there is one for each of these requests."""
    with anyio.fail_after(SECONDS):
        while True:
            log.seek(0)
            lines = [json.loads(line) for line in log.read().splitlines() if line.startswith(b"{")]
            found = {line.get("request_id") for line in lines if line["event"] == "request"}
            if found >= set(request_ids):
                return lines
            await anyio.sleep(0.05)


def only(lines: Iterable[dict[str, Any]], event: str, request_id: str) -> dict[str, Any]:
    [line] = [each for each in lines if (each["event"], each.get("request_id")) == (event, request_id)]
    return line
