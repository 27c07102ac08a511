"""`AGENTS.md` names nothing that is not there: commands with their options, files, and names in the code."""

import ast
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tortoise_kit
from app.cli.main import cli
from app.settings import PROJECT_FILE

ROOT = PROJECT_FILE.parent
KIT = Path(tortoise_kit.__file__).parent
TEXT = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
NAMED = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL))
COMMANDS = sorted({*"".join(BLOCKS).splitlines(), *(each for each in NAMED if each.startswith(("uv run ", "python ")))})
PATHS = sorted(
    {
        each
        for each in NAMED
        if re.fullmatch(r"[\w./]+(/|\.\w+)|app/\w+|tortoise_kit/development/features/skeleton/\w+", each)
        and not each.startswith("tortoise_kit.")
    }
)
SYMBOLS = sorted({each for each in NAMED if re.fullmatch(r"[A-Za-z_]+", each)})
OF_A_FILE = re.findall(r"((?:`\w+`(?:, | or | and )?)+) of\s+`([\w/.]+\.py)`", TEXT)
OF_A_ROOM = re.findall(r"((?:`\w+`(?:, | or | and )?)+)(?:, (?:all|both))? of\s+`(tortoise_kit\.\w+)`", TEXT)
LONGEST = 120  # lines: it is read whole, each time


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= LONGEST


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists_with_its_options(command: str) -> None:
    words = shlex.split(command.removeprefix("uv run "))
    tool, *arguments = words[2:] if words[:2] == ["python", "-m"] else words

    assert find_spec(tool)
    if tool == "app":
        assert CliRunner().invoke(cli, [*arguments, "--help"]).exit_code == 0


def located(path: str) -> Path:
    """A path of the project; those of the kit are where it is installed, in the project or not."""
    return KIT / path.removeprefix("tortoise_kit").lstrip("/") if path.startswith("tortoise_kit") else ROOT / path


@pytest.mark.parametrize("path", PATHS)
def test_a_path_exists(path: str) -> None:
    """A feature's is in what every feature is copied from."""
    of_a_feature = path.replace("app/NAME", "tortoise_kit/development/features/skeleton/paper_clips").replace(
        "tests/NAME", "tortoise_kit/development/features/skeleton/tests"
    )
    beside_them = ROOT / "app" / "accounts" / path

    assert located(of_a_feature).exists() or beside_them.exists() or (path == ".env")


def test_a_name_exists_in_the_code() -> None:
    known = {
        name
        for folder in ("app", "tortoise_kit", "tests")
        for path in located(folder).rglob("*.py")
        for name in defined(path)
    }

    assert [name for name in SYMBOLS if name not in known] == []


@pytest.mark.parametrize(("names", "path"), OF_A_FILE)
def test_names_of_a_file_are_in_that_file(names: str, path: str) -> None:
    path = path.replace("app/NAME", "tortoise_kit/development/features/skeleton/paper_clips").replace(
        "tests/NAME", "tortoise_kit/development/features/skeleton/tests"
    )

    assert set(re.findall(r"`(\w+)`", names)) <= set(defined(located(path)))


@pytest.mark.parametrize(("names", "room"), OF_A_ROOM)
def test_names_of_a_room_are_public_there(names: str, room: str) -> None:
    assert set(re.findall(r"`(\w+)`", names)) <= set(import_module(room).__all__)


def defined(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_the_page_names_enough_to_check() -> None:
    assert (len(COMMANDS) > 10, len(PATHS) > 20, len(SYMBOLS) > 20, len(OF_A_ROOM) > 6) == (True,) * 4
