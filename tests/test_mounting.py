"""The recipes of `docs/mounting.md`: their code, in a project, is checked, served and called."""

import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.browser import browser
from tests.conftest import Bake
from tests.machines import Machine, run_module
from tests.rendering import PORT, SERVICE
from tests.test_projects import CHECKS, postgres

__all__ = ["postgres"]  # the fixture

RECIPES_PORT = PORT + 23
URL = f"http://127.0.0.1:{RECIPES_PORT}"
PASSWORD = "development only"  # noqa: S105 - the README publishes it
PAGE = (SERVICE / "docs" / "mounting.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(app/\w+/\w+\.py)`:\n\n```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
LINES = re.findall(r'`("app\.\w+",)`', PAGE)
API_CSP = "default-src 'none'; frame-ancestors 'none'"
SEARCHED = "c4nary"
FONT = "https://rsms.me/inter/inter.css"  # of starlette-admin's pages, which look well without it


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    """A project with the page's recipes."""
    project = bake()
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").write_text('"""A recipe."""\n', encoding="utf-8")
        path.write_text(text, encoding="utf-8")
    registry = project / "app" / "features.py"
    last = '    "app.reports",  # example\n'
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace(last, last + "".join(f"    {line}\n" for line in LINES)), encoding="utf-8")
    (project / "public").mkdir()
    (project / "public" / "hello.txt").write_text("Hello", encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the server's log."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(project: Path, request: pytest.FixtureRequest, home: Path) -> Generator[httpx2.Client]:
    """A client of the running project, whose database has the accounts of development."""
    machine = Machine(home, path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    url = f"sqlite://{home}/app.db" if request.param == "sqlite" else request.getfixturevalue("postgres")
    paths = ":".join(filter(None, sys.path[1:]))
    command = f"{sys.executable} -B -m app dev --seed 20 --port {RECIPES_PORT}"
    with (
        machine.serving(command, cwd=project, port=RECIPES_PORT, PYTHONPATH=paths, DATABASE_URL=url),
        httpx2.Client(base_url=URL, timeout=30, trust_env=False) as client,
    ):
        yield client


def token_of(server: httpx2.Client, name: str) -> dict[str, str]:
    form = {"grant_type": "password", "username": f"{name}@example.com", "password": PASSWORD}
    return {"Authorization": f"Bearer {server.post('/api/v1/auth/token', data=form).json()['access_token']}"}


@contextmanager
def logged_in(server: httpx2.Client, name: str) -> Generator[httpx2.Client]:
    """A browser's session of the admin UI, after its login page."""
    form = {"grant_type": "password", "username": f"{name}@example.com", "password": PASSWORD}
    with httpx2.Client(base_url=server.base_url, timeout=30, trust_env=False) as session:
        response = session.post("/api/v1/admin/login", data=form)
        assert (response.status_code, response.headers["location"]) == (303, "/admin/")
        yield session


@pytest.mark.parametrize("check", CHECKS)
def test_the_recipes_pass_the_projects_own_checks(project: Path, check: str) -> None:
    ended = run_module(project, *check.split(), "app")

    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_static_file_is_for_everyone_and_is_cached(server: httpx2.Client) -> None:
    found, missing = server.get("/files/hello.txt"), server.get("/files/nothing.txt")
    again = server.get("/files/hello.txt", headers={"If-None-Match": found.headers["etag"]})

    assert (found.status_code, found.text, again.status_code) == (200, "Hello", 304)
    assert found.headers["cache-control"] == "public, max-age=3600"
    assert found.headers["content-security-policy"] == "default-src 'self'; frame-ancestors 'none'"
    assert server.head("/files/hello.txt").headers["content-length"] == "5"
    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    assert (missing.headers["cache-control"], missing.headers["content-security-policy"]) == ("no-store", API_CSP)


def call(server: httpx2.Client, method: str, headers: dict[str, str], **parameters: Any) -> httpx2.Response:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    accept = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    return server.post("/mcp/", json=message, headers={**accept, **headers})


def test_staff_call_a_function_over_mcp_and_others_do_not(server: httpx2.Client) -> None:
    strangers, members = call(server, "tools/list", {}), call(server, "tools/list", token_of(server, "member"))
    called = call(server, "tools/call", token_of(server, "staff"), name="active_accounts", arguments={})

    assert [each.status_code for each in (strangers, members, called)] == [401, 403, 200]
    assert int(called.json()["result"]["content"][0]["text"]) >= 3


def test_only_admins_with_a_cookie_see_the_admin_ui(server: httpx2.Client) -> None:
    stranger = server.get("/admin/user/list")
    with logged_in(server, "staff") as staff, logged_in(server, "admin") as admin:
        [cookie] = staff.cookies.jar
        pages = [each.get("/admin/user/list") for each in (staff, admin)]
        server.post("/api/v1/auth/logout-everywhere", headers=token_of(server, "admin"))
        afterwards = admin.get("/admin/user/list")

    assert (stranger.status_code, stranger.headers["location"]) == (303, "/api/v1/admin/login")
    assert [page.status_code for page in (*pages, afterwards)] == [403, 200, 303]
    assert (cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == ("/admin", True)
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    assert "script-src 'self' 'unsafe-inline'" in pages[1].headers["content-security-policy"]
    assert 'route="/admin",status="200"' in server.get("/metrics").text


def test_the_admin_ui_keeps_the_rules_of_accounts_and_logs_no_search(server: httpx2.Client, home: Path) -> None:
    admin_token, staff_token = token_of(server, "admin"), token_of(server, "staff")
    own = server.get("/api/v1/auth/me", headers=admin_token).json()
    staff = server.get("/api/v1/auth/me", headers=staff_token).json()
    form = {"name": "Renamed", "role": "staff"}  # without is_active: a checkbox that is not ticked
    with logged_in(server, "admin") as session:
        session.get("/admin/")
        session.headers["X-CSRFToken"] = session.cookies["starlette_admin_csrftoken"]
        rejected = session.post(f"/admin/user/edit?pk={own['id']}", data=form)
        wrong = session.post(f"/admin/user/edit?pk={staff['id']}", data={**form, "name": ""})
        edited = session.post(f"/admin/user/edit?pk={staff['id']}", data=form)
        found = session.get("/admin/user/list", params={"q": SEARCHED})
    events = server.get(f"/api/v1/users/{staff['id']}/events", headers=admin_token).json()["items"]

    assert (rejected.status_code, wrong.status_code, edited.status_code) == (422, 422, 303)
    assert "This is the last active admin" in rejected.text
    assert server.get("/api/v1/auth/me", headers=staff_token).status_code == 401
    assert {"account.renamed", "account.deactivated"} <= {each["kind"] for each in events}
    assert {each["actor_id"] for each in events[:2]} == {own["id"]}
    assert found.status_code == 200
    assert SEARCHED not in (home / "server.log").read_text(encoding="utf-8")


def test_an_account_is_deactivated_in_the_admin_ui(server: httpx2.Client, tmp_path: Path) -> None:
    token = token_of(server, "member")
    number = server.get("/api/v1/auth/me", headers=token).json()["id"]

    with browser(tmp_path) as page:
        page.call("Page.navigate", url=f"{URL}/admin/user/edit?pk={number}")
        page.wait_for("!!document.querySelector('[name=username]')")
        page.fill("[name=username]", "admin@example.com")
        page.fill("[name=password]", PASSWORD)
        page.click("button")
        page.wait_for("location.pathname == '/admin/'")
        page.call("Page.navigate", url=f"{URL}/admin/user/edit?pk={number}")
        page.click("[name=is_active]")
        page.click("[type=submit]:not([name])")
        page.wait_for("location.pathname == '/admin/user/list'")
        entries = [each["entry"] for each in page.reported("Log.entryAdded")]

    assert server.get("/api/v1/auth/me", headers=token).status_code == 401
    blocked = [entry["text"] for entry in entries if entry["source"] == "security"]
    assert [text for text in blocked if FONT not in text] == []
