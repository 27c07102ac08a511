"""Every route as nobody and as each role."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.accounts.models import Role
from app.features import FEATURES
from app.metrics import METRICS_PATH
from tests.accounts.factories import make_user
from tests.support.clients import bearer
from tests.support.roles import CALLERS, EVERYBODY_READS, STAFF_READ, Rule

NAMES = [f"tests.{feature.removeprefix('app.')}.roles" for feature in FEATURES]
RULES: list[Rule] = [
    Rule("GET", "/health/live", EVERYBODY_READS),
    Rule("GET", "/health/ready", EVERYBODY_READS),
    Rule("GET", METRICS_PATH, EVERYBODY_READS),
    Rule("GET", "/api/v1/staff/pool", STAFF_READ),
    *[rule for name in NAMES if find_spec(name) for rule in import_module(name).RULES],
]


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role or "nobody")
@pytest.mark.parametrize("rule", RULES, ids=str)
async def test_each_route_answers_each_role_as_it_should(
    client: AsyncClient, app: FastAPI, rule: Rule, role: Role | None
) -> None:
    caller = await make_user(role=role) if role else None
    sent = await rule.prepare(caller)

    answer = await client.request(
        rule.method,
        rule.path.format(**sent.path),
        json=sent.json,
        data=sent.form,
        headers=bearer(app, caller) if caller else {},
    )

    assert answer.status_code == rule.statuses[CALLERS.index(role)], answer.text
    if answer.status_code in {401, 403}:
        assert answer.headers["content-type"] == "application/problem+json"
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


async def test_the_rules_leave_no_route_out(client: AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert {(rule.method, rule.path) for rule in RULES} == routes | {("GET", METRICS_PATH)}
