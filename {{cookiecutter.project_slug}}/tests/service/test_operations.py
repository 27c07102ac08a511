import asyncio
import time
from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from prometheus_client.parser import text_string_to_metric_families

from app.main import create_app
from app.settings import Settings
from tests.support.slow_service import slow_service
from tortoise_kit.http import Metrics

POOL = "/api/v1/staff/pool"
TOKEN = "vTq3-8LzRk1_XcWm7yPb0NfHsD2eGuJa"  # noqa: S105 -- made up, for these tests

type Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def scrape(app: FastAPI, *, before: tuple[tuple[str, str], ...] = ()) -> Samples:
    """What the page says after some requests."""
    async with AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://test") as client:
        for method, path in before:
            await client.request(method, path)
        page = await client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(page.text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def key(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return name, frozenset(labels.items())


def service() -> FastAPI:
    """The service again, with separate metrics, on the suite's database."""
    app = slow_service(Settings(environment="test"))

    @app.get("/bug")
    async def bug() -> None:
        raise ZeroDivisionError

    return app


async def test_a_running_service_is_alive_and_ready(client: AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    assert (await client.get("/health/ready")).json() == {"status": "ok"}


async def test_live_does_not_need_the_database() -> None:
    stopped = create_app(Settings(environment="test"))
    async with AsyncClient(transport=ASGITransport(stopped), base_url="http://test") as client:
        assert (await client.get("/health/live")).status_code == 200


async def test_requests_are_counted_by_method_route_and_status_and_never_by_path(client: AsyncClient) -> None:
    before = (
        ("GET", "/test/slow/1/statement?seconds=0"),
        ("GET", "/test/slow/2/statement?seconds=0"),
        ("DELETE", "/health/live"),
        ("GET", "/health/live"),
        ("GET", "/secret/1"),
        ("BREW", "/test/slow/3/statement"),
        ("GET", "/bug"),
    )
    samples = await scrape(service(), before=before)
    counted = {
        tuple(dict(labels)[name] for name in ("method", "route", "status")): value
        for (name, labels), value in samples.items()
        if name == "http_requests_total"
    }

    assert counted == {
        ("GET", "/test/slow/{kind}/statement", "200"): 2,
        ("DELETE", "/health/live", "405"): 1,
        ("GET", "/health/live", "200"): 1,
        ("GET", "none", "404"): 1,
        ("other", "/test/slow/{kind}/statement", "405"): 1,
        ("GET", "/bug", "500"): 1,
    }


async def test_the_prefixes_of_included_routers_are_part_of_the_route(client: AsyncClient) -> None:
    samples = await scrape(service(), before=(("GET", "/test/slow/7/statement?seconds=0"),))

    assert samples[key("http_requests_total", method="GET", route="/test/slow/{kind}/statement", status="200")] == 1


async def test_durations_are_a_histogram_in_seconds(client: AsyncClient) -> None:
    samples = await scrape(service(), before=(("GET", "/test/slow/7/statement?seconds=0.03"),))
    series = {"method": "GET", "route": "/test/slow/{kind}/statement"}

    assert samples[key("http_request_duration_seconds_count", **series)] == 1
    assert 0.03 <= samples[key("http_request_duration_seconds_sum", **series)] < 10
    assert samples[key("http_request_duration_seconds_bucket", **series, le="0.025")] == 0
    assert samples[key("http_request_duration_seconds_bucket", **series, le="+Inf")] == 1


async def test_the_pool_is_shown_if_there_is_one(client: AsyncClient, database: str) -> None:
    app = service()
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as slow, asyncio.TaskGroup() as tasks:
        tasks.create_task(slow.get("/test/slow/a/statement?seconds=0.3"))
        await asyncio.sleep(0.1)
        samples = await scrape(app)

    assert samples[key("http_requests_running")] == 1
    pool = {name.removeprefix("db_pool_"): value for (name, _), value in samples.items() if name.startswith("db_pool_")}
    if database == "sqlite":
        assert pool == {}
    else:
        assert (pool["in_use"], pool["max_size"], pool["waiting"]) == (1, Settings().pool().max_size, 0)
        assert pool["size"] == pool["idle"] + pool["in_use"]


async def test_metrics_do_not_need_the_database() -> None:
    samples = await scrape(create_app(Settings(environment="test")))

    assert samples[key("http_requests_running")] == 0


async def test_one_scrape_is_served_at_a_time_and_a_flood_gets_503(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0

    def text(_: Metrics) -> bytes:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return b"# text"

    monkeypatch.setattr(Metrics, "text", text)
    app = create_app(Settings(environment="test"))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answers = await asyncio.gather(*(client.get("/metrics") for _ in range(30)))

    assert most == 1
    assert Counter(answer.status_code for answer in answers) == {200: 5, 503: 25}
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert (busy.json()["type"], busy.headers["retry-after"]) == ("urn:problem:metrics-busy", "1")


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [
        ({"environment": "production"}, [404, 404, 404]),
        ({"environment": "production", "metrics_enabled": True}, [200, 200, 200]),
        ({"environment": "production", "metrics_token": TOKEN}, [401, 401, 200]),
        ({"environment": "test", "metrics_token": TOKEN}, [401, 401, 200]),
        ({"environment": "test", "metrics_enabled": False, "metrics_token": TOKEN}, [404, 404, 404]),
    ],
    ids=str,
)
async def test_strangers_read_no_metrics_in_production_or_without_the_token(
    settings: dict[str, Any], statuses: list[int]
) -> None:
    app = create_app(Settings.model_validate({**settings, "secret_keys": "k" * 32}))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        answers = [
            await client.get("/metrics", headers={"Authorization": f"Bearer {sent}"} if sent else {})
            for sent in ("", f"{TOKEN}x", TOKEN)
        ]

    assert [answer.status_code for answer in answers] == statuses


async def test_staff_see_the_numbers_of_each_pool(staff: AsyncClient, database: str) -> None:
    pools = (await staff.get(POOL)).json()["pools"]

    if database == "sqlite":
        assert pools == []
        return
    (pool,) = pools
    assert pool.keys() == {
        "name",
        "size",
        "idle",
        "in_use",
        "waiting",
        "max_size",
        "acquired",
        "acquire_seconds",
    }
    assert pool["name"] == "default"
    assert 1 <= pool["size"] <= pool["max_size"]
    assert pool["size"] == pool["idle"] + pool["in_use"]
    assert pool["waiting"] == 0
    assert pool["acquired"] >= 1
    assert pool["acquire_seconds"] >= 0


async def test_the_numbers_move_with_the_requests(staff: AsyncClient, database: str) -> None:
    answers = [(await staff.get(POOL)).json()["pools"] for _ in range(2)]

    if database == "postgres":
        before, after = (answer[0]["acquired"] for answer in answers)
        assert after > before
