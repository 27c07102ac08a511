import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Request, WebSocket
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.middleware import Middleware
from starlette.types import Message

from tortoise_kit.http import (
    DeadlineMiddleware,
    Metrics,
    RejectWebSocketsMiddleware,
    RequestIdMiddleware,
    RequestObserverMiddleware,
    RequestSizeMiddleware,
    SecurityHeadersMiddleware,
    check_routes,
    install_problems,
    mount,
    policy,
)
from tortoise_kit.http.route_checks import OpenRouteError
from tortoise_kit.problems import Forbidden, Unauthorized

DEFAULT_CSP = "default-src 'none'; frame-ancestors 'none'"
CSP = "default-src 'self'"
PROBLEM = "application/problem+json"


def card(request: Request, x_card: Annotated[str | None, Header()] = None) -> str | None:
    """A dependency of the policy that asks for the request itself, as FastAPI's security classes do."""
    return x_card if request.method else None


@policy
async def member(number: Annotated[str | None, Depends(card)]) -> str:
    if number is None:
        detail = "Show your card."
        raise Unauthorized(detail)
    if number != "7":
        detail = "This card is blocked."
        raise Forbidden(detail)
    return number


Member = Annotated[str, Depends(member)]


def pages(seen: list[str]) -> FastAPI:
    """An application with routes of all kinds; it notes which requests it has seen."""
    router = APIRouter()

    @router.api_route("/pages/{name}", methods=["GET", "HEAD", "OPTIONS", "POST", "PURGE"])
    async def page(name: str, request: Request) -> dict[str, Any]:
        seen.append(request.method)
        return {"name": name, "root": request.scope["root_path"], "read": len(await request.body())}

    @router.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(60)

    @router.websocket("/news")
    async def news(socket: WebSocket) -> None:
        seen.append("WEBSOCKET")
        await socket.accept()
        await socket.send_text(socket.scope["root_path"])

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        seen.append("start")
        yield
        seen.append("end")

    made = FastAPI(lifespan=lifespan)
    made.include_router(router)
    return made


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def metrics() -> Metrics:
    return Metrics({"name": "service", "version": "1"})


@pytest.fixture
def service(seen: list[str], metrics: Metrics) -> FastAPI:
    made = FastAPI(
        middleware=[
            Middleware(RequestIdMiddleware),
            Middleware(SecurityHeadersMiddleware),
            Middleware(RejectWebSocketsMiddleware),
            Middleware(RequestObserverMiddleware, observers=[metrics.observe], slow_seconds=1.0),
            Middleware(DeadlineMiddleware, seconds=0.2),
            Middleware(RequestSizeMiddleware, body_bytes=10, query_bytes=100, depth=5),
        ],
    )
    install_problems(made)
    made.include_router(APIRouter(), prefix="/elsewhere")  # as services have
    mount(made, "/admin", pages(seen), policy=Member, csp=CSP)
    check_routes(made)
    return made


async def send(service: FastAPI, method: str, path: str, *, card: str | None = None, body: bytes = b"") -> Response:
    headers = {} if card is None else {"X-Card": card}
    async with AsyncClient(transport=ASGITransport(service), base_url="http://test") as client:
        return await client.request(method, path, headers=headers, content=body)


async def open_websocket(service: FastAPI, *, card: str | None, can_respond: bool = True) -> list[Message]:
    scope = {
        "type": "websocket", "scheme": "ws", "path": "/admin/news", "raw_path": b"/admin/news", "query_string": b"",
        "root_path": "", "headers": [(b"x-card", card.encode())] if card else [], "subprotocols": [],
        "extensions": {"websocket.http.response": {}} if can_respond else {},
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def note(message: Message) -> None:
        sent.append(message)

    await service(scope, receive, note)
    return sent


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PURGE"])
async def test_the_policy_runs_first_for_every_method(service: FastAPI, seen: list[str], method: str) -> None:
    unknown, blocked = [await send(service, method, "/admin/pages/x", card=each) for each in (None, "8")]

    assert [each.status_code for each in (unknown, blocked)] == [401, 403]
    assert {each.headers["content-type"] for each in (unknown, blocked)} == {PROBLEM}
    assert unknown.headers["www-authenticate"] == "Bearer"
    assert seen == []
    assert (await send(service, method, "/admin/pages/x", card="7")).status_code == 200
    assert seen == [method]


async def test_a_websocket_that_the_policy_rejects_gets_the_problem(service: FastAPI, seen: list[str]) -> None:
    for number, status in ((None, 401), ("8", 403)):
        start, *_ = await open_websocket(service, card=number)
        assert (start["type"], start["status"]) == ("websocket.http.response.start", status)
        assert (b"content-type", PROBLEM.encode()) in start["headers"]
    [closed] = await open_websocket(service, card="8", can_respond=False)

    assert closed["type"] == "websocket.close"
    assert seen == []


async def test_a_websocket_that_the_policy_lets_in_is_the_applications(service: FastAPI) -> None:
    accepted, text = await open_websocket(service, card="7")

    assert (accepted["type"], text["text"]) == ("websocket.accept", "/admin")


async def test_the_application_finds_its_prefix_and_sends_its_own_content_security_policy(service: FastAPI) -> None:
    page, rejected = [await send(service, "GET", "/admin/pages/x", card=each) for each in ("7", "8")]

    assert page.json() == {"name": "x", "root": "/admin", "read": 0}
    assert page.headers.get_list("content-security-policy") == [CSP]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert rejected.headers.get_list("content-security-policy") == [DEFAULT_CSP]
    assert (await send(service, "GET", "/elsewhere")).headers["content-security-policy"] == DEFAULT_CSP


async def test_the_services_limits_hold_for_the_application(service: FastAPI) -> None:
    late = await send(service, "GET", "/admin/slow", card="7")
    large = await send(service, "POST", "/admin/pages/x", card="7", body=b"x" * 11)

    assert (late.status_code, large.status_code) == (503, 413)


async def test_metrics_name_the_path_of_the_mount_and_no_path_below(service: FastAPI, metrics: Metrics) -> None:
    for path in ("/admin/pages/x", "/admin/pages/y", "/admin/nowhere"):
        await send(service, "GET", path, card="7")

    lines = [line for line in metrics.text().decode().splitlines() if line.startswith("http_requests_total{")]
    assert lines == [
        'http_requests_total{method="GET",route="/admin",status="200"} 2.0',
        'http_requests_total{method="GET",route="/admin",status="404"} 1.0',
    ]


async def test_the_applications_lifespan_runs_inside_that_of_the_service(service: FastAPI, seen: list[str]) -> None:
    async with service.router.lifespan_context(service):
        assert seen == ["start"]

    assert seen == ["start", "end"]


async def test_a_test_can_override_the_policy(service: FastAPI) -> None:
    service.dependency_overrides[member] = lambda: "7"

    assert (await send(service, "GET", "/admin/pages/x")).status_code == 200


def test_a_dependency_that_is_no_policy_is_rejected() -> None:
    made = FastAPI()
    with pytest.raises(OpenRouteError, match="The policy of /admin has no dependency"):
        mount(made, "/admin", FastAPI(), policy=str)
    mount(made, "/admin", FastAPI(), policy=Annotated[str | None, Depends(card)])

    with pytest.raises(OpenRouteError, match="/admin does not say who may call it"):
        check_routes(made)


def test_what_is_no_application_is_rejected() -> None:
    with pytest.raises(TypeError, match="/admin needs an ASGI application; object is not callable"):
        mount(FastAPI(), "/admin", object(), policy=Member)  # type: ignore[arg-type]  # as without a type checker
