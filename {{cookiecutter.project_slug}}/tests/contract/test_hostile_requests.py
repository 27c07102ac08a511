"""Whatever is sent, the answer is the one that is written down, on both databases, and it repeats nothing."""

import json
import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.accounts.models import Role
from app.features import FEATURES
from tests.accounts.factories import make_user
from tests.support.canary import OWN
from tests.support.clients import bearer
from tests.support.hostile import CANARY, Hostile
from tortoise_kit.http.problems import ProblemDetails
from tortoise_kit.problems.errors import MEDIA_TYPE

LEAST = 50  # of a service without a feature but the accounts
NAMES = [f"tests.{feature.removeprefix('app.')}.hostile" for feature in FEATURES]
REQUESTS: list[Hostile] = [
    Hostile(name="path that is not there", path=f"/{CANARY}", status=404),
    Hostile(name="path with NUL", path=f"/{CANARY}%00", status=404),
    Hostile(name="path of 8000 characters", path="/" + "a" * 8000, status=404),
    Hostile(name="path of slashes", path="/api//v1//products", status=404),
    Hostile(name="health by another method", method="DELETE", path="/health/live", status=405),
    Hostile(name="health with a body", path="/health/live", content=b"x" * 1000, status=200),
    Hostile(name="id of a request that is none", path="/health/live", headers={"X-Request-ID": 'a"b'}, status=200),
    Hostile(name="host that is none", path="/health/live", headers={"Host": CANARY}, status=200),
    Hostile(name="page of another origin", path="/health/live", headers={"Origin": f"https://{CANARY}"}, status=200),
    Hostile(
        name="preflight of another origin",
        method="OPTIONS",
        path="/health/live",
        headers={"Origin": f"https://{CANARY}", "Access-Control-Request-Method": "GET"},
        status=405,
    ),
    *[request for name in NAMES if find_spec(name) for request in import_module(name).REQUESTS],
]


@pytest.fixture
async def rows(request: pytest.FixtureRequest, db: None) -> dict[str, Any]:
    """What hostile requests refer to, of the features that are there."""
    found: dict[str, Any] = {}
    for name in NAMES:
        if find_spec(name) and (make := getattr(import_module(name), "make_rows", None)):
            found |= await make()
    return found


def filled(value: Any, rows: dict[str, Any]) -> Any:
    """`value` with the rows in place of their names, whole where it is nothing else."""
    if isinstance(value, dict):
        return {name: filled(each, rows) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, rows) for each in value]
    return rows.get(value[1:-1], value) if isinstance(value, str) and value[:1] == "{" else value


def _body(sent: Hostile, rows: dict[str, Any]) -> tuple[bytes | None, dict[str, str]]:
    if sent.json is None:
        content = sent.content
        for name, value in rows.items():
            content = content and content.replace(f'"{{{name}}}"'.encode(), json.dumps(value).encode())
        return content, sent.headers
    return json.dumps(filled(sent.json, rows)).encode(), {"Content-Type": "application/json", **sent.headers}


@pytest.mark.parametrize("sent", REQUESTS, ids=str)
async def test_a_hostile_request_gets_its_status_and_nothing_back_of_what_it_sent(
    client: AsyncClient, app: FastAPI, rows: dict[str, Any], caplog: pytest.LogCaptureFixture, sent: Hostile
) -> None:
    content, headers = _body(sent, rows)
    if sent.role is not None:
        headers = {**headers, **bearer(app, await make_user(role=Role(sent.role)))}

    path = sent.path.format(**rows) if sent.role else sent.path
    with caplog.at_level(logging.DEBUG):
        answer = await client.request(sent.method, path, content=content, headers=headers)

    assert answer.status_code == sent.status, answer.text[:500]
    assert not [each for each in caplog.records if CANARY in each.getMessage() and not each.name.startswith(OWN)]
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == MEDIA_TYPE
    if answer.status_code >= 400 and sent.method != "HEAD":
        assert ProblemDetails.model_validate_json(answer.content).request_id == answer.headers["x-request-id"]
        assert CANARY not in answer.text


def test_the_list_is_long_and_each_of_its_names_is_used_once() -> None:
    names = [request.name for request in REQUESTS]

    assert len(names) >= LEAST
    assert len(set(names)) == len(names)
