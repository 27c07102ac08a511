from typing import Annotated

import pytest
from fastapi import FastAPI, Header
from starlette.responses import PlainTextResponse

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http.headers import CORSMiddleware, TrustedHostMiddleware

SHOP = "https://www.example.com"


def asked(method: str = "GET", path: str = "/", **headers: str) -> Exchange:
    exchange = Exchange(method=method, path=path)
    exchange.scope["headers"] = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return exchange


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("api.example.com", 200),
        ("API.example.com:8000", 200),
        ("a.b.example.org", 200),
        ("[::1]", 200),
        ("[::1]:8000", 200),
        ("example.org", 400),
        ("evil-example.org", 400),
        ("api.example.com.evil.com", 400),
        ("evil.com:api.example.com", 400),
        ("", 400),
    ],
)
async def test_only_known_hosts_are_served(host: str, status: int) -> None:
    hosts = ["api.example.com", "*.example.org", "[::1]"]
    exchange = asked(host=host)
    await exchange.run(TrustedHostMiddleware(PlainTextResponse("x"), hosts=hosts, exempt=["/health"]))

    assert exchange.status == status
    if status == 400:
        assert exchange.problem["type"] == "urn:problem:unknown-host"


async def test_exempt_paths_are_served_for_any_host() -> None:
    exchange = asked(path="/health", host="10.0.0.7:8000")
    await exchange.run(TrustedHostMiddleware(PlainTextResponse("x"), hosts=["api.example.com"], exempt=["/health"]))

    assert exchange.status == 200


def cors() -> CORSMiddleware:
    return CORSMiddleware(PlainTextResponse("x"), allow_origins=[SHOP])


def shop() -> FastAPI:
    app = FastAPI()

    @app.patch("/", responses={200: {"headers": {"X-Left": {"schema": {"type": "integer"}}}}})
    async def change(x_shelf: Annotated[str, Header()]) -> None: ...

    @app.get("/")
    async def read() -> None: ...

    return app


async def test_a_page_of_an_allowed_origin_may_read_responses() -> None:
    asks = asked("OPTIONS", origin=SHOP, access_control_request_method="GET")
    reads = asked(origin=SHOP)
    for exchange in (asks, reads):
        exchange.scope["app"] = shop()
        await exchange.run(cors())

        assert exchange.status == 200
        assert exchange.headers[b"access-control-allow-origin"] == SHOP.encode()


async def test_a_page_may_send_and_read_what_the_routes_declare() -> None:
    asks = asked(
        "OPTIONS",
        origin=SHOP,
        access_control_request_method="HEAD",
        access_control_request_headers="x-request-id, traceparent, authorization, x-shelf",
    )
    reads = asked(origin=SHOP)
    for exchange in (asks, reads):
        exchange.scope["app"] = shop()
        await exchange.run(cors())

    assert asks.status == 200
    assert asks.headers[b"access-control-allow-methods"] == b"GET, HEAD, PATCH"
    assert b"X-Left" in reads.headers[b"access-control-expose-headers"]


async def test_a_preflight_of_another_method_or_header_gets_a_problem_that_lists_what_is_allowed() -> None:
    for names in (
        {"access_control_request_method": "DELETE"},
        {"access_control_request_method": "GET", "access_control_request_headers": "x-secret"},
    ):
        exchange = asked("OPTIONS", origin=SHOP, **names)
        exchange.scope["app"] = shop()
        await exchange.run(cors())

        assert exchange.status == exchange.problem["status"] == 400
        assert exchange.headers[b"access-control-allow-methods"] == b"GET, HEAD, PATCH"


async def test_a_page_of_another_origin_may_not_and_its_preflight_gets_a_problem() -> None:
    asks = asked("OPTIONS", origin="https://evil.com", access_control_request_method="GET")
    reads = asked(origin="https://evil.com")
    for exchange in (asks, reads):
        exchange.scope["app"] = shop()
        await exchange.run(cors())

        assert b"access-control-allow-origin" not in exchange.headers
    assert asks.status == asks.problem["status"] == 400
