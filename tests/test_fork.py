"""A team forks the template, changes its conventions in one place each, and the fork's own tests pass: docs/fork.md."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machines import COMMAND_SECONDS, commands, run_module
from tests.rendering import FOLDER, ROOT, copy_sources, render

GUIDE = ROOT / "docs" / "fork.md"
PORT, NAME, SLUG = "8080", "Parts Depot", "parts-depot"
DEFAULTS = {"license": "Proprietary", "ci": "gitlab"}
BANNED = '\n[lint.flake8-tidy-imports.banned-api]\n"requests".msg = "ask by httpx2, which does not block"\n'
GO, EXPORT, *MADE = commands(GUIDE)
CACHES = dict(each.split("=", 1) for each in shlex.split(EXPORT)[1:])
IN_PLACE = "uv run --project .. python -m "
FAST = ("tests/test_answers.py", "tests/test_hooks.py", "tests/test_files.py")
PART_OF_THE_SUITE = (
    "pytest",
    "-q",
    "--db",
    "sqlite",
    "tests/parts",
    "tests/contract/test_routes.py",
    "tests/contract/test_agents.py",
)

type Edit = Callable[[str], str]

# Each convention by the one file it is changed in, as the guide says.
EDITS: dict[str, tuple[str, Edit]] = {
    "The default port": ("cookiecutter.json", lambda text: text.replace('"_port": "8000"', f'"_port": "{PORT}"')),
    "The default name": (
        "cookiecutter.json",
        lambda text: re.sub(r'"project_name": "[^"]+"', f'"project_name": "{NAME}"', text, count=1),
    ),
    "Default answers": (
        "cookiecutter.json",
        lambda text: re.sub(
            r'"(license|ci)": "[^"]+"', lambda found: f'"{found[1]}": "{DEFAULTS[found[1]]}"', text, count=2
        ),
    ),
    "A lint rule": (f"{FOLDER}/ruff.toml", lambda text: text + BANNED),
}


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with another port, another name, one lint rule more, and parts in place of the shop."""
    fork = copy_sources(tmp_path_factory.mktemp("fork"))
    for name, edit in EDITS.values():
        before = (fork / name).read_text(encoding="utf-8")
        (fork / name).write_text(edit(before), encoding="utf-8")
        assert (fork / name).read_text(encoding="utf-8") != before
    for command in MADE:
        ended = run_module(fork / FOLDER, *command.removeprefix(IN_PLACE).split(), **CACHES)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    git(fork, "init", "--quiet")
    git(fork, "add", "--all")
    return fork


def git(fork: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=fork, check=True, timeout=COMMAND_SECONDS)  # noqa: S607 - this machine's


def test_the_guide_names_each_edit_with_its_file() -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    for convention, (name, _) in EDITS.items():
        (row,) = re.findall(rf"^\| {re.escape(convention)} .*$", guide, re.MULTILINE)
        assert f"`{name.replace(FOLDER, 'SERVICE')}`" in row


@pytest.mark.nightly
def test_the_guide_makes_features_in_the_folder_and_leaves_no_cache_there(fork: Path) -> None:
    assert shlex.split(GO) == ["cd", FOLDER]
    assert all(command.startswith(f"{IN_PLACE}app feature ") for command in MADE)
    listed = subprocess.run(
        ["git", "ls-files", "-o", "--", FOLDER],  # noqa: S607 - the git of this machine
        cwd=fork,
        capture_output=True,
        check=True,
        text=True,
        timeout=COMMAND_SECONDS,
    )
    assert listed.stdout == ""


def test_the_files_that_the_guide_names_are_there() -> None:
    named = re.findall(r"`((?:SERVICE|tests|hooks|docs|\.)/?[\w./-]*/?)`", GUIDE.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name.replace("SERVICE", FOLDER)).exists()] == []


def root_tests(fork: Path, *arguments: str) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", *arguments],
        cwd=fork,
        env=inherited,
        capture_output=True,
        check=False,
        text=True,
        timeout=4 * COMMAND_SECONDS,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.nightly
def test_the_forks_own_tests_of_answers_hooks_and_files_pass(fork: Path) -> None:
    root_tests(fork, *FAST, "-k", "not less_than_a_second")  # which is of this machine, and of no convention


@pytest.mark.nightly
def test_all_tests_of_the_fork_pass(fork: Path) -> None:
    root_tests(fork, "--ignore=tests/test_fork.py")


@pytest.mark.nightly
def test_a_project_of_the_fork_has_the_teams_conventions_and_is_green(fork: Path, tmp_path: Path, config: Path) -> None:
    project = render(fork, tmp_path, config=config)

    assert project.name == SLUG
    texts = {name: (project / name).read_text(encoding="utf-8") for name in ("README.md", "compose.yaml", "Dockerfile")}
    assert all(PORT in text and "8000" not in text for text in texts.values())
    assert not (project / "app" / "orders").exists()
    for command in ("ruff check", "ruff format --check", "mypy", "app migrations check"):
        ended = run_module(project, *command.split())
        assert ended.returncode == 0, ended.stdout + ended.stderr
    served = run_module(project, "app", "serve", "--help")
    assert PORT in served.stdout
    suite = run_module(project, *PART_OF_THE_SUITE)
    assert suite.returncode == 0, suite.stdout


@pytest.mark.nightly
def test_the_lint_rule_of_the_team_is_asked_for_in_a_project(fork: Path, tmp_path: Path, config: Path) -> None:
    project = render(fork, tmp_path, config=config)
    (project / "app" / "parts" / "asks.py").write_text('"""Asks."""\n\nimport requests\n\nrequests.get\n')

    ended = run_module(project, "ruff", "check")

    assert "ask by httpx2" in ended.stdout
    shutil.rmtree(project)
