"""`docs/coming-from-tortoise.md`: what it names exists, and its code runs."""

import importlib
import re
import shlex
import sys
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from tortoise.connection import get_connection
from typer.testing import CliRunner

from app.accounts import policies
from app.cli.main import cli
from app.settings import PROJECT_FILE, Settings
from tests.kit.library import library

PAGE = (PROJECT_FILE.parent / "docs" / "coming-from-tortoise.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
ROOMS = "bulk|db|models|pagination|problems|schemas|sql"
KIT_NAMES = sorted({each for each in NAMED if re.fullmatch(rf"({ROOMS})\.\w+", each)})
COMMANDS = sorted({each for each in NAMED if each.startswith("python -m app ")})
FILES = sorted({each for each in NAMED if re.fullmatch(r"(app|tests)/[a-z/_]+\.py", each)})
[MODEL] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
INDEX, SEARCH = re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", KIT_NAMES)
def test_a_name_of_the_library_can_be_imported_from_its_room(name: str) -> None:
    room, _, member = name.partition(".")

    assert member in importlib.import_module(f"tortoise_kit.{room}").__all__


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists(command: str) -> None:
    words = [word for word in shlex.split(command)[3:] if word.islower()]

    assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == 0


def test_the_files_policies_and_settings_exist() -> None:
    assert all((PROJECT_FILE.parent / file).exists() for file in FILES)
    assert len(FILES) > 3
    assert {"SignedIn", "Staff"} <= vars(policies).keys()
    assert {"log_sql", "repeated_queries", "server_timing_enabled"} <= set(Settings.model_fields)


@pytest.fixture
def articles(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page's model, in a module."""
    module = ModuleType("articles_of_the_page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(MODEL, "coming-from-tortoise.md", "exec"), vars(module))  # noqa: S102 -- the page's code
    return module


@pytest.mark.only("postgres")
async def test_the_model_and_the_search_run_on_postgres(empty_database_url: str, articles: Any) -> None:
    async with library(empty_database_url, more=(articles.__name__,)) as using:
        connection = get_connection(using)
        await connection.execute_script(INDEX)
        texts = {"Two ships sail": ["sea"], "A shipping ship ships": ["sea", "trade"], "A house": []}
        for body, labels in texts.items():
            await articles.Article.create(body=body, labels=labels, published_at=datetime(2026, 1, 1, tzinfo=UTC))

        found = await connection.execute_query_dict(SEARCH, ["shipped"])
        sea = await articles.Article.filter(labels__contains=["sea"]).count()
        indexes = await connection.execute_query_dict("SELECT indexdef FROM pg_indexes WHERE tablename = 'articles'")

    assert [row["id"] for row in found] == [2, 1]
    assert found[0]["rank"] > found[1]["rank"]
    assert sea == 2
    kinds = sorted(re.findall(r"USING (\w+)", " ".join(each["indexdef"] for each in indexes)))
    assert kinds == ["brin", "btree", "gin", "gin"]
