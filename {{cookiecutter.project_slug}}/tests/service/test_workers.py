"""Metrics of several workers add up, also after one was killed."""

import json
import os
import signal
import tempfile
from collections import Counter

import anyio
import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.processes import AS_A_PROBE, serving, upgrade

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
