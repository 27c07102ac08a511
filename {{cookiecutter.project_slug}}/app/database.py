"""The service's database: its connection, for as long as the process runs, and its schema."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from app.features import MODELS_APP
from app.kit import migrations
from app.kit.columns import keep_column_order
from app.kit.pool import over_budget
from app.settings import PROJECT_FILE, Settings

log = logging.getLogger(__name__)

MIGRATIONS = PROJECT_FILE.parent / "migrations"


class BudgetError(Exception):
    """All processes together may open more connections than the server grants."""


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    """Tortoise, connected: a wrong address or password fails here and not in the first request.

    Everything is closed again on the way out, also when the first query fails.
    """
    async with TortoiseContext() as context:
        await context.init(settings.tortoise(), _enable_global_fallback=True)
        keep_column_order(context.apps[MODELS_APP].values() if context.apps else ())
        await context.db().execute_query("SELECT 1")
        await check_budget(context.db(), settings)
        yield context


async def check_budget(client: BaseDBAsyncClient, settings: Settings) -> None:
    """Compare what all processes may open with what the server grants, and warn or refuse as the settings say.

    Raises:
        BudgetError: It is too much, and `DB_BUDGET` is `refuse`.
    """
    if settings.db_budget == "off" or settings.db_pooler or client.capabilities.dialect != "postgres":
        return
    (row,) = await client.execute_query_dict("SELECT current_setting('max_connections')::int AS granted")
    wrong = over_budget(
        max_size=settings.pool().max_size, workers=settings.workers, replicas=settings.replicas, granted=row["granted"]
    )
    if wrong and settings.db_budget == "refuse":
        raise BudgetError(wrong)
    if wrong:
        log.warning(wrong)


async def migrate(settings: Settings) -> list[str]:
    """Apply the migrations that the database lacks, and name them."""
    return await migrations.upgrade(
        settings.tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP, limits=migration_limits(settings)
    )


def migration_limits(settings: Settings) -> migrations.Limits:
    """How long migrations wait, as the settings say."""
    return migrations.Limits(lock_timeout=settings.migration_lock_timeout_seconds, wait=settings.migration_wait_seconds)
