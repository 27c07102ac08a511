"""Every route: the status each caller gets, and the number of queries it sends for one row and for many."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.accounts.models import Role
from app.accounts.policies import Admin, Public, SignedIn, Staff
from app.main import create_app
from app.operations import METRICS_PATH
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.contract.cases import (
    ADMIN,
    API,
    CALLERS,
    EVERYBODY,
    SERVICE,
    SIGNED_IN,
    STAFF,
    Access,
    Budget,
    cases,
    contract_of,
    listed,
    of_features,
    routes,
)
from tests.support.clients import bearer, new_client
from tortoise_kit.development.testing import Accept, delete_all_rows
from tortoise_kit.sql import recorded_queries

ACCEPT = "run `pytest tests/{} --accept` for the right numbers"
ROWS = (1, 7)  # more than a request may repeat a statement

ACCESS: dict[str, list[Access]] = {
    SERVICE: [
        Access("GET /health/live", EVERYBODY),
        Access("GET /health/ready", EVERYBODY),
        Access(f"GET {METRICS_PATH}", EVERYBODY),
        Access(f"GET {API}/staff/pool", STAFF),
    ],
    **listed("ACCESS"),
}
BUDGETS: dict[str, list[Budget]] = {
    SERVICE: [
        Budget("GET /health/live", 0),
        Budget("GET /health/ready", 1),
        Budget(f"GET {METRICS_PATH}", 0),
        Budget(f"GET {API}/staff/pool", 1),
    ],
    **listed("BUDGETS"),
}
POLICIES: tuple[tuple[Any, tuple[int, ...]], ...] = (
    (Admin, ADMIN),
    (Staff, STAFF),
    (SignedIn, SIGNED_IN),
    (Public, EVERYBODY),
)
READS = {feature: [access for access in found if access.route.startswith("GET ")] for feature, found in ACCESS.items()}
HEAD_BYTES_MAX = 4096  # nginx disables a server whose response has a larger head
HOSTILE_QUERIES = (
    f"x={'!' * 7900}",
    f"x={'%F0%9F%93%8E' * 600}",
    "&".join(["x=%22"] * 1000),
    f"cursor={'A' * 7900}",
    f"order_by={'!' * 7900}",
    "limit=1",
)
ACCEPTED = {200, 201, 202, 204, 401, 403, 404, 409}
"""Other statuses mean that the call is wrong, so `--accept` writes none of them."""


def missing_line(kind: str, name: str, route: Any, declared: Sequence[Access | Budget] = ()) -> str:
    """A line for a route, with what its policy and its status say.

    Its rows and its body are created as for a declared route with the same parameters, or by a `prepare` to be written.
    """
    called = {each.call for each in route.dependant.dependencies}
    statuses = next((found for policy, found in POLICIES if policy.__metadata__[0].dependency in called), EVERYBODY)
    expected = tuple(route.status_code or each if each == 200 else each for each in statuses)
    needs_rows = "{" in name or not name.startswith("GET ")
    parameters = re.findall(r"{\w+}", name)
    likely = [
        each.prepare.__name__ for each in declared if parameters and re.findall(r"{\w+}", each.route) == parameters
    ]
    prepare = f", {[*likely, 'prepare'][0]}" if needs_rows else ""
    return f'    {kind}("{name}", {expected if kind == "Access" else 1}{prepare}),'


@pytest.mark.parametrize("feature", of_features(SERVICE))
@pytest.mark.parametrize(("kind", "lines"), [("Access", ACCESS), ("Budget", BUDGETS)], ids=["access", "budgets"])
def test_every_route_is_in_the_list_and_every_line_has_a_route(
    kind: str, lines: dict[str, list[Access]] | dict[str, list[Budget]], feature: str
) -> None:
    declared = lines.get(feature, [])
    missing = [name for name in routes()[feature] if name not in {case.route for case in declared}]
    added = [missing_line(kind, name, routes()[feature][name], declared) for name in missing]
    name = "ACCESS" if kind == "Access" else "BUDGETS"

    if added:
        lines_to_add = [f"Add to {name} in {contract_of(feature)}:", *added, f"Then {ACCEPT.format(feature)}."]
        pytest.fail("\n".join(lines_to_add), pytrace=False)
    gone = [f"{case.place}: no route {case.route}" for case in declared if case.route not in routes()[feature]]
    assert not gone, gone


@pytest.mark.parametrize("role", CALLERS, ids=lambda role: role or "nobody")
@pytest.mark.parametrize("access", cases(ACCESS))
async def test_a_route_returns_each_caller_the_status_of_its_line(
    client: AsyncClient, app: FastAPI, access: Access, role: Role | None, accept: Accept
) -> None:
    caller = await make_user(role=role) if role else None
    call = await access.prepare(caller)
    headers = {**call.headers, **(bearer(app, caller) if caller else {})}

    method = access.route.split()[0]
    answer = await client.request(method, call.url(access.route), json=call.json, data=call.form, headers=headers)

    name = role or "nobody"
    expected = dict(zip((each or "nobody" for each in CALLERS), access.statuses, strict=True))
    if accept and answer.status_code in ACCEPTED:
        accept.line("Access", access.place, expected, name, answer.status_code)
    else:
        found = f"{access.place}: {name} gets {answer.status_code}, not {expected[name]}: {answer.text}"
        assert answer.status_code == expected[name], found
    if answer.status_code in {401, 403}:
        assert answer.headers["content-type"] == "application/problem+json"
    assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)


@pytest.mark.parametrize("access", cases(READS))
async def test_head_of_a_route_has_the_status_and_the_head_of_get(app: FastAPI, db: None, access: Access) -> None:
    async with await new_client(app, Role.ADMIN) as admin:
        call = await access.prepare(admin.user)
        get, head = [await admin.request(method, call.url(access.route)) for method in ("GET", "HEAD")]

    changing = {"x-request-id", *({"content-length"} if METRICS_PATH in access.route else ())}
    heads = [{name: value for name, value in each.headers.items() if name not in changing} for each in (get, head)]
    assert (head.status_code, heads[1], head.content) == (get.status_code, heads[0], b"")


@pytest.mark.only
@pytest.mark.parametrize("feature", of_features(SERVICE))
async def test_every_path_names_all_its_methods_to_a_client_that_uses_another(
    client: AsyncClient, feature: str
) -> None:
    methods: dict[str, set[str]] = {}
    for route in [name for found in routes().values() for name in found]:
        method, _, path = route.partition(" ")
        methods.setdefault(path, set()).update({method, "HEAD"} if method == "GET" else {method})

    for path in {route.partition(" ")[2] for route in routes()[feature]}:
        answer = await client.request("BREW", re.sub(r"{\w+}", "1", path))

        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, methods[path]), path


@pytest.mark.only  # the head is the application's, whatever the database
@pytest.mark.parametrize("access", cases(ACCESS))
async def test_no_query_makes_the_head_of_a_response_larger_than_a_proxy_takes(
    app: FastAPI, db: None, access: Access
) -> None:
    async with await new_client(app, Role.ADMIN) as admin:
        call = await access.prepare(admin.user)
        url = call.url(access.route).partition("?")[0]
        for query in (*(f"{each}&limit=1" for each in HOSTILE_QUERIES), *longest_filters(app, access.route)):
            for asked in (url, f"{url}/"):
                answer = await admin.request(
                    access.route.split()[0], f"{asked}?{query}", json=call.json, data=call.form, headers=call.headers
                )

                assert sum(len(name) + len(value) + 4 for name, value in answer.headers.raw) < HEAD_BYTES_MAX, query


def longest_filters(app: FastAPI, route: str) -> Iterator[str]:
    """For a route, every text that it filters by at its longest and in characters that a URL writes as twelve."""
    method, _, path = route.partition(" ")
    operation = app.openapi()["paths"].get(path, {}).get(method.lower(), {})
    for parameter in operation.get("parameters", ()):
        lengths = [each.get("maxLength") for each in parameter["schema"].get("anyOf", [parameter["schema"]])]
        if parameter["in"] == "query" and any(lengths):
            yield urlencode({parameter["name"]: "\U0001f4ce" * min(max(filter(None, lengths)), 600), "limit": 1})


@pytest.mark.parametrize("budget", cases(BUDGETS))
async def test_a_route_sends_at_most_as_many_queries_as_its_line_says_and_no_more_for_more_rows(
    app: FastAPI, db: None, database: str, budget: Budget, accept: Accept
) -> None:
    (few, _), (sent, log) = [await queries_of(app, budget, rows) for rows in ROWS]
    most = budget.most[database]

    assert sent <= few, (
        f"{budget.place}: queries grow with rows: {few} for {ROWS[0]} of each, {sent} for {ROWS[1]}:\n{log}"
    )
    if accept:
        accept.line("Budget", budget.place, budget.most, database, max(sent, most))
    else:
        assert sent <= most, f"{budget.place}: {sent} queries, and the line says {most}:\n{log}"


async def queries_of(app: FastAPI, budget: Budget, rows: int) -> tuple[int, str]:
    """How many queries the route sends for that number of rows, and which; no row is left."""
    async with await new_client(app, Role.ADMIN) as admin:
        call = await budget.prepare(rows)
        method, url = budget.route.split()[0], call.url(budget.route)
        with recorded_queries() as log:
            answer = await admin.request(method, url, json=call.json, data=call.form, headers=call.headers)
    assert answer.is_success, f"{budget.place}: {answer.text}"
    await delete_all_rows()
    return len(log.queries), str(log)


@pytest.mark.parametrize(("environment", "shown"), [("development", True), ("test", False), ("production", False)])
async def test_server_timing_shows_queries_in_development_only(
    client: AsyncClient, environment: Any, *, shown: bool
) -> None:
    app = create_app(Settings(environment=environment, secret_keys=(SecretStr("s" * 32),)))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as other:
        answer = await other.get(f"{API}/auth/me", headers=bearer(app, await make_user()))

    assert answer.status_code == 200
    assert ("Server-Timing" in answer.headers) is shown
