"""The connection between the service and its database, for as long as the process runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tortoise.context import TortoiseContext

from app.settings import Settings


@asynccontextmanager
async def database(settings: Settings) -> AsyncGenerator[TortoiseContext]:
    """Tortoise, connected: a wrong address or password fails here and not in the first request.

    Everything is closed again on the way out, also when the first query fails.
    """
    async with TortoiseContext() as context:
        await context.init(settings.tortoise(), _enable_global_fallback=True)
        await context.db().execute_query("SELECT 1")
        yield context
