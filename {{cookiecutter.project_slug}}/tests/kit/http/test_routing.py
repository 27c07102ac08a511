from collections.abc import AsyncIterator, Callable
from typing import Any, override

import anyio
import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.routing import APIRoute
from httpx2 import ASGITransport, AsyncClient
from starlette.middleware import Middleware
from starlette.routing import Match
from starlette.types import Scope

from tortoise_kit.http.problems import install_problems
from tortoise_kit.http.routes import Router
from tortoise_kit.http.routing import RoutingMiddleware

PATHS = {
    "/api/shelves": 200,
    "/api/shelves/": 307,
    "/api/shelves/3": 200,
    "/api/shelves/3/books": 200,
    "/api/shelve": 404,
    "/api/books": 404,
    "/shelves": 404,
    "/api/any/shelves": 404,
    "/": 404,
}


def library(kind: Callable[..., APIRouter], prefix: str = "/shelves") -> FastAPI:
    router = kind(prefix=prefix)

    @router.get("")
    @router.get("/{number}")
    @router.get("/{number}/books")
    async def read(number: int = 0) -> int:
        return number

    app = FastAPI()
    app.include_router(router, prefix="/api")
    return app


async def nothing() -> None: ...


async def status(app: FastAPI, path: str, method: str = "GET") -> int:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        return (await client.request(method, path)).status_code


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
async def test_every_path_is_served_as_by_fastapis_router(path: str, expected: int) -> None:
    assert await status(library(Router), path) == await status(library(APIRouter), path) == expected


async def test_another_method_is_rejected_as_by_fastapis_router() -> None:
    for kind in (Router, APIRouter):
        assert await status(library(kind), "/api/shelves/3", "DELETE") == 405


async def test_a_path_without_a_first_word_is_served() -> None:
    assert await status(library(Router, prefix="/{room}/shelves"), "/api/attic/shelves") == 200


async def test_a_route_that_is_added_later_is_served() -> None:
    app, router = FastAPI(), Router()
    app.include_router(router)
    before = await status(app, "/late")

    @router.get("/late")
    async def late() -> None: ...

    assert (before, await status(app, "/late")) == (404, 200)


async def test_a_router_within_a_router_is_served() -> None:
    app, outer, inner = FastAPI(), Router(prefix="/shelves"), Router()

    @inner.get("/top")
    async def top() -> None: ...

    outer.include_router(inner, prefix="/attic")
    app.include_router(outer)

    assert await status(app, "/shelves/attic/top") == 200


async def test_a_router_without_a_matching_word_is_passed_over() -> None:
    asked = []

    class Asked(APIRoute):
        @override
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            asked.append(self.path)
            return super().matches(scope)

    app = FastAPI()
    for words in ("shelves", "books", "loans"):
        router = Router(prefix=f"/{words}", route_class=Asked)
        router.add_api_route("", nothing)
        app.include_router(router, prefix="/api")

    await status(app, "/api/books", "POST")

    assert set(asked) == {"/books"}


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
