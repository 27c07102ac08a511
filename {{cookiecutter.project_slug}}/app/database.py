"""The service's database: its connection, for as long as the process runs, and its schema."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext

from app.features import MODELS_APP
from app.settings import PROJECT_FILE, Settings
from tortoise_kit import migrations
from tortoise_kit.db import DatabaseError, over_budget
from tortoise_kit.models import keep_column_order

log = logging.getLogger(__name__)
# At DEBUG these log statements with their values, hashes of passwords too; a root logger at DEBUG must not reach them.
for name in ("tortoise.db_client", "aiosqlite"):
    logging.getLogger(name).setLevel(logging.INFO)


MIGRATIONS = PROJECT_FILE.parent / "migrations"
MEETING_PAUSE_SECONDS = 1.0  # requests try by themselves; this is for what is done once, and for the log


class BudgetError(Exception):
    """All processes together may open more connections than the server grants."""


@dataclass
class FirstContact:
    """What the service learned when its database first answered.

    Attributes:
        refusal: Why it must not be worked with although it answers; None while nothing is known against it.
    """

    refusal: str | None = None


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    """Tortoise, connected, for a command: a wrong address or password fails here and not in the middle.

    Everything is closed again on the way out, also when the first query fails.

    Raises:
        ConnectionLost: The database does not answer, or refuses.
        BudgetError: See `check_budget`.
    """
    async with _opened(settings) as context:
        await _meet(context.db(), settings)
        yield context


@asynccontextmanager
async def database_when_there(settings: Settings) -> AsyncGenerator[FirstContact]:
    """Tortoise, for a service: connected if the database is there, and as soon as it is otherwise.

    A service that ended instead would be started again and again, and each time be later than its database.

    Raises:
        BudgetError: See `check_budget`; of a database that comes later it is told in the contact's `refusal`.
    """
    async with _opened(settings) as context:
        contact, later = FirstContact(), None
        try:
            await _meet(context.db(), settings)
        except DatabaseError as error:
            log.error("Started without the database; not ready until it answers. %s", error)  # noqa: TRY400 -- says all
            later = asyncio.create_task(_meet_later(context.db(), settings, contact, known=str(error)))
        try:
            yield contact
        finally:
            if later is not None:
                later.cancel()
                await asyncio.wait([later])


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    async with TortoiseContext() as context:
        await context.init(settings.tortoise(), _enable_global_fallback=True)
        keep_column_order(context.apps[MODELS_APP].values() if context.apps else ())
        yield context


async def _meet(client: BaseDBAsyncClient, settings: Settings) -> None:
    await client.execute_query("SELECT 1")
    await check_budget(client, settings)


async def _meet_later(client: BaseDBAsyncClient, settings: Settings, contact: FirstContact, *, known: str) -> None:
    while True:
        await asyncio.sleep(MEETING_PAUSE_SECONDS)
        try:
            await _meet(client, settings)
        except BudgetError as error:
            contact.refusal = str(error)
            log.critical("Not ready: %s", error)
            return
        except DatabaseError as error:
            if str(error) != known:
                known = str(error)
                log.error("Still without the database. %s", error)  # noqa: TRY400 -- says all
        else:
            log.warning("The database answers.")
            return


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
        settings.tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP, timeouts=migration_timeouts(settings)
    )


def migration_timeouts(settings: Settings) -> migrations.MigrationTimeouts:
    """How long migrations wait, as the settings say."""
    return migrations.MigrationTimeouts(
        lock_timeout=settings.migration_lock_timeout_seconds, wait=settings.migration_wait_seconds
    )
