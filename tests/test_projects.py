"""Rendered projects prove themselves: their own checks and suites, on SQLite and on a real Postgres."""

import shutil
import subprocess
import sys
from collections.abc import Generator

import pytest

from tests.conftest import Bake
from tests.machines import run_module
from tests.rendering import SERVICE, Answer

# The default answers prove themselves with the README's commands, in an environment of their own.
VARIANTS: dict[str, dict[str, Answer]] = {
    "bare": {"ci": "none", "license": "Proprietary", "container_files": False, "benchmarks": False},
}


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


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_project_passes_its_own_checks_and_its_suite_on_both_databases(
    bake: Bake, postgres: str, variant: str
) -> None:
    project = bake(**VARIANTS[variant])

    for check in ("ruff check", "ruff format --check", "mypy"):
        ended = run_module(project, *check.split())
        assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run_module(project, "pytest", "-q", TEST_DATABASE_URL=postgres)

    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout
    assert "skipped" not in ended.stdout


@pytest.mark.parametrize("names", [("reports",), ("reports", "orders")], ids="+".join)
def test_features_are_deleted_and_the_rest_stays_green(bake: Bake, postgres: str, names: tuple[str, ...]) -> None:
    project = bake(benchmarks=False)  # they measure the shop
    registry = project / "app" / "features.py"
    for name in names:  # those that build on others first
        shutil.rmtree(project / "app" / name)
        shutil.rmtree(project / "tests" / name)
        registry.write_text(registry.read_text().replace(f'    "app.{name}",\n', ""))

    for check in ("ruff check", "mypy"):
        ended = run_module(project, *check.split())
        assert ended.returncode == 0, ended.stdout + ended.stderr
    ended = run_module(project, "pytest", "-q", TEST_DATABASE_URL=postgres)

    assert ended.returncode == 0, ended.stdout


def test_a_suite_without_a_database_fails_and_says_what_to_do(bake: Bake) -> None:
    project = bake()

    nowhere = "postgres://127.0.0.1:1/x"
    ended = run_module(project, "pytest", "-q", "-x", "-n", "0", "--db", "postgres", TEST_DATABASE_URL=nowhere)

    assert ended.returncode == 1
    assert "skipped" not in ended.stdout
