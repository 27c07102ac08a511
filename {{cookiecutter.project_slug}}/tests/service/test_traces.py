"""Traces of the running service, as a collector gets them; each test starts processes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator

import anyio
import httpx2
import pytest

from app.accounts.models import Role
from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.support.processes import EMAIL, STOP_SECONDS, log_in, make_account, serving, upgrade
from tortoise_kit.development.testing import CANARY
from tortoise_kit.development.testing.collector import Collector, collecting

pytestmark = pytest.mark.slow  # starts processes
ANY_DATABASE = pytest.mark.only  # the spans are counted, and not what is in them

ME = "/api/v1/auth/me"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Generator[Collector]:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield collector


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


PAGE = (PROJECT_FILE.parent / "docs" / "operations.md").read_text(encoding="utf-8")
ROWS = [row for row in re.findall(r"^\| (`OTEL_.*?) \|", PAGE, re.MULTILINE) if "=" in row or "HEADERS" in row]


@pytest.mark.parametrize("row", ROWS)
@ANY_DATABASE
async def test_requests_are_served_with_each_variable_of_the_page(
    row: str, empty_database_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in re.findall(r"`(.*?)`", row):
        name, _, value = given.partition("=")
        monkeypatch.setenv(name, value or "authorization=Bearer k%3D")
    await upgrade(empty_database_url)

    async with serving(empty_database_url) as (process, client):
        answer = await client.get(ME, headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"})
        process.send_signal(signal.SIGTERM)
        with anyio.fail_after(STOP_SECONDS):
            await process.wait()

    traces = {span.trace for span in collector.spans}
    assert answer.status_code == 401
    assert len(traces) == (0 if "EXPORTER=none" in row else 1)
    assert ("ab" * 16 in traces) is not ("=none" in row)


@ANY_DATABASE
async def test_the_log_and_a_trace_lead_to_each_other(
    empty_database_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    await upgrade(empty_database_url)
    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, log=log) as (_, client):
            await client.get("/nowhere", headers={"X-Request-ID": "traced"})
            span = await collector.wait_for("GET")
        log.seek(0)
        lines = [json.loads(line) for line in log.read().splitlines() if b'"request_id":"traced"' in line]

    assert [line["trace_id"] for line in lines] == [span.trace]
    assert span.attributes["request.id"] == "traced"


@ANY_DATABASE
async def test_each_worker_sends_its_last_spans_when_it_stops(
    empty_database_url: str, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "3000")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "named")
    await upgrade(empty_database_url)
    sent = 0

    async def call(client: httpx2.AsyncClient) -> None:
        nonlocal sent
        sent += 1
        await client.get(ME, headers={"Connection": "close"})

    def workers() -> set[str]:
        return {span.resource["service.instance.id"] for span in collector.spans}

    async with serving(empty_database_url, "--workers", "2") as (process, client):
        with anyio.fail_after(STOP_SECONDS):
            while len(workers()) < 2:
                async with anyio.create_task_group() as calls:
                    for _ in range(10):
                        calls.start_soon(call, client)
                await anyio.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        with anyio.fail_after(STOP_SECONDS):
            await process.wait()

    assert [span.name for span in collector.spans] == [f"GET {ME}"] * sent
    assert {span.resource["service.name"] for span in collector.spans} == {"named"}


@ANY_DATABASE
async def test_a_collector_that_does_not_answer_slows_neither_requests_nor_the_end(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(empty_database_url)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "16")
        monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4")
        async with serving(empty_database_url) as (process, client):
            begun = time.perf_counter()
            statuses = [(await client.get(ME)).status_code for _ in range(100)]
            seconds = time.perf_counter() - begun
            process.send_signal(signal.SIGTERM)
            with anyio.fail_after(8):  # two for the spans, the rest for a busy machine; the exporter would wait for ten
                await process.wait()

    assert statuses == [httpx2.codes.UNAUTHORIZED] * 100
    assert seconds < 5


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
