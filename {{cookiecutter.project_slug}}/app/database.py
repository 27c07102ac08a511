"""The service's database: its connection, for as long as the process runs, and its schema."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tortoise.context import TortoiseContext

from app.features import MODELS_APP
from app.kit import migrations
from app.settings import PROJECT_FILE, Settings

MIGRATIONS = PROJECT_FILE.parent / "migrations"


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    """Tortoise, connected: a wrong address or password fails here and not in the first request.

    Everything is closed again on the way out, also when the first query fails.
    """
    async with TortoiseContext() as context:
        await context.init(settings.tortoise(), _enable_global_fallback=True)
        await context.db().execute_query("SELECT 1")
        yield context


async def migrate(settings: Settings) -> list[str]:
    """Apply the migrations that the database lacks, and name them."""
    return await migrations.upgrade(
        settings.tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP, limits=migration_limits(settings)
    )


def migration_limits(settings: Settings) -> migrations.Limits:
    """How long migrations wait, as the settings say."""
    return migrations.Limits(lock_timeout=settings.migration_lock_timeout_seconds, wait=settings.migration_wait_seconds)
