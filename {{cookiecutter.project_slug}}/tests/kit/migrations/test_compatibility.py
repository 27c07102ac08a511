"""Whether code can serve a database: in both directions, and as often as that changes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from tortoise_kit import migrations
from tortoise_kit.development.migrations import make
from tortoise_kit.development.testing import execute, models_config
from tortoise_kit.migrations import SchemaCompatibility

MODELS = "tests.kit.migrations.sample_models_v1"
NOWHERE = "postgres://nobody@127.0.0.1:1/nowhere"


@pytest.fixture
async def history(tmp_path: Path) -> Path:
    await make(models_config(NOWHERE, MODELS), location=tmp_path, name="init")
    return tmp_path


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[BaseDBAsyncClient]:
    async with TortoiseContext() as context:
        await context.init(models_config(url, MODELS))
        yield context.connections.get("default")


async def test_code_fits_from_its_upgrade_until_its_downgrade(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    schema = SchemaCompatibility(history, app="models")

    async with opened(empty_database_url) as client:
        before = await schema.check(client)
        names = await migrations.upgrade(config, location=history)
        after = await schema.check(client)
        await migrations.downgrade(config, location=history)
        later = await schema.check(client)
        await migrations.upgrade(config, location=history)

        assert (before.pending, later.pending) == (names, names)
        assert not after
        assert not await schema.check(client)


async def test_a_newer_migration_that_adds_does_not_disturb_older_code(empty_database_url: str, history: Path) -> None:
    schema = SchemaCompatibility(history, app="models")
    await migrations.upgrade(models_config(empty_database_url, MODELS), location=history)
    await execute(
        empty_database_url,
        "ALTER TABLE books ADD COLUMN colour VARCHAR(9)",
        "ALTER TABLE books ADD COLUMN size INT NOT NULL DEFAULT 1",
        "INSERT INTO aerich (version, app, content) VALUES ('1_20270101000000_newer.py', 'models', '{}')",
    )

    async with opened(empty_database_url) as client:
        assert not await schema.check(client)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("ALTER TABLE books DROP COLUMN price", (["books.price"], [])),
        ("ALTER TABLE books RENAME COLUMN pages TO leaves", (["books.pages"], ["books.leaves"])),
        (
            "ALTER TABLE leaflets RENAME TO flyers",
            (["leaflets.author_id", "leaflets.id", "leaflets.shelf", "leaflets.title"], []),
        ),
    ],
    ids=["a column is dropped", "a column is renamed", "a table is renamed"],
)
async def test_code_does_not_fit_a_schema_that_lacks_or_demands_a_column(
    empty_database_url: str,
    history: Path,
    change: str,
    expected: tuple[list[str], list[str]],
) -> None:
    schema = SchemaCompatibility(history, app="models")
    await migrations.upgrade(models_config(empty_database_url, MODELS), location=history)
    await execute(empty_database_url, change)

    async with opened(empty_database_url) as client:
        found = await schema.check(client)

    assert (found.missing, found.required) == expected
