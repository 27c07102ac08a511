from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from tests.kit.specimens import KEEPERS, Keeper, Mark, Specimen, Token, Tries, specimens
from tortoise_kit.development.testing import new_postgres_database


@pytest.fixture(scope="session")
async def shared_tables(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[TortoiseContext]:
    """The specimens' tables, created once for the whole run."""
    if database == "sqlite":
        async with specimens(f"sqlite://{_file(tmp_path_factory)}") as context:
            yield context
    else:
        async with (
            new_postgres_database(request.getfixturevalue("postgres_server")) as url,
            specimens(url) as context,
        ):
            yield context


def _file(folders: pytest.TempPathFactory) -> Path:
    return folders.mktemp("specimens") / "test.db"


@pytest.fixture
async def tables(shared_tables: TortoiseContext) -> TortoiseContext:
    """The specimens' tables with only the keepers; enter it, `with tables:`."""
    with shared_tables:
        await empty()
    return shared_tables


async def empty() -> None:
    """Delete all rows except the keepers, which are always the same."""
    for model in (Mark, Specimen, Token, Tries):
        await model.all().delete()
    if not await Keeper.exists():
        await Keeper.bulk_create([Keeper(name=name, since=since) for name, since in KEEPERS.values()])
