"""The service behind a proxy that serves it below `/eu` and strips that."""

import re
from typing import Any, override
from urllib.parse import urljoin

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import Role
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import AUTH, PASSWORD, USERS, make_user, password_hash
from tests.support.clients import bearer
from tortoise_kit.development.testing import ids, links, walk

PREFIX = "/eu"


class StrippingProxy(httpx2.ASGITransport):
    """Passes on what is below the prefix, without it."""

    def __init__(self, app: FastAPI, headers: dict[str, str]) -> None:
        super().__init__(app)
        self.headers = headers

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        assert request.url.path.startswith(f"{PREFIX}/"), request.url
        target = request.url.raw_path.removeprefix(PREFIX.encode())
        passed_on = httpx2.Request(
            request.method,
            request.url.copy_with(raw_path=target),
            headers={**request.headers, **self.headers},
            stream=request.stream,
        )
        return await super().handle_async_request(passed_on)


@pytest.fixture(params=["by setting", "by header"])
def proxied(request: pytest.FixtureRequest, app: FastAPI, db: None) -> httpx2.AsyncClient:
    """A client of the proxy, which names the prefix itself, or it is a setting of the service."""
    by_setting = request.param == "by setting"
    settings: dict[str, Any] = {"root_path": PREFIX} if by_setting else {}
    service = create_app(Settings(environment="test", docs_enabled=True, **settings))
    headers = {} if by_setting else {"X-Forwarded-Prefix": PREFIX}
    return httpx2.AsyncClient(transport=StrippingProxy(service, headers), base_url=f"http://test{PREFIX}")


async def test_links_lead_through_the_proxy_and_cursors_are_the_same_without_it(
    proxied: httpx2.AsyncClient, app: FastAPI, client: httpx2.AsyncClient
) -> None:
    users = [await make_user(role=Role.ADMIN) for _ in range(5)]
    for each in (proxied, client):
        each.headers.update(bearer(app, users[0]))
    pages = await walk(proxied, f"{USERS}?limit=2", "next")
    back = await walk(proxied, str(pages[-1].url), "prev")
    direct = await client.get(USERS, params={"limit": 2, "cursor": pages[0].json()["next"]})

    assert [len(page) for page in ids(pages)] == [2, 2, 1]
    assert ids(back) == ids(pages)[::-1]
    assert links(pages[0])["next"].startswith(f"http://test{PREFIX}{USERS}?")
    assert direct.json() == pages[1].json()


async def test_documentation_and_login_are_found_through_the_proxy(proxied: httpx2.AsyncClient) -> None:
    user = await make_user(password_hash=password_hash())
    page = await proxied.get("/docs")
    files = re.findall(r"""(?:src=|href=|\burl: )["'](.*?)["']""", page.text)
    document = await proxied.get("/openapi.json")
    whole = document.json()
    (flow,) = [each["flows"]["password"] for each in whole["components"]["securitySchemes"].values() if "flows" in each]
    login = urljoin(str(document.url), flow["tokenUrl"])
    form = {"grant_type": "password", "username": user.email, "password": PASSWORD}

    assert whole["servers"] == [{"url": PREFIX}]
    assert (await proxied.post(login, data=form)).status_code == 200
    assert len(files) == 4
    for file in files:
        assert (await proxied.get(urljoin(str(page.url), file))).status_code == 200


async def test_a_redirect_stays_behind_the_proxy(proxied: httpx2.AsyncClient) -> None:
    answer = await proxied.get(f"{AUTH}/me/")

    assert (answer.status_code, answer.headers["location"]) == (307, f"http://test{PREFIX}{AUTH}/me")


async def test_health_is_found_with_the_prefix_and_without_it(
    proxied: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    """A platform's probe does not come through the proxy."""
    assert [(await each.get("/health/live")).status_code for each in (proxied, client)] == [200, 200]
