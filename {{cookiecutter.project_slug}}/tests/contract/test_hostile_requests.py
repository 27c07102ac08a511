"""Hostile requests get the status of their line on both databases, and nothing back of what they sent."""

import json
import logging
import re
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.accounts.models import Role
from tests.accounts.factories import make_user
from tests.contract.cases import SERVICE, Hostile, cases, contracts, listed
from tests.support.clients import bearer
from tortoise_kit.development.testing import CANARY, Accept

HOSTILE_MIN = 50  # in a service that only has accounts
SERVICES = [
    Hostile(name="unknown path", path=f"/{CANARY}", status=404),
    Hostile(name="path with NUL", path=f"/{CANARY}%00", status=404),
    Hostile(name="path of 8000 characters", path="/" + "a" * 8000, status=404),
    Hostile(name="path of slashes", path="/api//v1//auth//me", status=404),
    Hostile(name="health with another method", method="DELETE", path="/health/live", status=405),
    Hostile(name="health with a body", path="/health/live", content=b"x" * 1000, status=200),
    Hostile(name="invalid request id", path="/health/live", headers={"X-Request-ID": 'a"b'}, status=200),
    Hostile(name="unknown host", path="/health/live", headers={"Host": CANARY}, status=200),
    Hostile(name="page of another origin", path="/health/live", headers={"Origin": f"https://{CANARY}"}, status=200),
    Hostile(
        name="preflight of another origin",
        method="OPTIONS",
        path="/health/live",
        headers={"Origin": f"https://{CANARY}", "Access-Control-Request-Method": "GET"},
        status=405,
    ),
]
HOSTILE: dict[str, list[Hostile]] = {SERVICE: SERVICES, **listed("HOSTILE")}


async def make_rows(sent: Hostile) -> dict[str, Any]:
    """The rows that a request refers to, by their names; making all for each request takes most of the time."""
    text = f"{sent.path} {json.dumps(sent.json)} {(sent.content or b'').decode(errors='replace')}"
    named = set(re.findall(r"\{(\w+)\}", text))
    found: dict[str, Any] = {}
    for contract in contracts().values():
        if named - found.keys() and hasattr(contract, "make_rows"):
            found |= await contract.make_rows()
    return found


@pytest.mark.parametrize("sent", cases(HOSTILE))
async def test_a_hostile_request_gets_its_status_and_nothing_it_sent_is_repeated(
    client: AsyncClient, app: FastAPI, caplog: pytest.LogCaptureFixture, sent: Hostile, accept: Accept
) -> None:
    rows = await make_rows(sent)
    content, headers = sent.body(rows)
    if sent.role is not None:
        headers = {**headers, **bearer(app, await make_user(role=Role(sent.role)))}

    path = sent.path.format(**rows) if sent.role else sent.path
    with caplog.at_level(logging.DEBUG):
        answer = await client.request(sent.method, path, content=content, headers=headers)

    if accept and answer.status_code < 500 and answer.status_code not in {401, 403}:
        accept.line("Hostile", sent.place, {sent.name: sent.status}, sent.name, answer.status_code)
    else:
        found = f"{sent.place}: {sent.name!r} gets {answer.status_code}, not {sent.status}: {answer.text[:500]}"
        assert answer.status_code == sent.status, found
    assert not [each for each in caplog.records if CANARY in each.getMessage() and not each.name.startswith("httpx2")]
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
    if answer.status_code >= 400 and sent.method != "HEAD":
        assert answer.json().keys() >= {"type", "title", "status", "detail", "request_id"}
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert CANARY not in answer.text


def test_the_list_is_long_and_uses_each_name_once() -> None:
    names = [request.name for requests in HOSTILE.values() for request in requests]

    assert len(names) >= HOSTILE_MIN
    assert len(set(names)) == len(names)
