"""What server processes really print: one line for each request, and no value that a client sent."""

import ast
import json
import re
import tempfile
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import IO, Any

import anyio
import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from app.accounts.models import Role
from app.cli.server import PROTOCOL
from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD
from tests.support.processes import EMAIL, log_in, make_account, run_app, serving, upgrade
from tortoise_kit.development.testing import CANARY

pytestmark = pytest.mark.slow  # starts processes
ANY_DATABASE = pytest.mark.only  # each test starts a server, and the log is of what precedes the database

SLOW = ("-m", "uvicorn", "--factory", "tests.support.slow_service:slow_service", "--http", PROTOCOL)
SECONDS = 5.0
NUMBER = "4711004711"
LIMITS = {
    "REQUEST_WAIT_SECONDS": "1",
    "DB_CONNECT_TIMEOUT_SECONDS": "0.1",
    "DB_ACQUIRE_TIMEOUT_SECONDS": "0.2",
    "DB_LOCK_TIMEOUT_SECONDS": "0.3",
    "DB_STATEMENT_TIMEOUT_SECONDS": "0.4",
    "DB_COMMAND_TIMEOUT_SECONDS": "0.5",
    "REQUEST_DEADLINE_SECONDS": "1.5",
    "LOGIN_RATE_PER_ACCOUNT": "1/minute",
    "SLOW_STATEMENT_SECONDS": "0.0001",
    "ENVIRONMENT": "production",
    "SECRET_KEYS": "k" * 32,
    "SHUTDOWN_DELAY_SECONDS": "0",
    "METRICS_ENABLED": "true",
}

type Server = tuple[httpx2.AsyncClient, IO[bytes]]


@pytest.fixture
async def server(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Server]:
    """A process in production, and what it prints."""
    for name, value in LIMITS.items():
        monkeypatch.setenv(name, value)
    await upgrade(empty_database_url)
    await make_account(Role.MEMBER, database_url=empty_database_url)
    with tempfile.TemporaryFile() as log:
        async with serving(empty_database_url, command=SLOW, log=log) as (_, client):
            yield client, log


async def lines_of(log: IO[bytes], *request_ids: str) -> list[dict[str, Any]]:
    """All lines, once there is one for each of these requests."""
    with anyio.fail_after(SECONDS):
        while True:
            log.seek(0)
            lines = [json.loads(line) for line in log.read().splitlines() if line.startswith(b"{")]
            found = {line.get("request_id") for line in lines if line["event"] == "request"}
            if found >= set(request_ids):
                return lines
            await anyio.sleep(0.05)


def only(lines: Iterable[dict[str, Any]], event: str, request_id: str) -> dict[str, Any]:
    [line] = [each for each in lines if (each["event"], each.get("request_id")) == (event, request_id)]
    return line


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


async def test_a_bug_is_one_entry_with_its_type_and_place(server: Server) -> None:
    client, log = server
    answer = await client.get(f"/test/slow/a/bug?value={NUMBER}", headers={"X-Request-ID": "bug"})
    line = only(await lines_of(log, "bug"), "request.failed", "bug")

    assert (answer.status_code, answer.json()["request_id"]) == (500, "bug")
    assert (line["method"], line["route"], line["level"]) == ("GET", "/test/slow/{kind}/bug", "error")
    assert line["error"]["type"] == "ValueError"
    assert re.fullmatch(r"tests/support/slow_service\.py:\d+ in bug", line["error"]["place"])


@ANY_DATABASE
async def test_an_error_in_the_middle_of_a_response_is_one_entry_and_every_bug_is_counted(server: Server) -> None:
    client, log = server
    before = await bugs_of(client)
    with pytest.raises(httpx2.RemoteProtocolError):
        await client.get(f"/test/slow/a/interrupted?value={NUMBER}", headers={"X-Request-ID": "broken"})
    left = await client.get(f"/test/slow/a/exit?value={NUMBER}", headers={"X-Request-ID": "exit"})
    lines = await lines_of(log, "broken", "exit")

    errors = [(line["event"], line["request_id"]) for line in lines if line["level"] == "error"]
    assert errors == [("request.failed", "broken"), ("request.failed", "exit")]
    assert only(lines, "request", "broken")["status"] == 200
    assert only(lines, "request", "exit")["status"] == left.status_code == 500
    assert await bugs_of(client) - before == 2


async def bugs_of(client: httpx2.AsyncClient) -> float:
    """It is there from 0, so that an alert sees the first one."""
    found = re.search(r"^bugs_total (\S+)", (await client.get("/metrics")).text, re.MULTILINE)
    assert found
    return float(found[1])


@ANY_DATABASE
async def test_a_client_that_leaves_while_it_sends_its_body_is_counted_and_no_bad_request(server: Server) -> None:
    client, log = server
    head = "POST /test/slow/a/body HTTP/1.1\r\nHost: x\r\nX-Request-ID: gone\r\nContent-Length: 99\r\n"
    async with await anyio.connect_tcp("127.0.0.1", client.base_url.port or 0) as stream:
        await stream.send(f'{head}Content-Type: application/json\r\n\r\n{{"a":'.encode())
        await anyio.sleep(0.2)

    metrics = (await client.get("/metrics", headers={"X-Request-ID": "after"})).text
    await client.get("/nowhere", headers={"X-Request-ID": "last"})
    lines = await lines_of(log, "last")

    assert 'http_rejected_total{reason="client-left"} 1.0' in metrics
    assert [line for line in lines if line.get("request_id") == "gone"] == []


@ANY_DATABASE
async def test_a_websocket_is_one_line_without_what_the_client_sent(server: Server) -> None:
    client, log = server
    url = f"ws://127.0.0.1:{client.base_url.port}/test/slow"
    async with connect(
        f"{url}/{CANARY}/socket?value={CANARY}", additional_headers={"X-Request-ID": "accepted"}, proxy=None
    ) as accepted:
        assert await accepted.recv() == "."
        await accepted.send(CANARY)
        with pytest.raises(ConnectionClosedError) as closed:
            await accepted.recv()
    for request_id, path in {
        "missing": f"/{CANARY}?token={CANARY}",
        "unanswered": f"/{CANARY}/socket?value=reject",
    }.items():
        with pytest.raises(InvalidStatus):
            async with connect(url + path, additional_headers={"X-Request-ID": request_id}, proxy=None):
                pass
    lines = await lines_of(log, "accepted", "missing", "unanswered")
    log.seek(0)

    assert closed.value.rcvd
    assert closed.value.rcvd.code == 1011
    assert [
        (line["request_id"], line["event"], line.get("status")) for line in lines if "request" in line["event"]
    ] == [
        ("accepted", "request.failed", None),
        ("accepted", "request", 101),
        ("missing", "request", 403),
        ("unanswered", "request", 500),
    ]
    assert only(lines, "request", "accepted")["route"] == "/test/slow/{kind}/socket"
    assert CANARY not in log.read().decode()


BROKEN_INSTALL = "def install(app, settings):\n    raise ValueError(settings.service_name)\n"
BROKEN_STOP = """
from contextlib import asynccontextmanager

def install(app, settings):
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(_):
        async with outer(app) as state:
            BEFORE
            yield state
            raise ValueError(settings.service_name)

    app.router.lifespan_context = lifespan
"""
BROKEN_START = BROKEN_STOP.replace("BEFORE", "raise ValueError(settings.service_name)")
WRONG_ROUTE = "def install(app, settings):\n    app.add_api_route('/open', lambda: 1)\n"


@pytest.mark.parametrize(
    ("code", "event"),
    [
        (BROKEN_INSTALL, "start.failed"),
        (BROKEN_START, "start.failed"),
        (BROKEN_STOP.replace("BEFORE", "signal.raise_signal(15)").replace("\n", "import signal\n", 1), "stop.failed"),
        (WRONG_ROUTE, "start.failed"),
    ],
    ids=["an install", "a start", "a stop", "a route without a policy"],
)
@pytest.mark.parametrize("workers", [1, 2])
@ANY_DATABASE
async def test_a_bug_at_the_start_or_the_stop_is_one_event_without_its_text(
    code: str, event: str, workers: int, empty_database_url: str, tmp_path: Path
) -> None:
    if workers == 2 and event == "stop.failed":
        code = code.replace("signal.raise_signal(15)", "import os; os.kill(os.getppid(), 15)")
    feature = tmp_path / "broken_feature"
    feature.mkdir()
    (feature / "__init__.py").write_text("", encoding="utf-8")
    (feature / "install.py").write_text(code, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(
        "import app.features\napp.features.FEATURES = (*app.features.FEATURES, 'broken_feature')\n", encoding="utf-8"
    )
    await upgrade(empty_database_url)
    given = {**LIMITS, "SERVICE_NAME": CANARY, "PYTHONPATH": f"{tmp_path}:{PROJECT_FILE.parent}"}
    ended = await run_app(empty_database_url, "serve", "--port", "0", "--workers", str(workers), **given)
    printed = ended.stderr.decode()
    lines = [json.loads(line) for line in printed.splitlines()]
    failed = [line for line in lines if line["event"] == event]

    assert len(failed) == 1 or workers == 2
    assert failed
    assert "broken_feature/install.py" in failed[0]["error"]["place"] or "/open" in failed[0]["reason"]
    assert CANARY not in printed


async def test_a_slow_statement_is_named_without_its_values(server: Server) -> None:
    client, log = server
    await log_in(client)
    headers = {"X-Request-ID": "slow", "Authorization": client.headers["Authorization"]}
    await client.get("/api/v1/auth/me", headers=headers)
    line = only(await lines_of(log, "slow"), "statement.slow", "slow")

    assert re.search(r'FROM "users" WHERE "id"=\?', line["statement"])
    assert line["place"].startswith("app/accounts/policies.py:")
    assert line["ms"] > 0


@ANY_DATABASE
async def test_health_checks_that_succeed_are_not_logged(server: Server) -> None:
    client, log = server
    await client.get("/health/live", headers={"X-Request-ID": "alive"})
    await client.post("/health/live", headers={"X-Request-ID": "wrong"})
    lines = await lines_of(log, "wrong")

    assert "alive" not in {line.get("request_id") for line in lines}


@ANY_DATABASE
async def test_what_is_no_http_is_logged_with_the_id_that_the_client_got(server: Server) -> None:
    client, log = server
    port = client.base_url.port
    assert port
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(b"NO HTTP AT ALL\r\n\r\n")
        answer = ""
        while not answer.endswith("}"):
            answer += (await stream.receive()).decode()
    await client.get("/nowhere", headers={"X-Request-ID": "after"})
    lines = await lines_of(log, "after")

    request_id = json.loads(answer.partition("\r\n\r\n")[2])["request_id"]
    assert only(lines, "request.rejected", request_id)["status"] == 400


@ANY_DATABASE
async def test_requests_are_served_and_counted_when_the_log_cannot_be_written(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    await upgrade(empty_database_url)
    with Path("/dev/full").open("wb") as full:  # noqa: ASYNC230 -- a device
        async with serving(empty_database_url, log=full) as (_, client):
            statuses = [(await client.get("/nowhere")).status_code for _ in range(5)]  # on one connection
            bug = await client.post("/api/v1/auth/token", content=b"x", headers={"Content-Type": "text/plain"})
            metrics = (await client.get("/metrics")).text

    assert (statuses, bug.status_code) == ([404] * 5, 415)
    assert 'http_requests_total{method="GET",route="none",status="404"} 5.0' in metrics


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
