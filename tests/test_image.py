"""The image: which files it contains, and that production needs nothing of what it leaves out."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import Bake
from tests.machines import Machine
from tests.rendering import PORT, contents

COMMAND_SECONDS = 120
DEVELOPMENT = "tortoise_kit.development"
NOT_THERE = f"{DEVELOPMENT} is not installed here: run this command in a checkout of the project.\n"
# What production runs, in an order in which each finds what it needs, and the exit code on SQLite.
PRODUCTION = {
    "--help": 0,
    "check": 0,
    "migrations history": 0,
    "migrations upgrade": 0,
    "users create --email ann@example.com --password-stdin": 0,
    "users log-out --email ann@example.com": 0,
    "cleanup": 0,
    "doctor": 0,
    "shell -c print(await(User.all().count()))": 0,
    "slow-queries": 1,  # only Postgres has the statistics
    "migrations downgrade --yes": 0,
}
ONLY_FOR_DEVELOPMENT = [
    "dev",
    "seed",
    "migrations make nothing",
    "migrations check",
    "migrations lint",
    "feature new books",
    "feature delete --examples --yes",
]


def is_excluded(path: PurePosixPath, rules: list[str]) -> bool:
    """Whether Docker leaves the file out: the last rule that matches it, or a folder that it is in, decides."""
    excluded = False
    for rule in rules:
        pattern = rule.removeprefix("!").split("/")
        if any(_matches(part.parts, pattern) for part in (path, *path.parents[:-1])):
            excluded = not rule.startswith("!")
    return excluded


def _matches(parts: tuple[str, ...], pattern: list[str]) -> bool:
    if pattern[0] == "**":
        return any(_matches(parts[at:], pattern[1:]) for at in range(len(parts)))
    return len(parts) == len(pattern) and all(map(fnmatchcase, parts, pattern))


@pytest.fixture(scope="module")
def project(bake: Bake) -> Path:
    return bake()


@pytest.fixture(scope="module")
def image(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that reach an image of the project."""
    rules = (project / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [rule for rule in rules if rule and not rule.startswith("#")]
    folder = tmp_path_factory.mktemp("image")
    for name in contents(project):
        if not is_excluded(PurePosixPath(name), rules):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(project / name, folder / name)
    return folder


def run(folder: Path, command: str, database: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-B", "-m", "app", *command.split()],
        cwd=folder,
        env={**inherited, "DATABASE_URL": f"sqlite://{database}", **variables},
        input="a password of some length\n",
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )


def test_the_image_has_the_service_and_the_kit_without_what_only_development_needs(project: Path, image: Path) -> None:
    files, all_files = set(contents(image)), set(contents(project))

    assert {name.split("/")[0] for name in files} == {"app", "migrations", "pyproject.toml", "tortoise_kit"}
    left_out = {name for name in all_files - files if name.startswith(("app/", "tortoise_kit/", "migrations/"))}
    seeds = {name for name in all_files if re.fullmatch(r"app/(?!cli/)\w+/seed\.py", name)}
    development = {name for name in all_files if name.startswith("tortoise_kit/development/")}
    assert left_out == {*seeds, *development, "tortoise_kit/README.md", "tortoise_kit/pyproject.toml"}
    assert seeds
    assert development


def test_the_image_runs_every_command_of_production(image: Path, tmp_path: Path) -> None:
    (tmp_path / "app.db").touch(mode=0o600)  # or the doctor finds that others may open it
    ended = {command: run(image, command, tmp_path / "app.db") for command in PRODUCTION}

    assert {command: each.returncode for command, each in ended.items()} == PRODUCTION, ended
    assert [command for command, each in ended.items() if "Traceback" in each.stderr] == []


def test_commands_for_development_say_in_one_line_that_the_image_does_not_have_them(
    image: Path, tmp_path: Path
) -> None:
    ended = {command: run(image, command, tmp_path / "app.db") for command in ONLY_FOR_DEVELOPMENT}

    said = {command: (each.returncode, each.stdout, each.stderr) for command, each in ended.items()}
    assert said == dict.fromkeys(ONLY_FOR_DEVELOPMENT, (1, "", NOT_THERE))


def test_the_image_serves(image: Path, tmp_path: Path) -> None:
    variables = {"DATABASE_URL": f"sqlite://{tmp_path / 'app.db'}"}
    run(image, "migrations upgrade", tmp_path / "app.db")

    with Machine(tmp_path).serving(
        f"{sys.executable} -B -m app serve --port {PORT + 14}", cwd=image, port=PORT + 14, **variables
    ):
        pass  # ready


def only_for_development(log: str) -> set[str]:
    """Of the modules that a process imported, as `PYTHONPROFILEIMPORTTIME` lists them."""
    imported = re.findall(r"^import time: .*\| +([\w.]+)$", log, re.MULTILINE)
    assert "tortoise_kit.db" in imported
    return {name for name in imported if f"{name}.".startswith((f"{DEVELOPMENT}.", "aerich.", "asyncclick."))}


def test_commands_of_production_import_nothing_of_development_even_if_it_is_there(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "app.db").touch(mode=0o600)
    ended = {command: run(project, command, tmp_path / "app.db", PYTHONPROFILEIMPORTTIME="1") for command in PRODUCTION}

    imported = {command: only_for_development(each.stderr) for command, each in ended.items()}
    assert imported == {command: set() for command in PRODUCTION}


def test_a_server_imports_nothing_of_development_even_if_it_is_there(project: Path, tmp_path: Path) -> None:
    variables = {"DATABASE_URL": f"sqlite://{tmp_path / 'app.db'}", "PYTHONPROFILEIMPORTTIME": "1"}
    run(project, "migrations upgrade", tmp_path / "app.db")
    machine = Machine(tmp_path)

    with machine.serving(
        f"{sys.executable} -B -m app serve --port {PORT + 15}", cwd=project, port=PORT + 15, **variables
    ):
        log = (tmp_path / "server.log").read_text(encoding="utf-8")

    assert "tortoise_kit.http" in log
    assert only_for_development(log) == set()
