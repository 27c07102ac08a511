"""The un-rendered folder is a project that lints, type-checks and passes its tests in place."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rendering import ROOT, SERVICE, TIMEOUT_SECONDS

CACHE = ROOT / ".cache" / "in-place"
# Python files are rendered byte by byte: the rest of the suite runs in a project, by the README's command.
SUITE = ("tests/kit", "tests/service/test_boot.py")
# Half of its time two processes wait, for limits to pass and for servers to start; a service's suite has two.
PROCESSES = ("--numprocesses=3", "--maxprocesses=3")
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder is private
MEMORY_BYTES_MIN = 4 * 2**30
SUITE_TIMEOUT_SECONDS = 1500
CHAOS_TIMEOUT_SECONDS = 1500
# Without the runs on stock engines, which are there to compare: their faults may break a run in any way. The sweeps of
# cancellations, twenty pairs of upgrades and the whole suite behind PgBouncer take ten minutes, so they run each night.
CHOSEN = (
    "not stock and (kill_9 or terminated or partition or exhaust or above_the_limit or standby or requests_through)"
)
# What lies in the folder is rendered into projects, so nothing may write a cache there.
ENVIRONMENT = {
    "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
    "MYPY_CACHE_DIR": str(CACHE / "mypy"),
    "PYTEST_ADDOPTS": f"-o cache_dir={CACHE / 'pytest'}",
    "PYTHONDONTWRITEBYTECODE": "",  # or each process that a test starts compiles all modules again, for two seconds
    "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
    "RUFF_CACHE_DIR": str(CACHE / "ruff"),
}


def left_behind() -> list[str]:
    status = subprocess.run(
        ["git", "status", "--porcelain", "--ignored", "--untracked-files=all", "--", str(SERVICE)],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    return status.stdout.splitlines()


def run_in_place(*arguments: str, timeout: float) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=SERVICE,
        env={**inherited, **ENVIRONMENT},
        capture_output=True,
        check=False,
        text=True,
        timeout=timeout,
    )


@pytest.fixture(autouse=True)
def untouched_folder() -> Iterator[None]:
    before = left_behind()
    yield
    assert left_behind() == before


@pytest.mark.parametrize("tool", ["ruff check", "ruff format --check", "mypy --strict"])
def test_tool_is_content_with_the_folder_as_it_lies_there(tool: str) -> None:
    ended = run_in_place(*tool.split(), timeout=SUITE_TIMEOUT_SECONDS)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.nightly
def test_an_editor_that_asks_pyright_shows_no_error(tmp_path: Path) -> None:
    """With the project's settings, except for the environment, which lies in a rendered project only."""
    project = tomllib.loads((SERVICE / "pyproject.toml").read_text(encoding="utf-8"))
    settings = {name: value for name, value in project["tool"]["pyright"].items() if not name.startswith("venv")}
    settings |= {"include": [str(SERVICE / name) for name in settings["include"]], "extraPaths": [str(SERVICE)]}
    file = tmp_path / "pyrightconfig.json"
    file.write_text(json.dumps(settings), encoding="utf-8")

    arguments = ("--project", str(file), "--pythonpath", sys.executable)
    ended = run_in_place("basedpyright", *arguments, timeout=SUITE_TIMEOUT_SECONDS)

    assert ended.returncode == 0, ended.stdout


@pytest.mark.stories
def test_the_kit_passes_its_tests_and_the_service_boots_in_the_folder_as_it_lies_there() -> None:
    large = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN
    with tempfile.TemporaryDirectory(dir=MEMORY if large else None) as folder:  # of databases, so a disk is slow
        files = f"--basetemp={folder}/tests"
        ended = run_in_place("pytest", "-q", files, *PROCESSES, *SUITE, timeout=SUITE_TIMEOUT_SECONDS)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.nightly
def test_the_kit_passes_its_tests_of_thousands_of_examples() -> None:
    ended = run_in_place("pytest", "-q", "-m", "nightly", "tests/kit", timeout=2 * SUITE_TIMEOUT_SECONDS)

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.chaos
@pytest.mark.parametrize("faults", [pytest.param(CHOSEN, id="chosen"), pytest.param("not stock", id="all")])
def test_the_service_holds_its_bars_under_faults(capsys: pytest.CaptureFixture[str], faults: str) -> None:
    ended = run_in_place("pytest", "-q", "-m", "chaos", "-n", "0", "-k", faults, timeout=CHAOS_TIMEOUT_SECONDS)

    with capsys.disabled():
        print(ended.stdout)  # noqa: T201 - the table of figures
    assert ended.returncode == 0, ended.stderr


def test_the_checks_before_a_commit_of_this_repository_pass(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files"],
        cwd=ROOT,
        # The hook that is skipped runs the tests above.
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path), "SKIP": "in-place"},
        capture_output=True,
        check=False,
        text=True,
        timeout=SUITE_TIMEOUT_SECONDS,
    )

    assert ended.returncode == 0, ended.stdout
