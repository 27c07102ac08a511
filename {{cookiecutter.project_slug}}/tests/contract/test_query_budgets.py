"""Every route's number of queries: as its line says, and the same for one row and for many.

The lines of a feature are in its `tests/NAME/query_budgets.py`; those that belong to none are here. A route without a
line fails the suite.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.features import FEATURES
from app.main import API_PREFIX, create_app
from app.metrics import METRICS_PATH
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.support.budgets import Budget, Call
from tests.support.clients import bearer
from tortoise_kit.sql import query_budget

ROWS = (1, 7)  # more than a request may repeat a statement


def same_call(path: str) -> Any:
    async def prepare(_rows: int) -> Call:
        return Call(path)

    return prepare


OWN = (
    Budget("GET /health/live", 0, same_call("/health/live")),
    Budget("GET /health/ready", 1, same_call("/health/ready")),
    Budget(f"GET {METRICS_PATH}", 0, same_call(METRICS_PATH)),
    Budget(f"GET {API_PREFIX}/staff/pool", 1, same_call(f"{API_PREFIX}/staff/pool")),
)


def features_budgets() -> Iterator[Budget]:
    for feature in FEATURES:
        module = f"{feature.replace('app', 'tests', 1)}.query_budgets"
        if find_spec(module):
            yield from import_module(module).BUDGETS


BUDGETS = (*OWN, *features_budgets())


def routes(app: FastAPI) -> Iterator[str]:
    """All that answer with something of ours; the pages of the documentation are FastAPI's."""
    for route in app.routes:
        for each in getattr(route, "effective_route_contexts", lambda route=route: [route])():
            if hasattr(each, "dependant"):
                yield from (f"{method} {each.path_format}" for method in each.methods)


def test_every_route_has_a_budget_and_every_budget_a_route() -> None:
    assert {budget.route for budget in BUDGETS} == set(routes(create_app(Settings(environment="test"))))


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: f"{budget.route} by {budget.prepare.__name__}")
async def test_a_route_sends_as_many_queries_as_its_budget_says_for_one_row_and_for_many(
    staff: AsyncClient, database: str, budget: Budget, rows: int
) -> None:
    call = await budget.prepare(rows)
    method = budget.route.split()[0]
    path = call.path if budget in OWN else f"{API_PREFIX}{call.path}"

    with query_budget(exactly=budget.per_database.get(database, budget.queries)):
        answer = await staff.request(method, path, json=call.json, data=call.form, headers=call.headers)

    assert answer.is_success, answer.text


@pytest.mark.parametrize(("environment", "told"), [("development", True), ("test", False), ("production", False)])
async def test_a_browser_is_told_of_queries_in_development_alone(
    client: AsyncClient, environment: Any, *, told: bool
) -> None:
    app = create_app(Settings(environment=environment, secret_keys=(SecretStr("s" * 32),)))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as other:
        answer = await other.get(f"{API_PREFIX}/auth/me", headers=bearer(app, await make_user()))

    assert answer.status_code == 200
    assert ("Server-Timing" in answer.headers) is told
