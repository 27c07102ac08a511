"""With a table of routes, each request is served as by Starlette's walk over all of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, override

import pytest
from fastapi import APIRouter, FastAPI, Request, Response, WebSocket
from fastapi.routing import APIRoute
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import JSONResponse
from starlette.routing import Host, Match, Mount, NoMatchFound, Route
from starlette.types import Scope

from tests.kit.http.both_ways import Sent, ask, calls_in
from tortoise_kit.http.route_table import RouteTable, install_route_table
from tortoise_kit.http.routes import Router

EACH_RUN, EACH_NIGHT = 200, 5_000
LATE = 4  # the last steps come after the first requests


@dataclass(frozen=True)
class Step:
    """One change of the routes: of which router, of the app if it is 0, and how."""

    kind: str
    path: str
    methods: tuple[str, ...]
    router: int


def served_by(label: str) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        scope = request.scope
        context = scope.get("fastapi", {}).get("effective_route_context")
        urls = []
        for name, keys in (("a", {}), ("b", {"x": "1"}), ("b", {"x": "1", "y": "2"}), ("a", {"y": 3}), ("c:a", {})):
            with suppress(NoMatchFound, AssertionError):
                urls.append(str(request.app.url_path_for(name, **keys)))
        seen = (label, scope["path_params"], scope.get("root_path"), getattr(context, "path", None), urls)
        return JSONResponse([str(each) for each in (*seen, getattr(scope.get("route"), "path", None))])

    return endpoint


def change(routers: list[Any], step: Step, label: str) -> None:
    """Carry out one step; the names of routes repeat, as their paths do."""
    router = routers[step.router % len(routers)]
    routes, name = router.routes, "ab"[len(label) % 2]
    if step.kind == "fastapi":
        router.add_api_route(step.path, served_by(label), methods=[*step.methods], name=name)
    elif step.kind == "starlette":
        router.add_route(step.path, served_by(label), methods=[*step.methods], name=name)
    elif step.kind == "appended":
        routes.append(Route(step.path, served_by(label), methods=[*step.methods], name=name))
    elif step.kind == "removed" and routes and not isinstance(routes[-1], RouteTable):
        del routes[-1]
    elif step.kind == "mounted":
        routes.append(
            Mount(step.path.replace(":path", ""), Route("/{rest:path}", served_by(label), name="a"), name="c")
        )
    elif step.kind == "host":
        routes.append(Host("{x}", JSONResponse([label])))
    elif step.kind == "websocket":
        router.add_api_websocket_route(step.path, websocket, name=name)
    elif step.kind == "odd":
        router.add_api_route(
            step.path, served_by(label), methods=[*step.methods], route_class_override=Never, name=name
        )
    elif step.kind == "included":
        _include(routers, router, step)


def _include(routers: list[Any], router: Any, step: Step) -> None:
    number = len(routers)  # a parameter may be only once in a path
    prefix = step.path.replace(":path", "").replace("{x", f"{{p{number}").replace("{y", f"{{q{number}").rstrip("/")
    added = (Router, APIRouter)[number % 2](prefix=prefix)
    router.include_router(added, prefix="/b" if number % 3 == 0 or not prefix else "")
    routers.append(added)


async def websocket(socket: WebSocket) -> None:
    await socket.close()


class Never(APIRoute):
    """A route that decides itself what it serves: nothing."""

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return Match.NONE, {}


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y:int}", "{x:path}", "v{y}", "{x}.json", "3"])
PATHS = st.builds(
    lambda segments, end: "/" + "/".join(segments) + end, st.lists(SEGMENTS, max_size=3), st.sampled_from(["", "", "/"])
).filter(lambda path: path.count("{x") < 2 and path.count("{y") < 2 and "//" not in path)
KINDS = ["fastapi"] * 6 + [
    "starlette",
    "appended",
    "included",
    "included",
    "mounted",
    "host",
    "websocket",
    "odd",
    "removed",
]
METHODS = st.sampled_from([("GET",), ("GET",), ("POST",), ("GET", "POST")])
STEPS = st.lists(st.builds(Step, st.sampled_from(KINDS), PATHS, METHODS, st.integers(0, 3)), min_size=1, max_size=12)
WORDS = st.sampled_from(["a", "b", "3", "17", "v2", "q.json", "", "a\n", "é", "%"])
REQUESTS = st.lists(
    st.builds(
        Sent,
        method=st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
        path=st.lists(WORDS, max_size=4).map(lambda words: "/" + "/".join(words)),
        query=st.just(b"q=1"),
    ),
    min_size=1,
    max_size=8,
)


def app_with(*, table: bool, redirects: bool) -> FastAPI:
    app = FastAPI(redirect_slashes=redirects, openapi_url=None, docs_url=None, redoc_url=None)
    if table:
        install_route_table(app)
    return app


@pytest.mark.parametrize("examples", [EACH_RUN, pytest.param(EACH_NIGHT, marks=pytest.mark.nightly)])
def test_any_request_to_any_routes_is_served_as_without_a_table(examples: int) -> None:
    with asyncio.Runner() as runner:

        @settings(max_examples=examples, deadline=None)
        @given(STEPS, REQUESTS, st.booleans(), st.sampled_from(["", "/a", "/b/3"]))
        def check(steps: list[Step], requests: list[Sent], redirects: bool, prefix: str) -> None:  # noqa: FBT001
            runner.run(compare(steps, requests, redirects=redirects, prefix=prefix))

        check()


async def compare(steps: list[Step], requests: list[Sent], *, redirects: bool, prefix: str) -> None:
    apps = [app_with(table=table, redirects=redirects) for table in (False, True)]
    routers: list[list[Any]] = [[app.router] for app in apps]
    for place, step in enumerate(steps):
        for of_app in routers:
            change(of_app, step, f"{'x' * (place % 2)}{place}")
        if place >= len(steps) - LATE:
            for sent in requests:
                expected, received = [await ask(app, sent, prefix=prefix) for app in apps]
                assert received == expected, (steps[: place + 1], sent, prefix)


def shelves() -> tuple[FastAPI, APIRouter]:
    app, router = app_with(table=True, redirects=True), APIRouter(prefix="/shelves")
    router.add_api_route("/{x}", served_by("template"), methods=["GET"], name="template")
    router.add_api_route("/top", served_by("fixed"), methods=["GET"], name="fixed")
    app.include_router(router, prefix="/api")
    return app, router


async def test_no_route_is_asked_for_a_request_that_the_table_knows() -> None:
    app, router = shelves()
    await ask(app, Sent(path="/api/shelves/3"))
    router.add_api_route("/3/books", served_by("late"), methods=["GET"])
    await ask(app, Sent(path="/api/shelves/3"))  # the table is made again

    for path in ("/api/shelves/3", "/api/shelves/3/books"):
        with calls_in("fastapi.routing") as called:
            assert (await ask(app, Sent(path=path))).status == 200
        assert not {"matches", "_match"} & called


async def test_a_line_break_at_the_end_of_a_path_is_the_fixed_paths() -> None:
    served = []
    for table in (False, True):
        app = app_with(table=table, redirects=True)
        app.add_api_route("/top", served_by("fixed"))
        app.add_api_route("/{x}", served_by("template"))
        served.append(await ask(app, Sent(path="/top\n")))

    assert served[0] == served[1]
    assert b"fixed" in served[1].body


async def test_a_template_that_was_added_before_a_fixed_path_serves_it() -> None:
    app, _ = shelves()

    assert b"template" in (await ask(app, Sent(path="/api/shelves/top"))).body


def test_the_path_of_a_route_is_found_without_a_walk() -> None:
    app, _ = shelves()
    app.url_path_for("fixed")

    with calls_in("fastapi.routing") as called:
        assert app.url_path_for("template", x="a") == "/api/shelves/a"
    with pytest.raises(NoMatchFound):
        app.url_path_for("template", y="a")
    assert "url_path_for" not in called


def test_a_table_is_not_in_the_document() -> None:
    documents = []
    for table in (False, True):
        app = FastAPI()
        if table:
            install_route_table(app)
        app.add_api_route("/books", served_by("books"))
        documents.append(app.openapi())

    assert documents[0] == documents[1]
