"""The service's own requests, hostile ones too, get the same response from compiled routes as from FastAPI's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from app.accounts.models import Role
from tests.accounts.factories import make_user
from tests.contract.cases import API, Access, Hostile, cases, contracts, listed, of_features
from tests.contract.test_hostile_requests import HOSTILE
from tests.kit.http.both_ways import ANALYSES, calls_in
from tests.support.clients import UserClient, bearer

BY_FASTAPI = {f"POST {API}/auth/token"}  # its body is a form
ID = "one-request"


@contextmanager
def fastapis_routes(app: FastAPI) -> Iterator[None]:
    """Let FastAPI serve each request: it does while a dependency is overridden, which here nothing depends on."""
    app.dependency_overrides[fastapis_routes] = fastapis_routes
    try:
        yield
    finally:
        app.dependency_overrides.clear()


async def both(app: FastAPI, client: AsyncClient, method: str, path: str, **sent: Any) -> tuple[Response, Response]:
    """The responses of the kit's routes and of FastAPI's to one request."""
    sent["headers"] = {"X-Request-ID": ID, **sent["headers"]}
    compiled = await client.request(method, path, **sent)
    with fastapis_routes(app):
        return compiled, await client.request(method, path, **sent)


def compared(response: Response) -> tuple[int, Any, dict[str, str]]:
    """What is the same in two responses: an id is random where that of the request is invalid."""
    request_id = response.headers["X-Request-ID"]
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    return response.status_code, response.text.replace(request_id, ID), headers


@pytest.mark.parametrize("feature", of_features("the service"))
async def test_hostile_requests_get_the_same_response(app: FastAPI, client: AsyncClient, feature: str) -> None:
    rows: dict[str, Any] = {}
    for contract in contracts().values():
        rows |= await contract.make_rows() if hasattr(contract, "make_rows") else {}
    different = []
    for sent in HOSTILE.get(feature, []):
        content, headers = sent.body(rows)
        if sent.role is not None:
            headers |= bearer(app, await make_user(role=Role(sent.role)))
        path = sent.path.format(**rows) if sent.role else sent.path
        compiled, expected = await both(app, client, sent.method, path, content=content, headers=headers)
        if compared(compiled) != compared(expected) and not _changed(sent, compiled):
            different.append((sent.name, compared(compiled), compared(expected)))

    assert not different


def _changed(sent: Hostile, response: Response) -> bool:
    """Whether the first request has changed what the second finds."""
    return sent.method in {"POST", "PATCH", "DELETE"} and response.status_code < 300


@pytest.mark.parametrize("access", cases(listed("ACCESS")))
async def test_every_route_of_the_service_but_the_form_is_compiled(admin: UserClient, access: Access) -> None:
    method, analyzed = access.route.partition(" ")[0], False
    for _ in range(2):  # it is compiled at its first request
        call = await access.prepare(admin.user)
        with calls_in(ANALYSES) as found:
            await admin.request(method, call.url(access.route), json=call.json, data=call.form, headers=call.headers)
        analyzed = bool(found)

    assert analyzed is (access.route in BY_FASTAPI)
