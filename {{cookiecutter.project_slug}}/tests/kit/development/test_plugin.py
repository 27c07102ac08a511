"""The pytest plugin runs a suite on the databases that its service is for."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import PROJECT_FILE

CONFTEST = """
pytest_plugins = ["tortoise_kit.development.testing.plugin"]

def pytest_service_databases():
    return {databases}
"""
TESTS = """
import pytest

def test_each(database): ...
def test_none(): ...
@pytest.mark.only
def test_once(database): ...
"""


@pytest.mark.parametrize(
    ("databases", "collected"),
    [
        (("postgres",), ["test_each[postgres]", "test_none", "test_once[postgres]"]),
        (("sqlite",), ["test_each[sqlite]", "test_none", "test_once[sqlite]"]),
        (("sqlite", "postgres"), ["test_each[postgres]", "test_each[sqlite]", "test_none", "test_once[sqlite]"]),
        (None, ["test_each[postgres]", "test_each[sqlite]", "test_none", "test_once[sqlite]"]),
    ],
)
def test_a_service_may_run_on_one_database_only(
    databases: tuple[str, ...] | None, collected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.format(databases=databases), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")

    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--rootdir={tmp_path}",
    ]
    ended = subprocess.run(  # noqa: S603 -- the plugin under test
        [*command, str(tmp_path)], cwd=PROJECT_FILE.parent, capture_output=True, check=True, text=True, timeout=60
    )

    assert sorted(line.partition("::")[2] for line in ended.stdout.splitlines() if "::" in line) == collected
