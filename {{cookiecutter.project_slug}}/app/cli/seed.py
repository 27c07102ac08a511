"""`seed`: fill an empty database with example rows."""

from typing import Annotated

import typer
from tortoise import Tortoise

from app.cli.failures import run
from app.database import database
from app.features import MODELS_APP, modules
from app.settings import Settings

MIGRATE_COMMAND = "python -m app migrations upgrade"

Size = Annotated[int, typer.Option(min=1, max=10_000_000, help="Rows in the largest tables; others get fewer.")]


def seed(size: Size = 1000) -> None:
    """Fill an empty database with example rows of every feature; the same size creates the same rows."""
    from tortoise_kit.development.seeding import SeedError

    run(seed_development(Settings(), size), SeedError, prefix="Not seeded: ")


async def seed_development(settings: Settings, size: int) -> None:
    """Seed the database of a development environment: the seed's accounts have a published password.

    Raises:
        SeedError: This is another environment, or see `fill`.
    """
    from tortoise_kit.development.seeding import SeedError

    if settings.environment != "development":
        message = (
            f"ENVIRONMENT is {settings.environment}, and the seed's accounts have a published password: seed with "
            "ENVIRONMENT=development, or create accounts with `python -m app users create`."
        )
        raise SeedError(message)
    async with database(settings):
        await fill(size)


async def fill(size: int) -> None:
    """Seed the database of the open context, with a progress bar: all rows, or none after an error.

    Raises:
        SeedError: A table is missing, or has rows already.
    """
    from tortoise_kit.development.seeding import seed_database

    seeds = [feature.seed for feature in modules("seed")]
    await seed_database(seeds, Tortoise.apps[MODELS_APP].values(), size=size, migrate_command=MIGRATE_COMMAND)
