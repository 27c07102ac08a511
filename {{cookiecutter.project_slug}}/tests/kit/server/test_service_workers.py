"""The service with several workers."""

import json
import os
import signal
import tempfile
from collections import Counter
from pathlib import Path

import anyio
import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.processes import (
    AS_A_PROBE,
    STOP_SECONDS,
    assert_drains,
    refuses_connections,
    serving,
    upgrade,
)

pytestmark = pytest.mark.slow

REQUESTS = 200
SECONDS = 20.0


async def count(client: httpx2.AsyncClient) -> float:
    """Requests without a route, of all workers."""
    page = await client.get("/metrics", headers=AS_A_PROBE)
    families = {family.name: family for family in text_string_to_metric_families(page.text)}
    return sum(each.value for each in families["http_requests"].samples if each.labels.get("route") == "none")


@pytest.mark.only  # processes, whatever the database
async def test_requests_are_counted_by_all_workers_also_by_one_that_was_killed(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    await upgrade(empty_database_url)
    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, "--workers", "2", log=log) as (_, client):
            for _ in range(REQUESTS):
                assert (await client.get("/nowhere", headers=AS_A_PROBE)).status_code == 404
            before = [await count(client) for _ in range(10)]
            log.seek(0)
            lines = [json.loads(line) for line in log.read().splitlines() if line.startswith(b"{")]
            served = Counter(line["process"] for line in lines if line["event"] == "request")
            os.kill(served.most_common(1)[0][0], signal.SIGKILL)
            after = [await _eventually(client) for _ in range(10)]
            page = (await client.get("/metrics")).text

    assert before == after == [REQUESTS] * 10
    assert "process_cpu_seconds_total" in page
    assert "python_gc_collections_total" in page
    assert "service_info{" in page


async def _eventually(client: httpx2.AsyncClient) -> float:
    """A worker that was killed takes its connections with it."""
    with anyio.fail_after(SECONDS):
        while True:
            try:
                return await count(client)
            except httpx2.TransportError:
                await anyio.sleep(0.1)


SLOW_IMPORT_SECONDS = 6


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
    assert await refuses_connections(client)


@pytest.mark.slow
@pytest.mark.only("sqlite")  # signals, whatever the database
async def test_workers_whose_parent_is_killed_end(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, "--workers", "2", log=log) as (process, client):
            process.kill()
            with anyio.fail_after(STOP_SECONDS):
                while not await refuses_connections(client):  # noqa: ASYNC110 -- nobody is left to ask
                    await anyio.sleep(0.1)
        log.seek(0)
        logged = log.read()

    assert logged.count(b"worker.orphaned") == 2


@pytest.mark.slow
@pytest.mark.only  # signals and the delay, whatever the database
async def test_after_sigterm_no_worker_is_ready_and_each_serves_until_the_delay_is_over(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await assert_drains(empty_database_url, monkeypatch, "--workers", "2")
