"""The recipes of `docs/migrations.md`: each of their files runs, there and back, on a table with rows."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.settings import PROJECT_FILE
from tortoise_kit import migrations
from tortoise_kit.development.migrations import lint, make
from tortoise_kit.development.testing import Row, catalog, execute, models_config

MODELS = "tests.kit.migrations.sample_books"
DOCUMENT = (PROJECT_FILE.parent / "docs" / "migrations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^### |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
RECIPES = {title: re.findall(r"```python\n(.*?)```", text, re.DOTALL) for title, text in SECTIONS.items()}
ROWS = 2500  # more than two batches
INDEX, FILLED, NOT_NULL, REMOVED, RENAMED = RECIPES


class Recipe:
    """A history of the sample table and the files of one recipe, on a database that has the first."""

    def __init__(self, url: str, location: Path) -> None:
        self.url = url
        self.location = location
        self.config: dict[str, Any] = models_config(url, MODELS)

    async def begin(self) -> None:
        await make(self.config, location=self.location, name="init")
        await migrations.upgrade(self.config, location=self.location)
        rows = ", ".join(f"('The Book {number}', {number}, 5)" for number in range(ROWS))
        await execute(self.url, f"INSERT INTO books (title, pages, price) VALUES {rows}")

    def add(self, blocks: list[str]) -> list[str]:
        folder = self.location / "models"
        (first,) = folder.glob("0_*.py")
        state = first.read_text(encoding="utf-8").partition("MODELS_STATE")[2]
        names = [f"{number}_20270101000000_recipe.py" for number in range(1, len(blocks) + 1)]
        for name, block in zip(names, blocks, strict=True):
            (folder / name).write_text(f"{block}\nMODELS_STATE{state}", encoding="utf-8")
        return names

    async def upgrade(self, *blocks: str) -> None:
        """Apply these files of the recipe, the first ones of it."""
        self.add(list(blocks))
        await migrations.upgrade(self.config, location=self.location)

    async def rows(self, sql: str) -> list[Row]:
        return await execute(self.url, sql)

    async def columns(self) -> dict[object, bool]:
        """The table's columns, and which of them may hold NULL."""
        found = (await catalog(self.url))["columns"]
        may = {row[1]: row[-1] == "YES" for row in found if row[0] == "books"}
        if self.url.startswith("sqlite"):
            may = {row[1]: not row[3] for row in found if row[0] == "books"}
        return may


@pytest.fixture
async def recipe(empty_database_url: str, tmp_path: Path) -> Recipe:
    recipe = Recipe(empty_database_url, tmp_path)
    await recipe.begin()
    return recipe


@pytest.mark.parametrize("title", RECIPES)
async def test_a_recipe_upgrades_downgrades_and_upgrades_again(recipe: Recipe, title: str) -> None:
    before = await catalog(recipe.url)
    names = recipe.add(RECIPES[title])

    assert await migrations.upgrade(recipe.config, location=recipe.location) == names
    there = await catalog(recipe.url)
    back = await migrations.downgrade(recipe.config, location=recipe.location, steps=len(names))

    assert back == names[::-1]
    assert _named(await catalog(recipe.url)) == _named(before)
    assert await migrations.upgrade(recipe.config, location=recipe.location) == names
    assert await catalog(recipe.url) == there
    assert there != before
    assert await recipe.rows("SELECT count(*) FROM books") == [(ROWS,)]


def _named(found: dict[str, set[Row]]) -> set[object]:
    return {row[:2] for row in found["columns"]} | found["indexes"]


@pytest.mark.only("postgres")
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("title", RECIPES)
async def test_a_recipe_blocks_nobody_and_passes_the_linters(title: str, tmp_path: Path) -> None:
    recipe = Recipe("sqlite://:memory:", tmp_path)
    await make(recipe.config, location=tmp_path, name="init")
    recipe.add(RECIPES[title])

    assert await lint(tmp_path, app="models") == []
    for block in RECIPES[title]:
        _assert_ruff_is_content(block)


def _assert_ruff_is_content(block: str) -> None:
    name = str(PROJECT_FILE.parent / "migrations" / "models" / "1_20270101000000_recipe.py")
    for arguments in (["check", "--no-cache"], ["format", "--no-cache", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", name, "-"]
        ended = subprocess.run(command, input=block, capture_output=True, check=False, text=True)  # noqa: S603
        assert ended.returncode == 0, ended.stdout + ended.stderr


async def test_an_index_is_built_and_valid(recipe: Recipe, database: str) -> None:
    await recipe.upgrade(*RECIPES[INDEX])

    if database == "postgres":
        assert await recipe.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'idx_books_pages'::regclass") == [
            (True,)
        ]
    else:
        assert await recipe.rows("SELECT count(*) FROM sqlite_master WHERE name = 'idx_books_pages'") == [(1,)]


async def test_every_row_is_filled_even_after_an_interrupted_migration(recipe: Recipe) -> None:
    await recipe.upgrade(*RECIPES[FILLED][:1])
    await recipe.rows("UPDATE books SET slug = 'kept' WHERE id = 7")
    await recipe.upgrade(*RECIPES[FILLED])

    assert await recipe.rows("SELECT count(*) FROM books WHERE slug IS NULL") == [(0,)]
    assert await recipe.rows("SELECT slug FROM books WHERE id IN (7, 8) ORDER BY id") == [("kept",), ("the-book-7",)]


async def test_an_empty_table_is_filled_too(recipe: Recipe) -> None:
    await recipe.rows("DELETE FROM books")

    await recipe.upgrade(*RECIPES[FILLED])


async def test_a_column_becomes_not_null_and_its_check_is_dropped(recipe: Recipe) -> None:
    before = await recipe.columns()
    await recipe.upgrade(*RECIPES[NOT_NULL])

    assert before["pages"]
    assert not (await recipe.columns())["pages"]
    assert not any("CHECK" in str(row) for rows in (await catalog(recipe.url)).values() for row in rows)


@pytest.mark.only("postgres")
async def test_a_removed_column_stays_optional_while_the_old_version_runs(recipe: Recipe) -> None:
    await recipe.upgrade(*RECIPES[REMOVED][:1])
    await recipe.rows("INSERT INTO books (title) VALUES ('new')")
    await recipe.rows("INSERT INTO books (title, price) VALUES ('old', 3)")
    between = await recipe.columns()
    await recipe.upgrade(*RECIPES[REMOVED])

    assert "price" in between
    assert "price" not in await recipe.columns()


@pytest.mark.only("postgres")
async def test_a_renamed_column_has_both_names_until_the_last_deploy(recipe: Recipe) -> None:
    both = "SELECT title, name FROM books WHERE price = 1 ORDER BY id"
    await recipe.upgrade(*RECIPES[RENAMED][:1])
    await recipe.rows("INSERT INTO books (title, price) VALUES ('old', 1)")
    first = await recipe.rows(both)
    await recipe.upgrade(*RECIPES[RENAMED][:2])
    await recipe.rows("INSERT INTO books (title, price) VALUES ('old too', 1)")
    await recipe.rows("INSERT INTO books (name, price) VALUES ('new', 1)")
    await recipe.rows("UPDATE books SET title = 'by the old' WHERE title = 'old'")
    await recipe.rows("UPDATE books SET name = 'by the new' WHERE title = 'old too'")
    second = await recipe.rows(both)
    await recipe.upgrade(*RECIPES[RENAMED])

    assert first == [("old", "old")]
    assert second == [(each, each) for each in ("by the old", "by the new", "new")]
    assert not (await recipe.columns()).keys() & {"title"}
    assert await recipe.rows("SELECT count(*) FROM books WHERE name IS NULL") == [(0,)]
