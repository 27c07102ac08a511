"""The default project with the oldest and the newest packages that its ranges allow, each in a separate environment."""

import json
import os
import re
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest

from hooks.pre_gen_project import CHOICES
from tests.conftest import Bake
from tests.machines import Machine, open_directly, path_with_uv
from tests.rendering import SERVICE, TIMEOUT_SECONDS

PYTHONS = sorted(map(str, CHOICES["python_version"]))
RESOLUTIONS = ("lowest-direct", "highest")
CHECKS = ("ruff check", "ruff format --check", "mypy", "pytest -q")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "home").mkdir()
    return Machine(tmp_path / "home", path=path_with_uv())


def interpreter(python: str) -> str:
    """One of this version that is on this machine, or the version, which uv then fetches."""
    found = subprocess.run(
        ["uv", "python", "find", "--no-python-downloads", "--no-project", python],  # noqa: S607 - the uv of this machine
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    return found.stdout.strip() or python


def installed(machine: Machine, project: Path, python: str, resolution: str, *options: str) -> Path:
    """The `bin` of a new environment beside the project; nothing of another one is in it."""
    environment = project.parent / "environment"
    chosen = interpreter(python)
    machine.run(
        f"uv sync --quiet --resolution {resolution} --python {chosen} {' '.join(options)}",
        cwd=project,
        UV_PROJECT_ENVIRONMENT=str(environment),
        UV_PYTHON=chosen,
        UV_EXCLUDE_NEWER="false",  # the newest, however young
    )
    return environment / "bin"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.nightly
def test_the_oldest_packages_install_and_serve(bake: Bake, machine: Machine) -> None:
    """What takes seconds of `-m versions`, with the floor of each range and what a running service needs."""
    project = bake()
    bin_folder = installed(machine, project, "3.13", "lowest-direct", "--no-default-groups")
    port = free_port()

    machine.run(f"{bin_folder}/python -m app migrations upgrade", cwd=project)
    machine.run(f"{bin_folder}/python -m app check", cwd=project)
    with (
        machine.serving(f"exec {bin_folder}/python -m app serve --port {port}", cwd=project, port=port),
        open_directly(f"http://127.0.0.1:{port}/api/v1/products", timeout=10) as answer,
    ):
        page = json.loads(answer.read())

    frozen = machine.run(f"uv pip freeze --quiet --python {bin_folder}/python", cwd=project).lower().split()
    versions = dict(line.split("==") for line in frozen)
    assert page["items"] == []
    assert {name: trimmed(versions[name]) for name in floors()} == floors()


def floors() -> dict[str, str]:
    """The oldest release of each dependency that the service's pyproject.toml allows."""
    ranges = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    matches = [re.fullmatch(r"([a-z0-9-]+)(?:\[\w+\])?>=([0-9.]+),<[0-9.]+", requirement) for requirement in ranges]
    return {match[1]: trimmed(match[2]) for match in matches if match is not None}


def trimmed(version: str) -> str:
    """The version without its last zeros, which mean nothing."""
    return re.sub(r"(\.0)+$", "", version)


def test_every_range_has_a_floor_and_a_ceiling() -> None:
    table = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [table["project"]["dependencies"], *table["dependency-groups"].values()]

    open_ended = [each for group in groups for each in group if not re.search(r">=[0-9.]+,<[0-9.]+$", each)]

    assert open_ended == []
    assert len(floors()) == len(table["project"]["dependencies"])


@pytest.mark.versions
@pytest.mark.parametrize("resolution", RESOLUTIONS)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_default_project_passes_its_checks_and_its_suite(
    bake: Bake, machine: Machine, python: str, resolution: str
) -> None:
    project = bake(python_version=python)
    bin_folder = installed(machine, project, python, resolution)

    for check in CHECKS:
        machine.run(f"{bin_folder}/python -m {check}", cwd=project, PATH=f"{bin_folder}:{os.defpath}")
