"""The API as its own OpenAPI document describes it, called by schemathesis as nobody and each role on a real server.

`uv run --group fuzz pytest -m fuzz -n 0` sends some 30 000 requests in about twenty minutes.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import anyio
import httpx2
import pytest

from app.accounts.models import Role
from tests.contract.cases import CALLERS
from tests.support.processes import log_in, make_account, run, serving, upgrade

SEEDS = (1, 2, 3)
EXAMPLES = 20  # of each operation at random; schemathesis adds those of boundaries and of sequences
CASES = 10_000  # at least, of all runs together
RUN_SECONDS = 300
SETTINGS = {
    "ENVIRONMENT": "production",  # where nothing but the log knows of a bug
    "SECRET_KEYS": "k" * 32,
    "DOCS_ENABLED": "true",
    "METRICS_ENABLED": "true",
    "SHUTDOWN_DELAY_SECONDS": "0",
    "LOGIN_RATE_PER_ACCOUNT": "10000/second",
    "LOGIN_RATE_PER_ACCOUNT_ANYWHERE": "10000/second",
    "LOGIN_RATE_PER_ADDRESS": "10000/second",
    "REFRESH_RATE_PER_ADDRESS": "10000/second",
}
BUG = " failed: "  # as `tortoise_kit/http/server_errors.py` logs it

statuses = Counter[int]()


@dataclass(frozen=True)
class Service:
    """A server process, one who calls it, and what it logs."""

    client: httpx2.AsyncClient
    log: Path

    async def answered(self) -> Counter[int]:
        """How often it answered which status, as it counted itself."""
        counted = Counter[int]()
        for line in (await self.client.get("/metrics")).text.splitlines():
            if line.startswith("http_requests_total{"):
                labels, _, number = line.rpartition(" ")
                counted[int(labels.rpartition('status="')[2].rstrip('"}'))] += int(float(number))
        return counted


@asynccontextmanager
async def service_with_rows(
    database_url: str, role: Role | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Service]:
    """The service in a separate process, on a filled database, with a client that is signed in if there is a role."""
    await upgrade(database_url)
    await run("seed", "--size", "50", database_url=database_url)
    if role is not None:
        await make_account(role, database_url=database_url)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    log = folder / "log"
    with log.open("wb") as file:
        async with serving(database_url, log=file) as (_, client):
            if role is not None:
                await log_in(client)
            yield Service(client, log)


async def schemathesis(client: httpx2.AsyncClient, *, seed: int, folder: Path) -> str:
    """One run; what it says, or an empty text where it found no answer of 5xx."""
    token = client.headers.get("Authorization")
    options = [f"--header=Authorization: {token}"] if token else []
    options += ["--checks=not_a_server_error", f"--max-examples={EXAMPLES}", f"--seed={seed}", "--continue-on-failure"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{client.base_url}/openapi.json", *options]
    with anyio.fail_after(RUN_SECONDS):
        ended = await anyio.run_process([*command, "--no-shrink", "--no-color"], check=False, cwd=folder)
    return "" if ended.returncode == 0 else (ended.stdout + ended.stderr).decode()


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role or "nobody")
async def test_no_generated_request_causes_a_server_error(
    empty_database_url: str, role: Role | None, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with service_with_rows(empty_database_url, role, folder, monkeypatch) as service:
            found = await schemathesis(service.client, seed=seed, folder=folder)
            answered = await service.answered()
        said = service.log.read_text()
    statuses.update(answered)

    assert not {status: count for status, count in answered.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR}
    assert BUG not in said, said
    assert not found, found


@pytest.mark.fuzz
def test_enough_requests_were_sent(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{statuses.total()} requests, by status: {dict(sorted(statuses.items()))}\n")

    assert statuses.total() >= CASES
