from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, StreamingResponse
from httpx2 import ASGITransport, AsyncClient
from starlette.middleware import Middleware

from tortoise_kit.http.problems import install_problems
from tortoise_kit.http.routes import Router
from tortoise_kit.http.routing import RoutingMiddleware


def edge(**options: Any) -> FastAPI:
    app = FastAPI(middleware=[Middleware(RoutingMiddleware, **options)])
    install_problems(app)
    router = Router(prefix="/shelves")

    @router.get("")
    @router.get("/{number}")
    async def read(request: Request, number: int = 0) -> str:
        return str(request.url)

    @router.post("")
    @router.delete("/{number}")
    async def change(number: int = 0) -> None: ...

    @router.get("/all/stream")
    async def stream() -> StreamingResponse:
        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"."

        return StreamingResponse(endless())

    app.include_router(router, prefix="/api")
    app.mount("/files", PlainTextResponse("file"))
    return app


def caller(app: FastAPI, address: tuple[str, int] = ("127.0.0.1", 4711)) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, client=address), base_url="http://test")


@pytest.mark.parametrize("path", ["/api/shelves", "/api/shelves/3", "/api/shelves/x", "/api/nowhere", "/files/a"])
async def test_head_has_the_head_of_get_and_no_body(path: str) -> None:
    async with caller(edge()) as client:
        get, head = await client.get(path), await client.head(path)

    assert (head.status_code, head.headers, head.content) == (get.status_code, get.headers, b"")


async def test_head_of_a_stream_without_end_ends() -> None:
    async with caller(edge()) as client:
        with anyio.fail_after(5):
            head = await client.head("/api/shelves/all/stream")

    assert (head.status_code, head.content) == (200, b"")


async def test_an_error_of_a_handler_is_not_lost_for_head() -> None:
    app = edge()

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError

    async with caller(app) as client:
        with pytest.raises(ZeroDivisionError):
            await client.head("/broken")


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "BREW"])
async def test_a_method_that_is_not_served_gets_those_of_all_routes_at_the_path(method: str) -> None:
    async with caller(edge(prefix="/shop")) as client:
        answers = [await client.request(method, path) for path in ("/api/shelves", "/api/shelves/3")]
        without_get = await client.head("/api/nowhere")

    assert [answer.status_code for answer in answers] == [405, 405]
    assert [answer.headers["allow"] for answer in answers] == ["GET, HEAD, POST", "DELETE, GET, HEAD"]
    assert without_get.status_code == 404


PREFIXES = [
    ("", "127.0.0.1", 4711, "/books", "/books"),  # a trusted peer
    ("/shop", "127.0.0.1", 4711, "/books", "/books"),  # what it says comes first
    ("/shop", "127.0.0.1", 4711, None, "/shop"),
    ("/shop", "203.0.113.9", 4711, "/books", "/shop"),  # a stranger
    ("", "203.0.113.9", 4711, "/books", ""),
    ("", "203.0.113.9", 0, "/books", "/books"),  # the server believed X-Forwarded-For of the peer
    ("", "10.1.2.3", 4711, "/books", "/books"),  # in a trusted network
    ("", "fd00::7", 4711, "/a/b-c/", "/a/b-c"),
    ("", "127.0.0.1", 4711, "//evil.com", ""),
    ("", "127.0.0.1", 4711, "/../admin", ""),
    ("", "127.0.0.1", 4711, "/a?b", ""),
    ("", "127.0.0.1", 4711, '/"><script>', ""),
    ("", "127.0.0.1", 4711, "/" + "a" * 300, ""),
    ("", "127.0.0.1", 4711, "/", ""),
    ("/api", "127.0.0.1", 4711, None, "/api"),  # as a route begins
]


@pytest.mark.parametrize(("setting", "host", "port", "sent", "expected"), PREFIXES)
async def test_a_prefix_is_in_links_and_not_in_routing(
    setting: str, host: str, port: int, sent: str | None, expected: str
) -> None:
    app = edge(prefix=setting, trusted="127.0.0.1,10.0.0.0/8, fd00::/8,proxy")
    headers = {} if sent is None else {"X-Forwarded-Prefix": sent}
    async with caller(app, (host, port)) as client:
        answers = [await client.get(path, headers=headers) for path in ("/api/shelves", "/api/shelves/")]

    assert answers[0].json() == f"http://test{expected}/api/shelves"
    assert answers[1].headers["location"] == f"http://test{expected}/api/shelves"


async def test_a_redirect_that_a_proxy_could_not_pass_on_is_not_found() -> None:
    async with caller(edge()) as client:
        answers = [await client.get(f"/api/shelves/?x={'!' * length}") for length in (10, 7900)]

    assert [answer.status_code for answer in answers] == [307, 404]
    assert answers[1].headers["content-type"] == "application/problem+json"
