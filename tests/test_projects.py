"""Rendered projects prove themselves: their own checks and suites, on SQLite and on a real Postgres."""

import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.machines import run_module
from tests.pairs import PAIRS
from tests.rendering import SERVICE, Answer

# The default answers prove themselves with the README's commands, in an environment of their own. No answer changes the
# kit, whose files are the template's own byte by byte and whose tests pass in place: here it is left out. No answer
# changes any other Python file either, so of all combinations only the barest one, without the shop, is run each time.
BARE: dict[str, Answer] = {"ci": "none", "license": "Proprietary", "container_files": False, "benchmarks": False}
WITHOUT_KIT = ("pytest", "-q", "--ignore=tests/kit")
CHECKS = ("ruff check", "ruff format --check", "mypy")


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """One server for all suites; each makes databases of its own."""
    with subprocess.Popen(
        [sys.executable, str(SERVICE / "tests" / "postgres.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert url, "Postgres did not start"
        yield url


def assert_green(project: Path, *suite: str, postgres: str) -> None:
    for check in CHECKS:
        ended = run_module(project, *check.split())
        assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run_module(project, *suite, TEST_DATABASE_URL=postgres)
    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout
    assert "skipped" not in ended.stdout


@pytest.mark.matrix
def test_the_barest_project_passes_its_own_checks_and_its_suite_on_both_databases(bake: Bake, postgres: str) -> None:
    assert_green(bake(**BARE), *WITHOUT_KIT, postgres=postgres)


@pytest.mark.matrix
@pytest.mark.parametrize("answers", PAIRS, ids=lambda answers: "-".join(map(str, answers.values())))
def test_a_project_of_each_pair_of_answers_passes_its_whole_suite(
    bake: Bake, postgres: str, answers: dict[str, Answer]
) -> None:
    assert_green(bake(**answers), "pytest", "-q", postgres=postgres)


@pytest.mark.parametrize(
    "names", [pytest.param(("reports",), marks=pytest.mark.matrix), ("reports", "orders")], ids="+".join
)
def test_features_are_deleted_and_the_rest_stays_green(bake: Bake, postgres: str, names: tuple[str, ...]) -> None:
    project = bake(**BARE)  # without benchmarks: they measure the shop
    registry = project / "app" / "features.py"
    for name in names:  # those that build on others first
        shutil.rmtree(project / "app" / name)
        shutil.rmtree(project / "tests" / name)
        registry.write_text(registry.read_text().replace(f'    "app.{name}",\n', ""))

    assert_green(project, *WITHOUT_KIT, postgres=postgres)


def test_a_suite_without_a_database_fails_and_says_what_to_do(bake: Bake) -> None:
    project = bake()

    nowhere = "postgres://127.0.0.1:1/x"
    ended = run_module(project, "pytest", "-q", "-x", "-n", "0", "--db", "postgres", TEST_DATABASE_URL=nowhere)

    assert ended.returncode == 1
    assert "skipped" not in ended.stdout
