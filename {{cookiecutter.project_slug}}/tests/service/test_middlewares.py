"""The middlewares of the whole app together."""

import asyncio
import logging
import re
import weakref
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse

from app.main import create_app
from app.middlewares import EXEMPT, LOGINS, admission
from app.settings import Settings, project_name
from tests.contract.cases import routes
from tortoise_kit.development.testing import Exchange, without_garbage_collector

PROBLEM = "application/problem+json"
VALUE = "c4nary-7f3a"
PAGE = "https://www.example.com"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@asynccontextmanager
async def production(**changes: Any) -> AsyncGenerator[AsyncClient]:
    """A client of the service as it is in production, with a route that fails; without a database."""
    settings: dict[str, Any] = {"environment": "production", "secret_keys": "k" * 32, "cors_origins": PAGE, **changes}
    app = create_app(Settings(**settings))

    @app.get("/broken")
    async def broken() -> None:
        int(VALUE)

    async with AsyncClient(transport=ASGITransport(app), base_url="https://api.example.com") as client:
        yield client


async def test_responses_problems_and_bugs_have_the_same_headers_and_an_id(caplog: pytest.LogCaptureFixture) -> None:
    async with production() as client:
        answers = [await client.get(path) for path in ("/health/live", "/nowhere", "/broken", "/?" + "x" * 9000)]

    assert [answer.status_code for answer in answers] == [200, 404, 500, 414]
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert answer.headers["x-request-id"]
    for answer in answers[1:]:
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_bug_in_production_is_logged_once_by_type_and_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with production() as client:
            answer = await client.get("/broken")
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]

    assert answer.status_code == 500
    assert (record.getMessage(), record.__dict__["route"]) == ("request.failed", "/broken")
    assert record.exc_info is not None
    assert type(record.exc_info[1]).__name__ == "ValueError"
    assert "in broken" in caplog.text
    assert VALUE not in caplog.text + answer.text


async def test_production_shows_no_documentation_by_default() -> None:
    for enabled, status in ((None, 404), (False, 404), (True, 200)):
        async with production(docs_enabled=enabled) as client:
            answers = [await client.get(path) for path in ("/docs", "/openapi.json", "/")]

        assert [answer.status_code for answer in answers] == [status, status, 404]
        assert answers[2].headers["content-type"] == PROBLEM


async def test_in_development_the_root_leads_to_the_documentation_of_the_project() -> None:
    async with production(environment="development") as client:
        answer = await client.get("/", follow_redirects=True)

    assert (answer.status_code, answer.url.path) == (200, "/docs")
    assert f"<title>{project_name()}</title>" in answer.text


async def test_the_documentation_loads_nothing_from_other_hosts() -> None:
    async with production(docs_enabled=True) as client:
        page = await client.get("/docs")
        loaded = re.findall(r'(?:src|href)="(.*?)"', page.text)
        files = [await client.get(page.url.join(path).path) for path in loaded]

    assert len(files) == 3
    assert {(file.status_code, file.headers["cache-control"]) for file in files} == {(200, "private, max-age=3600")}
    assert {page.url.join(path).host for path in loaded} == {page.url.host}
    assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "http" not in page.headers["content-security-policy"]


async def test_unknown_hosts_are_rejected_except_for_health() -> None:
    async with production(allowed_hosts="api.example.com") as client:
        answers = [
            await client.get(path, headers={"Host": host})
            for path, host in (("/nowhere", "api.example.com"), ("/nowhere", "evil.com"), ("/health/live", "10.0.0.7"))
        ]

    assert [answer.status_code for answer in answers] == [404, 400, 200]
    assert answers[1].json()["type"] == "urn:problem:unknown-host"


async def test_only_pages_of_a_named_origin_may_read_responses_and_bugs() -> None:
    async with production() as client:
        for origin, allowed in ((PAGE, PAGE), ("https://evil.com", None)):
            for path in ("/health/live", "/broken"):
                answer = await client.get(path, headers={"Origin": origin})

                assert answer.headers.get("access-control-allow-origin") == allowed


async def test_a_page_may_send_ids_and_traces_and_a_preflight_for_more_is_a_problem() -> None:
    async with production() as client:
        asked = {"Origin": PAGE, "Access-Control-Request-Method": "HEAD"}
        allowed, rejected = [
            await client.options("/health/live", headers={**asked, "Access-Control-Request-Headers": names})
            for names in ("x-request-id, traceparent, authorization", "x-secret")
        ]

    assert (allowed.status_code, rejected.status_code) == (200, 400)
    assert rejected.headers["content-type"] == PROBLEM
    assert rejected.headers["x-request-id"] == rejected.json()["request_id"]


def test_what_hashes_a_password_waits_with_the_logins_and_nothing_else_does() -> None:
    control = admission(Settings(environment="test"))
    lanes = {
        route: control.lane({"method": route.split()[0], "path": route.split()[1]})
        for found in routes().values()
        for route in found
    }
    logins = lanes["POST /api/v1/auth/token"]

    assert logins is not lanes["GET /api/v1/auth/me"]
    assert {route for route, lane in lanes.items() if lane is logins} == set(LOGINS)
    assert {route for route, lane in lanes.items() if lane is None} == {f"GET {path}" for path in EXEMPT}


@pytest.mark.parametrize("path", ["/health/live", "/nowhere"])
async def test_a_request_leaves_nothing_to_the_garbage_collector(path: str) -> None:
    """A cycle in each request kept the collector busy for a sixth of all time once."""
    app = create_app(Settings.model_validate({"environment": "production", "secret_keys": "k" * 32}))
    await asyncio.create_task(Exchange(path=path).run(app))  # the first one is kept by what it builds
    exchange = Exchange(path=path)
    with without_garbage_collector():
        await asyncio.create_task(exchange.run(app))
        held = weakref.ref(exchange)
        del exchange

        assert held() is None


MEMBERS = {"type", "title", "status", "detail", "request_id"}


async def test_every_error_is_a_problem_with_the_id_of_its_request(client: AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("PUT", "/api/v1/auth/me", 405),
        ("GET", "/api/v1/auth/me", 401),
    ):
        answer = await client.request(method, path)

        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json().keys() == MEMBERS
        assert answer.json()["status"] == status
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_the_problem_of_an_invalid_request_says_where_and_why_and_repeats_nothing(client: AsyncClient) -> None:
    answer = await client.post("/api/v1/auth/register", json={"name": "s3cret" * 50})

    assert answer.status_code == 422
    assert answer.json().keys() == MEMBERS | {"errors"}
    assert ["body", "name"] in [error["loc"] for error in answer.json()["errors"]]
    assert all(error.keys() == {"loc", "msg", "type"} for error in answer.json()["errors"])
    assert "s3cret" not in answer.text


async def test_a_valid_request_id_of_the_caller_is_kept(client: AsyncClient) -> None:
    for given, kept in (("trace-1.a_B", True), ("x" * 65, False), ("a b", False)):
        answer = await client.get("/health/live", headers={"X-Request-ID": given})

        assert (answer.headers["x-request-id"] == given) is kept


async def test_the_service_does_not_start_with_what_was_mounted_without_a_policy_after_it_was_made() -> None:
    app = create_app(Settings(environment="test"))
    app.mount("/files", PlainTextResponse("for everyone"))

    with pytest.raises(Exception, match=r"mount\(app, '/files', \.\.\., policy="):
        async with app.router.lifespan_context(app):
            pass
