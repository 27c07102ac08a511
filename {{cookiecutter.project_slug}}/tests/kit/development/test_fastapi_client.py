"""FastAPI's own client of tests, as `docs/testing.md` uses it; in a process, since a suite has an app open already."""

from pathlib import Path

import pytest

from app.settings import PROJECT_FILE
from tests.support.processes import upgrade
from tortoise_kit.development.testing import run_python

CALLS = """
from fastapi.testclient import TestClient
from app.main import create_app

with TestClient(create_app()) as client:
    print([int(client.get(path).status_code) for path in ("/health/ready", "/api/v1/auth/me")])
"""
SECONDS = 60


@pytest.mark.slow
async def test_fastapis_test_client_starts_the_service_and_calls_it(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'app.db'}"
    await upgrade(url)

    environment = {"DATABASE_URL": url}
    ended = await run_python("-c", CALLS, folder=PROJECT_FILE.parent, environment=environment, seconds=SECONDS)

    assert ended.stdout == b"[200, 401]\n", ended.stderr
