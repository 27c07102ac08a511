"""Compiled routes serve what FastAPI's serve: in its order, each dependency once; what is invalid, FastAPI itself."""

import json
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Annotated, Any, NoReturn

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi import routing as fastapi_routing
from fastapi.exceptions import ResponseValidationError
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from tests.kit.http.both_ways import ANALYSES, JSON, BothWays, Sent, ask, calls_in
from tortoise_kit.http.routes import Router

TOKEN = (b"authorization", b"token")


def note(request: Request, text: str) -> None:
    request.app.state.events.append(text)


async def user(request: Request, authorization: Annotated[str | None, Header()] = None) -> str:
    note(request, "user")
    if authorization is None:
        raise HTTPException(401)
    return authorization


async def limit(request: Request, limit: Annotated[int, Query(ge=1)] = 5) -> int:
    note(request, "limit")
    return limit


async def opened(request: Request, user: Annotated[str, Depends(user)]) -> AsyncIterator[str]:
    note(request, "open")
    try:
        yield user
    except ZeroDivisionError:
        note(request, "rolled back")
        raise
    finally:
        note(request, "close")


async def fresh(request: Request, _: Annotated[int, Depends(limit, use_cache=False)]) -> int:
    note(request, "fresh")
    return len(request.app.state.events)


def in_thread(request: Request, page: int = 1) -> int:
    note(request, "thread")
    if page < 0:
        raise HTTPException(409)
    return page


async def included(request: Request, x_tenant: Annotated[str, Header()] = "none") -> None:
    note(request, f"included {x_tenant}")


async def of_router(request: Request) -> None:
    note(request, "of the router")


class Book(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: str = Field(max_length=10)
    pages: int = 1


class Filters(BaseModel):
    tag: list[str] = []
    pages_min: int | None = Field(None, alias="pages")


User = Annotated[str, Depends(user)]
Limit = Annotated[int, Depends(limit)]


def shelf(router: APIRouter) -> None:
    router.dependencies.append(Depends(of_router))

    @router.get("/one/{key}")
    async def one(key: int, u: User, n: Limit, q: Annotated[list[int] | None, Query()] = None) -> Response:
        return Response(json.dumps([key, u, n, q]))

    @router.get("/shared/{key}")
    async def shared(key: int, u: User, v: User, n: Limit, t: Annotated[int, Depends(in_thread)]) -> Any:
        return [key, u, v, n, t]

    @router.get("/opened/{divisor}")
    async def divide(
        request: Request,
        divisor: int,
        u: Annotated[str, Depends(opened)],
        v: Annotated[str, Depends(opened, scope="function")],
    ) -> float:
        note(request, "divide")
        return (u == v) / divisor

    @router.get("/fresh")
    async def twice(
        x: Annotated[int, Depends(fresh)],
        y: Annotated[int, Depends(fresh)],
        z: Annotated[int, Depends(fresh, use_cache=False)],
        n: Limit,
    ) -> list[int]:
        return [x, y, z, n]

    @router.post("/books")
    async def add(u: User, book: Book, filters: Annotated[Filters, Query()]) -> dict[str, Any]:
        return {"user": u, "book": book, "filters": filters}

    @router.post("/several")
    async def several(u: User, book: Book, other: Book | None = None, note: Annotated[str, Body()] = "") -> list[Any]:
        return [u, book, other, note]


PATHS = [
    ("/one/1", b""),
    ("/one/x", b"limit=0"),
    ("/one/1", b"limit=0&q=1&q=2"),
    ("/one/1", b"limit=3&q=1&q=2"),
    ("/shared/1", b""),
    ("/shared/1", b"page=-1"),
    ("/shared/x", b"limit=0&page=y"),
    ("/shared/1", b"limit=7&limit=8"),
    ("/opened/1", b""),
    ("/opened/0", b""),
    ("/opened/x", b""),
    ("/fresh", b"limit=9"),
    ("/fresh", b"limit=x"),
]
GETS = [
    Sent("GET", f"/shelf{path}", query, headers)
    for path, query in PATHS
    for headers in ((), (TOKEN,), (TOKEN, (b"x-tenant", b"a"), (b"x-tenant", b"b")))
]
BOOK = {"title": "Emma", "pages": 3}
BODIES = [
    ("books", json.dumps(BOOK).encode()),
    ("books", json.dumps({**BOOK, "isbn": 1}).encode()),
    ("books", json.dumps([BOOK]).encode()),
    ("books", b'{"title": "Emma", "title": "Persuasion"}'),
    ("books", b"{"),
    ("books", b"\xff"),
    ("books", b""),
    ("several", json.dumps({"book": BOOK}).encode()),
    ("several", json.dumps({"book": BOOK, "other": BOOK, "note": "x"}).encode()),
    ("several", json.dumps(BOOK).encode()),
    ("several", b"[]"),
    ("several", b"null"),
]
POSTS = [
    Sent("POST", f"/shelf/{name}", query, headers, body)
    for name, body in BODIES
    for query in (b"", b"tag=a&tag=b&pages=3&other=4", b"pages=x")
    for headers in ((JSON,), (JSON, TOKEN), ((b"content-type", b"text/plain"), TOKEN), (TOKEN,))
]
INCLUDED = {"prefix": "/shelf", "dependencies": [Depends(included)]}
ways = BothWays(shelf, INCLUDED)


@pytest.mark.parametrize("sent", GETS + POSTS, ids=str)
async def test_dependencies_run_in_the_same_order_and_as_often(sent: Sent) -> None:
    await ways.same(sent)


@pytest.mark.parametrize("path", ["one/1", "shared/1", "opened/1", "fresh"])
async def test_nothing_is_analyzed_again_for_a_valid_request(path: str) -> None:
    sent = Sent("GET", f"/shelf/{path}", b"limit=7", (TOKEN,))

    await ways.same(sent)  # the first request to it
    with calls_in(ANALYSES) as of_fastapi:
        await ask(ways.by_fastapi, sent)
    with calls_in(ANALYSES) as found:
        await ask(ways.compiled, sent)

    assert of_fastapi
    assert not found


async def test_a_dependency_that_is_overridden_is_not_called() -> None:
    overridden = BothWays(shelf, INCLUDED)
    for app in (overridden.by_fastapi, overridden.compiled):
        app.dependency_overrides[user] = lambda: "somebody else"

    for sent in GETS + POSTS:
        assert "user" not in (await overridden.same(sent)).events
    for app in (overridden.by_fastapi, overridden.compiled):
        app.dependency_overrides.clear()
    assert (await overridden.same(GETS[0])).status == 401


async def test_who_has_not_logged_in_learns_nothing_of_what_is_invalid() -> None:
    received = await ways.same(Sent("POST", "/shelf/books", b"pages=x", (JSON,), b'{"title": 1}'))

    assert received.status == 401


def test_the_document_is_the_same() -> None:
    assert ways.compiled.openapi() == ways.by_fastapi.openapi()


class Broken(Exception):
    """No error of a validator."""


def broken(_: str) -> NoReturn:
    raise Broken


def odd(router: APIRouter) -> None:
    @router.get("/broken")
    async def read(u: User, value: Annotated[str, AfterValidator(broken)]) -> str:
        return u + value

    @router.post("/body")
    async def write(u: User, book: Book) -> str:
        return u + book.title

    @router.get("/invalid/response")
    async def lie() -> Book:
        return {"title": 1}  # type: ignore[return-value]


async def test_an_error_of_a_validator_comes_after_the_dependencies_before_it() -> None:
    ways = BothWays(odd)

    assert (await ways.same(Sent(path="/broken", query=b"value=a"))).status == 401
    assert (await ways.same(Sent(path="/broken", query=b"value=a", headers=(TOKEN,)))).error == "Broken()"


SHELF = ContextVar("SHELF", default="none")


async def choose_shelf() -> None:
    SHELF.set("fiction")


@pytest.mark.parametrize(("router", "seen"), [(Router, "none"), (APIRouter, "fiction")])
async def test_a_validator_sees_what_a_dependency_sets_only_in_fastapis_own_router(
    router: type[APIRouter], seen: str
) -> None:
    app, routes = FastAPI(), router(dependencies=[Depends(choose_shelf)])

    @routes.get("/")
    async def read(value: Annotated[str, AfterValidator(lambda _: SHELF.get())]) -> str:
        return value

    app.include_router(routes)

    assert (await ask(app, Sent(path="/", query=b"value=a"))).body == f'"{seen}"'.encode()


@pytest.mark.parametrize(
    ("error", "status"), [(ClientDisconnect(), 400), (Broken(), 400), (HTTPException(413), 413), (ValueError(), 400)]
)
async def test_an_error_while_a_body_is_read_gets_the_same_response(error: Exception, status: int) -> None:
    sent = Sent("POST", "/body", headers=(JSON, TOKEN), failing=error)

    assert (await BothWays(odd).same(sent)).status == status


async def test_an_error_about_the_response_names_the_function_of_the_route() -> None:
    ways, found = BothWays(odd), []
    for app in (ways.by_fastapi, ways.compiled):

        async def keep(_: Request, error: Exception) -> Response:
            found.append(str(error))
            return Response(status_code=500)

        app.add_exception_handler(ResponseValidationError, keep)

    assert (await ways.same(Sent(path="/invalid/response"))).status == 500
    assert found[0] == found[1]
    assert "in lie\n    GET /invalid/response" in found[1]


async def test_a_router_included_twice_has_the_dependencies_of_each_time() -> None:
    app, router = FastAPI(), Router()

    @router.get("/here")
    async def read(request: Request) -> list[str]:
        return list(request.app.state.events)

    app.include_router(router)
    app.include_router(router, prefix="/again", dependencies=[Depends(included)])

    assert (await ask(app, Sent(path="/here"))).body == b"[]"
    assert (await ask(app, Sent(path="/again/here"))).body == b'["included none"]'


async def test_functions_that_an_agent_has_replaced_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called, own = [], fastapi_routing.run_endpoint_function

    async def replaced(**options: Any) -> Any:
        called.append(options["dependant"].call.__name__)
        return await own(**options)

    monkeypatch.setattr(fastapi_routing, "run_endpoint_function", replaced)
    await BothWays(shelf, INCLUDED).same(Sent("GET", "/shelf/one/1", headers=(TOKEN,)))

    assert called == ["one", "one"]


async def test_fastapis_telemetry_sees_the_same_operations() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traced = BothWays(shelf, INCLUDED, telemetry={"tracer_provider": provider})

    await traced.same(Sent("GET", "/shelf/one/1", headers=(TOKEN,)))

    names = [span.name for span in exporter.get_finished_spans()]
    assert names == ["fastapi.dependencies", "fastapi.endpoint", "GET /shelf/one/{key}"] * 2
