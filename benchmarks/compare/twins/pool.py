"""asyncpg's own pool, of the service's size."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.settings import Settings


@asynccontextmanager
async def opened_pool(*, reset: bool = True) -> AsyncGenerator[Any]:
    """A pool on the database of the environment; without `reset` a session is handed on as it is, for one trip less."""
    settings = Settings()
    sizes = {"min_size": 1, "max_size": settings.pool().max_size}
    without = {} if reset else {"reset": _leave_as_it_is}
    async with asyncpg.create_pool(settings.database_url, **sizes, **without) as pool:
        yield pool


async def _leave_as_it_is(_connection: object) -> None:
    """In place of asyncpg's reset."""
