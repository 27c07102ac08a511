"""What server processes really print: one line for each request, and no value that a client sent."""

import ast
import re
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.support.logs import Server, lines_of, logging_server, only
from tests.support.processes import EMAIL, log_in
from tortoise_kit.development.testing import CANARY

pytestmark = pytest.mark.slow  # starts processes
NUMBER = "4711004711"


@pytest.fixture
async def server(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Server]:
    """A process in production, and what it prints."""
    async with logging_server(empty_database_url, monkeypatch) as running:
        yield running


REQUESTS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "found": ("GET", "/api/v1/auth/me", {}, {"status": 200, "route": "/api/v1/auth/me", "user_id": 1}),
    "missing": ("GET", f"/{CANARY}", {}, {"status": 404, "route": "none", "problem": "about:blank"}),
    "invalid": (
        "POST",
        f"/api/v1/auth/register?x={CANARY}",
        {"json": {"email": CANARY, CANARY: 1}},
        {"status": 422, "route": "/api/v1/auth/register", "problem": "about:blank"},
    ),
    "wrong-password": (
        "POST",
        "/api/v1/auth/token",
        {"data": {"grant_type": "password", "username": f"{CANARY}@example.com", "password": CANARY * 3}},
        {"status": 401, "problem": "wrong-credentials", "queries": 2},
    ),
    "login": (
        "POST",
        "/api/v1/auth/token",
        {"data": {"grant_type": "password", "username": EMAIL, "password": PASSWORD}},
        {"status": 200, "method": "POST"},
    ),
    "too-many": (
        "POST",
        "/api/v1/auth/token",
        {"data": {"grant_type": "password", "username": f"{CANARY}@example.com", "password": PASSWORD}},
        {"status": 429, "problem": "too-many-attempts"},
    ),
    "late": (
        "GET",
        "/test/slow/a/statement?seconds=30",
        {},
        {"status": 503, "problem": "deadline-exceeded", "route": "/test/slow/{kind}/statement"},
    ),
    "bug": ("GET", f"/test/slow/a/bug?value={NUMBER}", {}, {"status": 500, "problem": "about:blank"}),
}


async def test_a_request_is_one_line_that_its_id_leads_to_and_no_line_has_a_value(server: Server) -> None:
    client, log = server
    await log_in(client)
    for name, (method, path, options, _) in REQUESTS.items():
        headers = {"X-Request-ID": name, "User-Agent": CANARY, "X-Canary": CANARY}
        answer = await client.request(method, path, headers=headers, **options)
        assert answer.headers["X-Request-ID"] == name
    with pytest.raises(httpx2.ReadTimeout):
        await client.get("/test/slow/a/statement?seconds=30", headers={"X-Request-ID": "left"}, timeout=0.5)
    lines = await lines_of(log, *REQUESTS, "left")
    log.seek(0)
    printed = log.read().decode()

    for name, (*_, expected) in REQUESTS.items():
        line = only(lines, "request", name)
        assert expected.items() <= line.items(), (name, line)
        assert line["ms"] >= line["database_ms"] >= 0
        assert line["network"] == "127.0.0.1"
    assert only(lines, "request", "left")["status"] == 499
    assert CANARY not in printed
    assert NUMBER not in printed
    assert EMAIL not in printed
    assert PASSWORD not in printed


EVENT = re.compile(r"[a-z]+\.[a-z_]+")


LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log_line", "_log"}


def events_in(folder: Path) -> Iterable[str]:
    """The names that calls of loggers have in the code below a folder."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                name = node.args[0].value
                if called in LOGGING and EVENT.fullmatch(str(name)):
                    yield str(name)


def test_the_documentation_lists_every_event() -> None:
    root = PROJECT_FILE.parent
    text = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z]+\.[a-z_]+`(?:, `[a-z]+\.[a-z_]+`)*) \|", text, re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(.*?)`", row)}
    logged = {*events_in(root / "app"), *events_in(root / "tortoise_kit"), "start.failed", "stop.failed"}

    assert listed == logged
