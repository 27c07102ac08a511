"""Traces of the running service, as a collector gets them; each test starts processes."""

import os
import subprocess
import sys

import pytest

from app.accounts.models import Role
from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.support.processes import EMAIL, log_in, make_account, serving, upgrade
from tortoise_kit.development.testing import CANARY
from tortoise_kit.development.testing.collector import Collector

pytestmark = pytest.mark.slow  # starts processes

ME = "/api/v1/auth/me"


async def test_a_request_and_its_statements_are_one_trace_without_values(
    empty_database_url: str, collector: Collector
) -> None:
    await upgrade(empty_database_url)
    await make_account(Role.MEMBER, database_url=empty_database_url)
    headers = {"X-Canary": CANARY, "tracestate": f"a={CANARY}", "baggage": f"a={CANARY}", "User-Agent": CANARY}
    new = {"email": f"{CANARY}@example.com", "name": CANARY, "password": f"{CANARY} {PASSWORD}"}
    traceparent = f"00-{'ab' * 16}-{'cd' * 8}-01"

    async with serving(empty_database_url) as (_, client):
        for _ in range(2):  # the second one is a conflict
            await client.post(f"/api/v1/auth/register?{CANARY}={CANARY}", json=new, headers=headers)
        await client.get(f"/{CANARY}", headers={"Host": f"{CANARY}.example.com"})
        await log_in(client)
        await client.get(ME, headers={**headers, "traceparent": traceparent})
        await client.get("/health/ready")
        root = await collector.wait_for(f"GET {ME}")

    spans = collector.spans
    [below] = collector.below(root)
    assert (root.parent, root.trace, below.trace) == ("cd" * 8, "ab" * 16, "ab" * 16)
    assert (below.name, below.attributes["db.collection.name"]) == ("SELECT users", "users")
    assert root.milliseconds > below.milliseconds > 0
    assert root.attributes["http.route"] == ME
    assert root.attributes["http.response.status_code"] == 200
    assert {"COMMIT", "ROLLBACK", "INSERT users"} <= {span.name for span in spans}
    assert {span.name for span in spans if not span.parent} == {
        "POST /api/v1/auth/register", "POST /api/v1/auth/token", "GET"
    }  # fmt: skip
    assert [name for name in (CANARY, EMAIL, PASSWORD) if name.encode() in b"".join(collector.received)] == []


def test_serve_without_the_dependency_group_ends_with_the_command_that_installs_it() -> None:
    script = (
        "import sys; sys.modules['opentelemetry.sdk'] = None; sys.argv = ['app', 'serve', '--workers', '2']\n"
        "from app.cli.main import main; main()"
    )
    ended = subprocess.run(  # noqa: S603 -- a line of this test
        [sys.executable, "-c", script],
        cwd=PROJECT_FILE.parent,
        env={**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "`uv sync --group otel` installs it" in ended.stderr
