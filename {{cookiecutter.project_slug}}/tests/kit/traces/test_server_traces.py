"""Traces of server processes, as a collector gets them."""

import json
import re
import signal
import socket
import tempfile
import time

import anyio
import httpx2
import pytest

from app.settings import PROJECT_FILE
from tests.support.processes import STOP_SECONDS, serving, upgrade
from tortoise_kit.development.testing.collector import Collector

pytestmark = pytest.mark.slow  # starts processes
ANY_DATABASE = pytest.mark.only  # the spans are counted, and not what is in them
ME = "/api/v1/auth/me"


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

    async with serving(empty_database_url, preload=None) as (process, client):  # some are read at an import
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
