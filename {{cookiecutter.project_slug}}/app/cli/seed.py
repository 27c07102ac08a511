"""`seed`: fill an empty database with example rows."""

import asyncio
from typing import Annotated

import typer
from asyncpg import PostgresError
from rich.progress import Progress
from tortoise import Tortoise
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from app.database import database
from app.features import MODELS_APP, modules
from app.settings import Settings
from tortoise_kit.development.seeding import Advance, SeedError, SeedPlan, require_empty, reset_sequences_and_analyze

MIGRATE_COMMAND = "python -m app migrations upgrade"

Size = Annotated[int, typer.Option(min=1, max=10_000_000, help="Rows of the largest tables; the others' fit them.")]


def seed(size: Size = 1000) -> None:
    """Fill an empty database with rows of every feature: the same size gives the same rows."""
    try:
        asyncio.run(_seed(Settings(), size))
    except (SeedError, OSError, BaseORMException, PostgresError) as error:
        typer.echo(f"Not seeded: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(1) from error


async def _seed(settings: Settings, size: int) -> None:
    refuse_outside_development(settings)
    async with database(settings):
        await fill(size)


def refuse_outside_development(settings: Settings) -> None:
    """Refuse to make accounts whose password is published where somebody could reach them.

    Raises:
        SeedError: This is not development.
    """
    if settings.environment != "development":
        message = (
            f"ENVIRONMENT is {settings.environment}, and the seed's accounts have a published password: "
            "seed with ENVIRONMENT=development, or make accounts by `python -m app users create`."
        )
        raise SeedError(message)


async def fill(size: int) -> None:
    """Seed the database of the open context, with a progress bar: all rows, or none when it is interrupted.

    Raises:
        SeedError: Its tables are missing or hold rows already.
    """
    models = list(Tortoise.apps[MODELS_APP].values())
    await require_empty(models, migrate_command=MIGRATE_COMMAND)
    with Progress() as progress:

        def track(label: str, total: int) -> Advance:
            task = progress.add_task(label, total=total)
            return lambda rows: progress.advance(task, rows)

        plan = SeedPlan(size=size, track=track)
        async with in_transaction():  # half of it would be refused by the next seed
            for feature in modules("seed"):
                await feature.seed(plan)
    await reset_sequences_and_analyze(models)
