import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import PROJECT_FILE
from tests.kit import library
from tortoise_kit.development.schemas import SchemaError, write_columns
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.schemas.comparison import check_columns, schemas_of

wire_models(["tests.kit.library"], "library")

RIGHT = '''"""Requests and responses."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import MISSING, Field

from tests.kit.library import Author, Book, Shelf
from tortoise_kit.schemas import CreateSchema, PatchSchema, ReadSchema, column


class BookRead(ReadSchema, model=Book):
    """A book."""

    id: int = column()
    title: str = column()
    copies: int = column()
    author_id: int | None = column()

    class Author(ReadSchema, model=Author, exclude=("born_at", "notes")):
        """Its author."""

        id: int = column()
        name: str = column()
        shelf: Shelf = column()
        fee: Decimal = column()
        added_at: datetime = column()

    author: Author | None


class AuthorCreate(CreateSchema, model=Author):
    """A new author."""

    name: str = column()  # as on the cover
    born_at: datetime | None = column(default=None)
    notes: dict[str, Any] = column(default=...)
    shelf: Shelf = column(default=...)

    # Not of the database.
    fee: int = Field(default=0, ge=0)

    def initials(self) -> str:
        """The first letter, which is "one" character: é."""
        return self.name[:1]


class BookPatch(PatchSchema, model=Book, exclude=("copies",)):
    """Changes of a book."""

    title: str | MISSING = column(default=MISSING)
    author_id: int | MISSING | None = column(default=MISSING)
'''
LINES = RIGHT.splitlines(keepends=True)
COLUMNS = [number for number, line in enumerate(LINES) if "= column(" in line]
WRONG = ("", "colour: str = column()\n", "{name}: bytes | None = column()\n", "{name}: int = column(default=7)\n")


def module(folder: Path, text: str) -> ModuleType:
    """The text as a file, imported under a name that no other has."""
    path = folder / "schemas.py"
    path.write_text(text, encoding="utf-8")
    (folder / "ruff.toml").write_text(
        "line-length = 120\n[lint.isort]\nknown-first-party = ['tests', 'tortoise_kit']\n"
    )
    return imported(path)


def imported(path: Path) -> ModuleType:
    found = ModuleType(f"written_{len(sys.modules)}")
    found.__file__ = str(path)
    sys.modules[found.__name__] = found  # where annotations are evaluated
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(found))  # noqa: S102  # no cache: it is written again
    return found


def written(folder: Path, text: str) -> str:
    """What the file has once its columns are written; another time changes nothing."""
    before = module(folder, text)
    write_columns([before])
    after = imported(folder / "schemas.py")
    check_columns([after])
    assert write_columns([after]) == []
    return (folder / "schemas.py").read_text(encoding="utf-8")


EDITED = st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(WRONG))


@settings(deadline=None, max_examples=8)
@given(EDITED)
def test_lines_that_are_missing_wrong_or_too_many_are_put_right_and_all_else_stays(changed: dict[int, str]) -> None:
    assert_put_right(changed)


@pytest.mark.nightly
@settings(deadline=None, max_examples=300)
@given(EDITED)
def test_any_lines_are_put_right(changed: dict[int, str]) -> None:
    assert_put_right(changed)


def assert_put_right(changed: dict[int, str]) -> None:
    lines = list(LINES)
    for number, wrong in changed.items():
        indent, name = re.findall(r"^( +)(\w+)", LINES[number])[0]
        lines[number] = f"{indent}{wrong.format(name=name)}" if wrong else ""
    with TemporaryDirectory() as folder:
        found = written(Path(folder), "".join(lines))

    # A comment behind a column that was deleted is gone, and blank lines between columns are as the formatter has them.
    assert code(found.replace("  # as on the cover", "")) == code(RIGHT.replace("  # as on the cover", ""))


def test_the_example_of_the_documentation_is_what_the_command_writes(tmp_path: Path) -> None:
    page = (PROJECT_FILE.parent / "docs" / "schemas.md").read_text(encoding="utf-8")
    before, after = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[:2]
    author = "class AuthorRead(ReadSchema, model=Author): ...\n\n\n"
    imports = (
        "from tests.kit.library import Author, Book\nfrom tortoise_kit.schemas import PatchSchema, ReadSchema\n\n\n"
    )

    assert written(tmp_path, imports + author + before).endswith(after)


def code(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def test_a_right_file_is_not_touched(tmp_path: Path) -> None:
    assert write_columns([module(tmp_path, RIGHT)]) == []
    assert (tmp_path / "schemas.py").read_text(encoding="utf-8") == RIGHT


def test_a_class_without_columns_gets_them_all_with_their_imports(tmp_path: Path) -> None:
    text = written(
        tmp_path,
        "from __future__ import annotations\n\nfrom tests.kit.library import Loan\n"
        "from tortoise_kit.schemas import PatchSchema\n\n\nclass LoanPatch(PatchSchema, model=Loan): ...\n",
    )

    assert "class LoanPatch(PatchSchema, model=Loan):\n    shelf: Shelf | MISSING = column(default=MISSING)\n" in text
    assert "    kind: Kind | MISSING | None = column(default=MISSING)\n" in text
    assert "from tests.kit.library import Kind, Loan, Shelf\n" in text
    assert "from uuid import UUID\n" in text
    assert "..." not in text


def test_a_type_whose_name_is_taken_gets_another(tmp_path: Path) -> None:
    text = written(
        tmp_path,
        "from tests.kit.library import Author\nfrom tortoise_kit.schemas import ReadSchema\n\n\n"
        'class Shelf:\n    """Another."""\n\n\n'
        'class AuthorRead(ReadSchema, model=Author, exclude=("added_at", "born_at")):\n    datetime: str\n\n'
        "    def pick(self) -> Shelf:\n        return Shelf()\n",
    )

    assert "    shelf: Shelf_type = column()\n" in text
    assert "import Author\nfrom tests.kit.library import Shelf as Shelf_type\n" in text.replace("import Author, ", "")


def test_a_type_without_any_name_left_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    text = (
        "from tests.kit.library import Author\nfrom tortoise_kit.schemas import ReadSchema\n\n"
        "Shelf = Shelf_type = 1\n\n\nclass AuthorRead(ReadSchema, model=Author):\n    ...\n"
    )

    with pytest.raises(SchemaError, match=r"another Shelf and Shelf_type than tests\.kit\.library\.Shelf"):
        write_columns([module(tmp_path, text)])
    assert (tmp_path / "schemas.py").read_text(encoding="utf-8") == text


def test_all_files_are_restored_if_ruff_fails(tmp_path: Path) -> None:
    text = RIGHT.replace("    title: str = column()\n", "", 1)
    before = module(tmp_path, text)
    (tmp_path / "ruff.toml").write_text("no-such-setting = 1\n")

    with pytest.raises(SchemaError, match="`ruff check` failed"):
        write_columns([before])
    assert (tmp_path / "schemas.py").read_text(encoding="utf-8") == text


def test_only_schemas_that_the_module_itself_defines_are_written(tmp_path: Path) -> None:
    found = module(tmp_path, RIGHT + "\n\nOther = BookRead\n")

    assert sorted(each.__qualname__ for each in schemas_of(found)) == [
        "AuthorCreate",
        "BookPatch",
        "BookRead",
        "BookRead.Author",
    ]
    assert schemas_of(library) == []
