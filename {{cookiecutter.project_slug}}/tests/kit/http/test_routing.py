from collections.abc import Callable
from typing import override

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from starlette.routing import Match
from starlette.types import Scope

from tortoise_kit.http.routes import Router

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
