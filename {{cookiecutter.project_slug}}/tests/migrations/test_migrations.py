"""The shipped migrations make the schema of the models, on both databases, and can be taken back."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise.models import Model
from tortoise.validators import MaxValueValidator, MinValueValidator
from typer.testing import CliRunner, Result

from app.cli import migrations as commands
from app.database import MIGRATIONS
from app.settings import Settings
from tests.support.processes import tortoise
from tortoise_kit import migrations
from tortoise_kit.development.testing import catalog, create_from_models, only_in

type Run = Callable[..., Result]

START = datetime(2026, 1, 1, tzinfo=UTC)
VALUES: dict[str, Any] = {
    "str": "x",
    "int": 1,
    "float": 1.0,
    "decimal.Decimal": Decimal(1),
    "bool": True,
    "bytes": b"x",
    "dict | list": {},
    "datetime.date": START.date(),
    "datetime.time": START.timetz(),
    "datetime.timedelta": timedelta(hours=1),
    "uuid.UUID": UUID(int=1),
}


async def test_migrations_create_the_schema_of_the_models(empty_database_url: str) -> None:
    config = Settings(database_url=empty_database_url).tortoise()
    await migrations.upgrade(config, location=MIGRATIONS)
    migrated = await catalog(empty_database_url, without=migrations.by_hand(MIGRATIONS))
    await migrations.downgrade(config, location=MIGRATIONS, steps=1000)
    await create_from_models(config)
    from_models = await catalog(empty_database_url)

    # A feature that was deleted leaves its tables in the history until a migration drops them.
    left, there = ({row[0] for row in found["columns"]} for found in (migrated, from_models))
    expected = {what: {row for row in rows if row[0] not in left - there} for what, rows in migrated.items()}
    assert only_in(expected, from_models) == []
    assert from_models == expected


async def test_migrations_downgrade_and_upgrade_again_with_rows_in_every_table(empty_database_url: str) -> None:
    config = Settings(database_url=empty_database_url).tortoise()
    names = await migrations.upgrade(config, location=MIGRATIONS)
    schema = await catalog(empty_database_url)
    await _fill(config)

    for name in reversed(names):
        assert await migrations.downgrade(config, location=MIGRATIONS) == [name]
    assert await migrations.upgrade(config, location=MIGRATIONS) == names

    assert await catalog(empty_database_url) == schema
    await _fill(config)


async def _fill(config: dict[str, Any]) -> None:
    """One row in the table of each model, those it refers to first."""
    async with tortoise(config) as models:
        left = {model._meta.full_name: model for model in models}
        while left:
            for name, model in list(left.items()):
                described = model.describe()
                if not {field["python_type"] for field in described["fk_fields"]} & (left.keys() - {name}):
                    needed = [field for field in described["data_fields"] if _must_be_given(field)]
                    needed += [] if described["pk_field"]["generated"] else [described["pk_field"]]
                    given = {field["name"]: _value(model, place, field) for place, field in enumerate(needed)}
                    if not await model.exists():  # a signal may have created one
                        await model.create(**given)
                    del left[name]


def _value(model: type[Model], place: int, field: dict[str, Any]) -> Any:
    if field["python_type"] == "datetime.datetime":
        return START + timedelta(hours=place)  # a constraint may want the end after the start
    described = model._meta.fields_map[field["name"]]
    enum, value = getattr(described, "enum_type", None), VALUES[field["python_type"]]
    for each in described.validators:  # a constraint may hold the column to the same limits
        match each:
            case MinValueValidator():
                value = max(value, type(value)(each.min_value))
            case MaxValueValidator():
                value = min(value, type(value)(each.max_value))
    return next(iter(enum)) if enum else value


def _must_be_given(field: dict[str, Any]) -> bool:
    automatic = field.get("auto_now") or field.get("auto_now_add")
    return not (field["nullable"] or automatic) and field["default"] is None and field["db_default"] == "__NOT_SET__"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command on an SQLite file, with a copy of the service's migrations."""
    copied = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(commands, "MIGRATIONS", copied)
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{tmp_path / 'app.db'}")
    return partial(CliRunner().invoke, commands.app)


def test_the_commands_upgrade_and_downgrade(run: Run, tmp_path: Path) -> None:
    (name, *_) = sorted(path.name for path in (tmp_path / "migrations/models").glob("*.py"))

    assert f"[ ] {name}" in run(["history"]).output
    assert f"Applied {name}" in run(["upgrade"]).output
    assert f"[x] {name}" in run(["history"]).output
    assert run(["upgrade"]).output == "Nothing to do: the database is up to date.\n"
    assert f"Reverted {name}" in run(["downgrade", "--yes", "--steps", "1000"]).output
    assert run(["downgrade", "--yes"]).output == "Nothing to do: no migration is applied.\n"


def test_a_downgrade_asks_first(run: Run) -> None:
    run(["upgrade"])

    refused = run(["downgrade"], input="n\n")
    agreed = run(["downgrade"], input="y\n")

    assert (refused.exit_code, agreed.exit_code) == (1, 0)
    assert "is lost" in refused.output
    assert "Reverted" not in refused.output
    assert "Reverted" in agreed.output


def test_a_missing_migration_fails_the_check(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "migrations/models").glob("*.py"):
        path.unlink()

    checked = run(["check"])
    made = run(["make", "again"])
    agreed = run(["check"])

    assert checked.exit_code == 1
    assert "postgres: CREATE TABLE" in checked.stdout
    assert checked.stderr.startswith("The models and the migrations differ: run `migrations make NAME`")
    assert "0_" in made.output
    assert "_again.py" in made.output
    assert (agreed.exit_code, agreed.output) == (0, "The models and the migrations agree.\n")
    assert run(["make", "more"]).output == "Nothing to do: the models and the migrations agree.\n"


def test_a_database_that_was_changed_by_hand_fails_its_check(run: Run, tmp_path: Path) -> None:
    run(["upgrade"])
    agreed = run(["check", "--database"])
    with closing(sqlite3.connect(tmp_path / "app.db")) as database:
        database.execute("CREATE INDEX by_hand ON users (name)")

    checked = run(["check", "--database"])

    assert (agreed.exit_code, agreed.output) == (0, "The database has what its migrations create.\n")
    assert checked.exit_code == 1
    assert checked.stdout == 'index by_hand of users is in no migration.\n    DROP INDEX "by_hand";\n'
    assert checked.stderr.startswith("The database differs from its migrations: ")


def test_an_empty_migration_can_be_created_without_a_change(run: Run) -> None:
    made = run(["make", "fill_by_hand", "--empty"])

    assert "_fill_by_hand.py" in made.output
    assert "Applied " in run(["upgrade"]).output
    assert run(["check"]).output == "The models and the migrations agree.\n"


@pytest.mark.only("postgres")
@pytest.mark.usefixtures("database")
def test_the_shipped_migrations_do_not_block_a_running_service(run: Run) -> None:
    linted = run(["lint"])

    assert (linted.exit_code, linted.output) == (0, "No migration blocks or breaks a running service.\n")


@pytest.mark.only("postgres")
@pytest.mark.usefixtures("database")
def test_a_migration_that_blocks_a_running_service_is_reported_with_the_remedy(run: Run, tmp_path: Path) -> None:
    run(["make", "index", "--empty"])
    (path,) = (tmp_path / "migrations/models").glob("*_index.py")
    path.write_text(f"{path.read_text()}\n\nasync def upgrade(db):\n    return 'CREATE INDEX i ON t (c)'\n")

    linted = run(["lint"])

    assert linted.exit_code == 1
    assert f"{path.name}: CREATE INDEX i ON t (c)\n    require-concurrent-index-creation: use CONC" in linted.stdout
    assert "docs/migrations.md" in linted.stderr


@pytest.mark.parametrize(
    ("arguments", "url", "reason"),
    [
        (["make", "Add-Nick"], "sqlite://x.db", "The name 'Add-Nick' is not usable"),
        (["make", "x", "--rename", "a", "--drop", "b"], "sqlite://x.db", "--rename a is not usable: write OLD:NEW"),
        (["make", "x", "--rename", "a:b", "--drop", "c"], "sqlite://x.db", "--rename a:b, --drop c fits no table or"),
        (["upgrade"], "postgres://nobody@127.0.0.1:1/nowhere", "The database cannot be used: .*Connect call failed"),
        (["history"], "sqlite:///nowhere/at/all.db", "The database cannot be used: unable to open database file"),
    ],
)
def test_an_error_is_reported_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], url: str, reason: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    result = run(arguments)

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert re.fullmatch(rf"{reason}.*\n", result.stderr)
