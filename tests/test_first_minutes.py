"""What a new user sees first: the next steps, the terminal of `dev`, and its documentation in a real browser, offline.

`python -m pytest tests/test_first_minutes.py --images` also writes what they show to `docs/images/`.
"""

import io
import re
import sys
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console
from rich.text import Text

from tests.browser import Browser, browser
from tests.conftest import Bake
from tests.machines import Machine
from tests.rendering import DEFAULT_SLUG, PORT, QUESTIONS, ROOT, run_command

IMAGES = ROOT / "docs" / "images"
DEV_PORT = PORT + 21
HOME = "/home/ann"
PASSWORD = "development only"  # noqa: S105 - the README publishes it
ME = "#operations-auth-read_me"


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    return bake()


@pytest.fixture(scope="module")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """The log of a running `dev`."""
    machine = Machine(tmp_path_factory.mktemp("home"), path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    command = f"{sys.executable} -B -m app dev --seed 200 --port {DEV_PORT}"
    with machine.serving(command, cwd=project, port=DEV_PORT, PYTHONPATH=":".join(filter(None, sys.path[1:]))):
        yield machine.home / "server.log"


def terminal(*lines: str) -> str:
    """An image of a terminal, as SVG, in a font that is there: rich names one on the internet."""
    console = Console(record=True, file=io.StringIO(), width=110)
    for line in lines:
        console.print(Text.from_ansi(line, style="bold" if line.startswith("$ ") else ""))
    image = console.export_svg(title="", unique_id="terminal")
    return re.sub(r"\s*@font-face \{.*?\}\n|<!--.*?-->\s*", "", image, flags=re.DOTALL)


def keep(request: pytest.FixtureRequest, name: str, image: str | bytes) -> None:
    if request.config.getoption("--images"):
        IMAGES.mkdir(exist_ok=True)
        (IMAGES / name).write_bytes(image.encode() if isinstance(image, str) else image)


def test_rendering_ends_with_three_commands_that_come_next(
    template: Path, config: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ended = run_command(template, tmp_path, config=config)
    first, *rest = ended.stderr.splitlines()

    assert first == f"cd {tmp_path / DEFAULT_SLUG}"
    assert [line.split("  ")[0] for line in rest] == ["uv run python -m app dev --seed 200", "uv run pytest"]
    command = "$ uvx cookiecutter fastapi-tortoise --no-input"
    keep(request, "rendered.svg", terminal(command, f"cd {HOME}/{DEFAULT_SLUG}", *rest))


def test_dev_prints_where_the_documentation_is_and_who_can_log_in(server: Path, request: pytest.FixtureRequest) -> None:
    log = server.read_text(encoding="utf-8")

    assert f"\nDocumentation: http://127.0.0.1:{DEV_PORT}/docs\n" in log
    for name in ("admin", "staff", "member"):
        assert f"\nAccount: {name}@example.com, password: {PASSWORD}\n" in log
    shown = [line for line in log.replace(str(DEV_PORT), str(PORT)).splitlines() if "INFO" not in line]
    keep(request, "dev.svg", terminal("$ uv run python -m app dev --seed 200", *shown))


@pytest.mark.usefixtures("server")
def test_only_its_owner_can_read_the_database_that_dev_creates(project: Path) -> None:
    permissions = {file.name: oct(file.stat().st_mode & 0o777) for file in project.glob("app.db*")}

    assert permissions.keys() >= {"app.db", "app.db-wal", "app.db-shm"}
    assert set(permissions.values()) == {"0o600"}


@pytest.fixture
def page(tmp_path: Path) -> Generator[Browser]:
    with browser(tmp_path) as opened:
        yield opened


@pytest.mark.usefixtures("server")
def test_the_documentation_works_offline_and_logs_in(page: Browser, request: pytest.FixtureRequest) -> None:
    page.call("Page.navigate", url=f"http://127.0.0.1:{DEV_PORT}/")
    page.wait_for("document.querySelectorAll('.opblock').length > 10")

    assert page.evaluate("location.pathname") == "/docs"
    assert page.evaluate("document.title") == QUESTIONS["project_name"]
    keep(request, "docs.png", page.screenshot())

    page.click(".btn.authorize")
    page.wait_for("!!document.querySelector('#oauth_username')")
    page.fill("#oauth_username", "member@example.com")
    page.fill("#oauth_password", PASSWORD)
    page.click(".auth-btn-wrapper .authorize")
    page.click(".btn-done")
    page.click(f"{ME} .opblock-summary-control")
    page.click(f"{ME} .try-out__btn")
    page.click(f"{ME} .execute")
    page.wait_for(f"(document.querySelector('{ME} .live-responses-table') || {{}}).innerText?.includes('member@')")

    asked = {urlsplit(each["request"]["url"]).hostname for each in page.reported("Network.requestWillBeSent")}
    assert asked <= {"127.0.0.1", None}  # None: data in the style sheet
    entries = [each["entry"] for each in page.reported("Log.entryAdded")]  # what the policy blocks is an error
    assert [entry["text"] for entry in entries if entry["level"] in {"error", "warning"}] == []
    assert page.reported("Runtime.exceptionThrown") == []
