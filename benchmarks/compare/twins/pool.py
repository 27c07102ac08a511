"""The database of the environment, and asyncpg's own pool, of the service's size."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

DATABASE_URL, POOL_SIZE = os.environ["DATABASE_URL"], int(os.environ["TWIN_POOL_SIZE"])


@asynccontextmanager
async def opened_pool(*, reset: bool = True) -> AsyncGenerator[Any]:
    """A pool on the database of the environment; without `reset` a session is handed on as it is, for one trip less."""
    without = {} if reset else {"reset": _leave_as_it_is}
    async with asyncpg.create_pool(DATABASE_URL, min_size=1, max_size=POOL_SIZE, **without) as pool:
        yield pool


async def _leave_as_it_is(_connection: object) -> None:
    """In place of asyncpg's reset."""
