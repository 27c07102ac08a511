"""The service's database: connect, check, retry; and its migrations."""

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
from tortoise_kit.db import DatabaseError, collation_problem
from tortoise_kit.models import check_models, prepare_models

log = logging.getLogger(__name__)
# At DEBUG these log statements with their values, password hashes too, so a root logger at DEBUG must not reach them.
for name in ("tortoise.db_client", "aiosqlite"):
    logging.getLogger(name).setLevel(logging.INFO)


MIGRATIONS = PROJECT_FILE.parent / "migrations"
DATABASES = ("sqlite", "postgres")  # what migrations and tests are for; docs/models.md says what belongs to one
RETRY_SECONDS = 1.0  # requests connect by themselves; this is for the check, and for the log


class BudgetError(Exception):
    """All processes together may open more connections than the server grants."""


@dataclass
class StartupCheck:
    """The result of checking the database once it responds.

    Attributes:
        failure: Why the service must not work with it; None while nothing speaks against it.
    """

    failure: str | None = None


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    """Tortoise, connected, for a command: a wrong address or password fails here and not later.

    All connections are closed on the way out, also if the first query fails.

    Raises:
        ConnectionLost: The database is away, or rejects the user or the password.
        BudgetError: See `check_budget`.
    """
    async with _tortoise(settings) as context:
        await connect(context.db(), settings)
        yield context


@asynccontextmanager
async def connect_or_retry(settings: Settings) -> AsyncGenerator[StartupCheck]:
    """Tortoise, for a service: connected now if the database responds, or else once it does.

    A service that exited instead would be restarted with growing pauses, and so be up later than its database.

    Raises:
        BudgetError: See `check_budget`; if the database responds only later, `failure` has the reason instead.
    """
    async with _tortoise(settings) as context:
        check, reconnecting = StartupCheck(), None
        try:
            await connect_service(context.db(), settings)
        except DatabaseError as error:
            log.error("start.without_database", extra={"reason": str(error)})  # noqa: TRY400 -- says all
            reconnecting = asyncio.create_task(
                reconnect_in_background(context.db(), settings, check, logged=str(error))
            )
        try:
            yield check
        finally:
            if reconnecting is not None:
                reconnecting.cancel()
                await asyncio.wait([reconnecting])


@asynccontextmanager
async def _tortoise(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    async with TortoiseContext() as context:
        await context.init(settings.tortoise(), _enable_global_fallback=True)
        models = context.apps[MODELS_APP].values() if context.apps else ()
        check_models(models, [context.db().capabilities.dialect])
        prepare_models(models)
        yield context


async def connect(client: BaseDBAsyncClient, settings: Settings) -> None:
    """Connect, and check the connection budget; raises as `database` does."""
    await client.execute_query("SELECT 1")
    await check_budget(client, settings)


async def connect_service(client: BaseDBAsyncClient, settings: Settings) -> None:
    """The same, with a warning if the order of text is not SQLite's."""
    try:
        await connect(client, settings)
    except BudgetError as error:
        log.error("database.over_budget", extra={"reason": str(error)})  # noqa: TRY400 -- says all
        raise
    if problem := await collation_problem(client):
        log.warning("database.collation", extra={"reason": problem})


async def reconnect_in_background(
    client: BaseDBAsyncClient, settings: Settings, check: StartupCheck, *, logged: str
) -> None:
    """Try to connect every second until the database responds; log each error that differs from the last one."""
    while True:
        await asyncio.sleep(RETRY_SECONDS)
        try:
            await connect_service(client, settings)
        except BudgetError as error:
            check.failure = str(error)
            return
        except DatabaseError as error:
            if str(error) != logged:
                logged = str(error)
                log.error("start.without_database", extra={"reason": logged})  # noqa: TRY400 -- says all
        else:
            log.warning("database.responds")
            return


async def check_budget(client: BaseDBAsyncClient, settings: Settings) -> None:
    """Compare the connections that all processes may open with those that the server grants; warn, or raise.

    Raises:
        BudgetError: They are too many, and `DB_BUDGET` is `refuse`.
    """
    if settings.db_budget == "off" or settings.db_pooler or client.capabilities.dialect != "postgres":
        return
    (row,) = await client.execute_query_dict("SELECT current_setting('max_connections')::int AS granted")
    problem = settings.pool().over_budget(workers=settings.workers, replicas=settings.replicas, granted=row["granted"])
    if problem and settings.db_budget == "refuse":
        raise BudgetError(problem)
    if problem:
        log.warning("database.over_budget", extra={"reason": problem})


async def migrate(settings: Settings) -> list[str]:
    """Apply the migrations that the database lacks, and return their names."""
    return await migrations.upgrade(
        settings.tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP, timeouts=migration_timeouts(settings)
    )


async def compare_database(settings: Settings) -> list[migrations.Difference]:
    """What the database has otherwise than the migrations that it has applied."""
    return await migrations.compare(settings.tortoise_for_migrations(), location=MIGRATIONS, app=MODELS_APP)


def migration_timeouts(settings: Settings) -> migrations.MigrationTimeouts:
    """How long migrations wait, as the settings say."""
    return migrations.MigrationTimeouts(
        lock_timeout=settings.migration_lock_timeout_seconds, wait=settings.migration_wait_seconds
    )
