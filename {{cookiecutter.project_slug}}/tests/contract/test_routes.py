"""Every route: the status each caller gets, and the number of queries it sends for one row and for many."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.accounts.models import Role
from app.main import create_app
from app.operations import METRICS_PATH
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.contract.cases import API, CALLERS, EVERYBODY, STAFF, Access, Budget, listed
from tests.support.clients import bearer
from tortoise_kit.sql import query_budget

ROWS = (1, 7)  # more than a request may repeat a statement

ACCESS: list[Access] = [
    Access("GET /health/live", EVERYBODY),
    Access("GET /health/ready", EVERYBODY),
    Access(f"GET {METRICS_PATH}", EVERYBODY),
    Access(f"GET {API}/staff/pool", STAFF),
    *listed("ACCESS"),
]
BUDGETS: list[Budget] = [
    Budget("GET /health/live", 0),
    Budget("GET /health/ready", 1),
    Budget(f"GET {METRICS_PATH}", 0),
    Budget(f"GET {API}/staff/pool", 1),
    *listed("BUDGETS"),
]


def routes(app: FastAPI) -> Iterator[str]:
    """The routes of the service; the pages of the documentation are FastAPI's."""
    for route in app.routes:
        for each in getattr(route, "effective_route_contexts", lambda route=route: [route])():
            if hasattr(each, "dependant"):
                yield from (f"{method} {each.path_format}" for method in each.methods)


@pytest.mark.parametrize("cases", [ACCESS, BUDGETS], ids=["access", "budgets"])
def test_every_route_is_in_the_list_and_every_line_has_a_route(cases: list[Access] | list[Budget]) -> None:
    assert {case.route for case in cases} == set(routes(create_app(Settings(environment="test"))))


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role or "nobody")
@pytest.mark.parametrize("access", ACCESS, ids=str)
async def test_a_route_returns_each_caller_the_status_of_its_line(
    client: AsyncClient, app: FastAPI, access: Access, role: Role | None
) -> None:
    caller = await make_user(role=role) if role else None
    call = await access.prepare(caller)
    headers = {**call.headers, **(bearer(app, caller) if caller else {})}

    method = access.route.split()[0]
    answer = await client.request(method, call.url(access.route), json=call.json, data=call.form, headers=headers)

    assert answer.status_code == access.statuses[CALLERS.index(role)], answer.text
    if answer.status_code in {401, 403}:
        assert answer.headers["content-type"] == "application/problem+json"
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("budget", BUDGETS, ids=str)
async def test_a_route_sends_as_many_queries_as_its_line_says_for_one_row_and_for_many(
    staff: AsyncClient, database: str, budget: Budget, rows: int
) -> None:
    call = await budget.prepare(rows)
    method, url = budget.route.split()[0], call.url(budget.route)

    with query_budget(exactly=budget.per_database.get(database, budget.queries)):
        answer = await staff.request(method, url, json=call.json, data=call.form, headers=call.headers)

    assert answer.is_success, answer.text


@pytest.mark.parametrize(("environment", "shown"), [("development", True), ("test", False), ("production", False)])
async def test_server_timing_shows_queries_in_development_only(
    client: AsyncClient, environment: Any, *, shown: bool
) -> None:
    app = create_app(Settings(environment=environment, secret_keys=(SecretStr("s" * 32),)))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as other:
        answer = await other.get(f"{API}/auth/me", headers=bearer(app, await make_user()))

    assert answer.status_code == 200
    assert ("Server-Timing" in answer.headers) is shown
