from http import HTTPStatus

from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tortoise_kit.http.observation import RequestObserverMiddleware, ServedRequest


async def test_the_status_of_a_request_is_a_number_however_its_response_names_it() -> None:
    async def gone(request: Request) -> Response:
        assert request.method == "GET"
        return Response(status_code=HTTPStatus.GONE)

    seen: list[ServedRequest] = []
    observer = Middleware(RequestObserverMiddleware, observers=[seen.append], slow_seconds=1.0)
    app = Starlette(routes=[Route("/", gone)], middleware=[observer])
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        await client.get("/")

    assert [repr(each.status) for each in seen] == ["410"]
