"""Each fault of another library that `docs/upstream/` describes is still there: its program fails as the page says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import own_postgres
from tests.rendering import ROOT, TIMEOUT_SECONDS

FOLDER = ROOT / "docs" / "upstream"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
ERROR = re.compile(r"^(?:\w+\.)*(\w+)(?:: |$)")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with own_postgres() as url:
        yield url


def program_of(page: Path) -> str:
    (program,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return str(program)


def errors(output: str) -> set[str]:
    """The names of what was raised, of all tracebacks of a program's standard error."""
    lines = [match[1] for line in output.splitlines() if (match := ERROR.match(line))]
    return {name for name in lines if name.endswith(("Error", "Exception", "Interrupt", "NotFound"))}


@pytest.mark.nightly  # only a release of a library changes it
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_fault_is_still_there(page: Path, postgres: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(program_of(page), encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, str(program)],
        cwd=tmp_path,
        env={**os.environ, "DATABASE_URL": postgres},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )

    assert ended.returncode != 0, f"the fault is fixed: delete {page.name} and what the kit does about it"
    named = {name for name in errors(ended.stderr) if name == "AssertionError" or name in _prose(page)}
    assert named, f"it fails in another way than the page says\n{ended.stderr}"


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_each_page_begins_with_a_title_and_a_sentence() -> None:
    assert PAGES
    for page in PAGES:
        title, sentence, *_ = page.read_text(encoding="utf-8").split("\n\n")
        assert (title[:2], sentence[-1:]) == ("# ", "."), page.name
