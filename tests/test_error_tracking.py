"""The recipe of `docs/error-tracking.md`: its code, in a project, is checked, and sends bugs to a tracker."""

import gzip
import json
import re
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.conftest import Bake
from tests.machines import Machine, run_module
from tests.rendering import PORT, SERVICE
from tests.test_projects import CHECKS

SERVICE_PORT, TRACKER_PORT = PORT + 31, PORT + 32
URL = f"http://127.0.0.1:{SERVICE_PORT}"
CANARY = "c4nary"
PAGE = (SERVICE / "docs" / "error-tracking.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(app/\w+/\w+\.py)`:\n\n```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
[LINE] = re.findall(r'`("app\.\w+",)`', PAGE)
BUGS = '''"""Bugs."""

import asyncio
from functools import partial

from app.accounts.policies import Public
from tortoise_kit.db import after_commit, start_task, transaction
from tortoise_kit.http import Router

router = Router(prefix="/bugs")


async def fail(value: str) -> None:
    """Fail."""
    raise ValueError(value)


def fail_now(value: str) -> None:
    """Fail."""
    raise ValueError(value)


@router.get("/behind/{value}")
async def behind(_: Public, value: str) -> None:
    """Fail behind the response: in a hook, a started task, a task and a callback."""
    async with transaction():
        after_commit(partial(fail, value))
    start_task(fail(value))
    asyncio.create_task(fail(value))
    asyncio.get_running_loop().call_soon(fail_now, value)
    await asyncio.sleep(0)


@router.get("/{value}")
async def bug(_: Public, value: str) -> int:
    """Fail."""
    return int(value)
'''


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    """A project with the page's recipe, and a route that fails."""
    project = bake()
    for name, text in {**FILES, "app/bugs/routes.py": BUGS}.items():
        path = project / name
        path.parent.mkdir()
        (path.parent / "__init__.py").write_text('"""A recipe."""\n', encoding="utf-8")
        path.write_text(text, encoding="utf-8")
    registry = project / "app" / "features.py"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(
        text.replace("FEATURES = (\n", f'FEATURES = (\n    {LINE}\n    "app.bugs",\n'), encoding="utf-8"
    )
    return project


@contextmanager
def tracker() -> Generator[list[bytes]]:
    """What a tracker receives."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", TRACKER_PORT), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()


def test_the_code_of_the_page_passes_the_checks_of_a_project(project: Path) -> None:
    for check in CHECKS:
        ended = run_module(project, *check.split(), "app/tracker")
        assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_tracker_groups_bugs_and_gets_their_request_ids_and_no_values(project: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path, path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    command = f"{sys.executable} -B -m app serve --port {SERVICE_PORT}"
    given = {
        "PYTHONPATH": ":".join(filter(None, sys.path[1:])),
        "DATABASE_URL": f"sqlite://{tmp_path}/app.db",
        "ENVIRONMENT": "production",
        "SECRET_KEYS": "k" * 32,
        "SHUTDOWN_DELAY_SECONDS": "0",
        "SENTRY_DSN": f"http://key@127.0.0.1:{TRACKER_PORT}/1",
    }
    machine.run(f"{sys.executable} -B -m app migrations upgrade", cwd=project, **given)
    with tracker() as received, machine.serving(command, cwd=project, port=SERVICE_PORT, **given):
        for number in range(2):
            headers = {"X-Request-ID": f"request-{number}"}
            answer = httpx2.get(f"{URL}/api/v1/bugs/{CANARY}{number}", headers=headers, timeout=30, trust_env=False)
            assert answer.status_code == 500
        assert httpx2.get(f"{URL}/api/v1/bugs/behind/{CANARY}", timeout=30, trust_env=False).status_code == 200

    envelopes = b"\n".join(received)
    found = [json.loads(line) for line in envelopes.splitlines() if b'"exception"' in line]
    events, behind = found[:2], found[2:]
    assert [each["exception"]["values"][-1]["type"] for each in behind] == ["ValueError"] * 4
    assert [event["tags"]["request_id"] for event in events] == ["request-0", "request-1"]
    first, second = ([each["type"], each["stacktrace"]] for event in events for each in event["exception"]["values"])
    assert first == second
    assert first[0] == "ValueError"
    assert CANARY.encode() not in envelopes
