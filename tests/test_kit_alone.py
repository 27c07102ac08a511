"""The kit without the service: its wheel, the README's service on both databases, and a project that uses the wheel."""

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from tests.conftest import Bake
from tests.machines import Machine, open_directly, path_with_uv
from tests.rendering import PORT, SERVICE
from tests.test_projects import postgres

__all__ = ["postgres"]

KIT = SERVICE / "tortoise_kit"
README = (KIT / "README.md").read_text(encoding="utf-8")
ANSWER_SECONDS = 20
PORTS = {"sqlite": PORT + 11, "postgres": PORT + 12, "project": PORT + 13}
# The README's service has no health route: any response means that it has started.
READY = "/notes"

# The skeleton of a feature imports the service's `app`.
IMPORT_ALL = """
import importlib, pkgutil, tortoise_kit

for module in pkgutil.walk_packages(tortoise_kit.__path__, "tortoise_kit."):
    if ".skeleton" not in module.name:
        importlib.import_module(module.name)
        print(module.name)
"""


@dataclass(frozen=True)
class Answer:
    """A response: its status, media type and JSON body."""

    status: int
    media_type: str
    body: Any


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), path=path_with_uv())


@pytest.fixture(scope="module")
def wheel(machine: Machine) -> Path:
    """The kit's wheel, built from a copy of its folder without anything beside it."""
    shutil.copytree(KIT, machine.home / "tortoise_kit", ignore=shutil.ignore_patterns("__pycache__"))
    machine.run("uv build --quiet --wheel --out-dir dist tortoise_kit", cwd=machine.home)
    (wheel,) = (machine.home / "dist").glob("tortoise_kit-*.whl")
    return wheel


@pytest.fixture(scope="module")
def notes(machine: Machine, wheel: Path) -> Path:
    """A folder with the README's service and an environment that has nothing but the wheel and what it requires."""
    folder = machine.home / "notes"
    folder.mkdir()
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (folder / "notes.py").write_text(example, encoding="utf-8")
    machine.run(f"uv venv --quiet && uv pip install --quiet {wheel}", cwd=folder)
    return folder


@pytest.fixture(params=["sqlite", "postgres"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """The port of the README's service, which runs on one of the databases."""
    machine, folder = request.getfixturevalue("machine"), request.getfixturevalue("notes")
    database = "sqlite://notes.db" if request.param == "sqlite" else request.getfixturevalue("postgres")
    port = PORTS[request.param]
    command = f".venv/bin/python -m uvicorn notes:app --port {port}"
    with machine.serving(command, cwd=folder, port=port, path=READY, DATABASE_URL=database):
        yield port


def call(port: int, path: str, body: object = None) -> Answer:
    """The response to a GET, or with a body to a POST."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    try:
        response = open_directly(Request(f"http://127.0.0.1:{port}{path}", data, headers), timeout=ANSWER_SECONDS)
    except HTTPError as error:
        response = error
    with response:
        return Answer(response.status, response.headers.get_content_type(), json.load(response))


def test_the_service_of_the_readme_creates_lists_both_ways_and_reports_problems(port: int) -> None:
    created = [call(port, "/notes", {"title": title}) for title in ("First", "Second", "Third")]
    first = call(port, "/notes?limit=2&order_by=title")
    second = call(port, f"/notes?limit=2&order_by=title&cursor={first.body['next']}")
    back = call(port, f"/notes?limit=2&order_by=title&cursor={second.body['previous']}")
    missing, invalid = call(port, f"/notes/{2**40}"), call(port, "/notes", {"title": "x" * 101})

    assert [answer.status for answer in created] == [201, 201, 201]
    assert call(port, f"/notes/{created[0].body['id']}").body == created[0].body
    assert [[item["title"] for item in page.body["items"]] for page in (first, second, back)] == [
        ["First", "Second"],
        ["Third"],
        ["First", "Second"],
    ]
    assert (second.body["next"], back.body["previous"]) == (None, None)
    assert (missing.status, missing.media_type) == (404, "application/problem+json")
    assert missing.body["detail"] == "Note not found."
    assert (invalid.status, invalid.media_type) == (422, "application/problem+json")
    assert invalid.body["errors"][0]["loc"] == ["body", "title"]


def test_the_environment_of_the_readmes_service_has_no_part_of_a_project(machine: Machine, notes: Path) -> None:
    where = "import tortoise_kit, importlib.util as u; print(tortoise_kit.__file__, u.find_spec('app'))"

    found = machine.run(f'.venv/bin/python -c "{where}"', cwd=notes)

    assert found.strip().endswith("site-packages/tortoise_kit/__init__.py None")


def test_every_module_of_the_wheel_imports_with_the_extra_for_development(machine: Machine, wheel: Path) -> None:
    folder = machine.home / "development"
    folder.mkdir()
    machine.run(f"uv venv --quiet && uv pip install --quiet '{wheel}[development]'", cwd=folder)
    (folder / "import_all.py").write_text(IMPORT_ALL, encoding="utf-8")

    imported = machine.run(".venv/bin/python import_all.py", cwd=folder).split()

    assert {f"tortoise_kit.{room}" for room in rooms()} <= set(imported)
    assert "tortoise_kit.development.testing.plugin" in imported


def test_a_project_without_the_folder_and_with_the_wheel_boots(bake: Bake, machine: Machine, wheel: Path) -> None:
    project = bake()
    shutil.rmtree(project / "tortoise_kit")
    add_dependency(project / "pyproject.toml", f"tortoise-kit @ {wheel.as_uri()}")
    port = PORTS["project"]

    machine.run("uv sync --quiet --no-default-groups", cwd=project)
    machine.run("uv run --no-sync python -m app migrations upgrade", cwd=project)
    with machine.serving(f"uv run --no-sync python -m app serve --port {port}", cwd=project, port=port):
        lists = call(port, "/api/v1/products")

    assert (lists.status, lists.body["items"]) == (200, [])


def add_dependency(pyproject: Path, requirement: str) -> None:
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(text.replace("dependencies = [\n", f'dependencies = [\n  "{requirement}",\n', 1), "utf-8")


def test_the_wheel_requires_what_the_service_requires_within_the_same_bounds(bake: Bake) -> None:
    project = bake()
    service = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    kit = tomllib.loads((project / "tortoise_kit" / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    groups = service["dependency-groups"]
    for_development = {*service["project"]["dependencies"], *groups["dev"], *groups["otel"]}
    assert set(kit["dependencies"]) <= set(service["project"]["dependencies"])
    assert set(kit["optional-dependencies"]["development"]) <= for_development
    assert kit["optional-dependencies"]["docs"] == groups["docs"]
    assert kit["optional-dependencies"]["otel"] == groups["otel"]


def test_the_readme_lists_every_room() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == rooms()


def rooms() -> set[str]:
    """The rooms with a face."""
    return {path.parent.name for path in KIT.glob("*/__init__.py")} - {"upstream"}
