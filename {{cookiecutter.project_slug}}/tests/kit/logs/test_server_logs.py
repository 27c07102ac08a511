"""What server processes print of errors, of what is no request, and at their start and stop."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from app.settings import PROJECT_FILE
from tests.support.logs import LIMITS, Server, lines_of, logging_server, only
from tests.support.processes import log_in, run_app, serving, upgrade
from tortoise_kit.development.testing import CANARY

pytestmark = pytest.mark.slow
ANY_DATABASE = pytest.mark.only  # the log is of what precedes the database
NUMBER = "4711004711"


@pytest.fixture
async def server(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Server]:
    """A process in production, and what it prints."""
    async with logging_server(empty_database_url, monkeypatch) as running:
        yield running


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


STOP = """
import os
import signal
from contextlib import asynccontextmanager

def install(app, settings):
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(_):
        async with outer(app) as state:
            {}
            yield state
            raise ValueError(settings.service_name)

    app.router.lifespan_context = lifespan
"""


BROKEN_START = STOP.format("raise ValueError(settings.service_name)")


WRONG_ROUTE = "def install(app, settings):\n    app.add_api_route('/open', lambda: 1)\n"


@pytest.mark.parametrize(
    ("workers", "code", "event"),
    [
        pytest.param(1, BROKEN_INSTALL, "start.failed", id="an install"),
        pytest.param(1, BROKEN_START, "start.failed", id="a start"),
        pytest.param(2, BROKEN_START, "start.failed", id="a start of two workers"),
        pytest.param(1, STOP.format("signal.raise_signal(15)"), "stop.failed", id="a stop"),
        pytest.param(2, STOP.format("os.kill(os.getppid(), 15)"), "stop.failed", id="a stop of two workers"),
        pytest.param(1, WRONG_ROUTE, "start.failed", id="a route without a policy"),
    ],
)
@ANY_DATABASE
async def test_a_bug_at_the_start_or_the_stop_is_one_event_without_its_text(
    workers: int, code: str, event: str, empty_database_url: str, tmp_path: Path
) -> None:
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

    assert 1 <= len(failed) <= workers
    assert (ended.returncode == 0) == (event == "stop.failed")
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
