"""Whether the service is ready: what a task with a separate connection learned in the last seconds.

A probe that used the pool would wait for it under load, and a load balancer would take a busy service for a dead one.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection, get_connections

from tortoise_kit.db.errors import DatabaseError
from tortoise_kit.problems.errors import Unavailable

INTERVAL_SECONDS = 1.0
TIMEOUT_SECONDS = 2.0  # of one check
FORGIVEN_SECONDS = 3.0  # a database that does not respond for less is no reason to take the service out of rotation
NO_RESPONSE = "not-ready"
log = logging.getLogger(__name__)


class Readiness:
    """What is known of the database.

    Args:
        check: Raises `Unavailable` if the service cannot work with the database.
    """

    def __init__(self, check: Callable[[BaseDBAsyncClient], Awaitable[None]]) -> None:
        self._check = check
        self._problem: Unavailable | None = None
        self._succeeded = float("-inf")
        self._learned = asyncio.Event()
        self._is_watched = False

    async def require(self) -> None:
        """Raise `Unavailable` if the service is not ready. Outside `watched` it asks the database now."""
        if self._is_watched:
            await self._learned.wait()
        else:
            await self._learn(get_connection("default"))
        silent = asyncio.get_running_loop().time() - self._succeeded
        problem = self._problem
        if problem and not (self._is_watched and problem.kind == NO_RESPONSE and silent <= FORGIVEN_SECONDS):
            raise Unavailable(problem.detail, kind=problem.kind)
        if self._is_watched and not problem and silent > FORGIVEN_SECONDS + TIMEOUT_SECONDS:
            detail = "The database does not respond."  # not even to the end of a check
            raise Unavailable(detail, kind=NO_RESPONSE)

    @asynccontextmanager
    async def watched(self) -> AsyncGenerator[None]:
        """Ask the database every second while the block runs."""
        async with _separate_client() as client:
            watching = asyncio.create_task(self._learn_regularly(client))
            self._is_watched = True
            try:
                yield
            finally:
                self._is_watched = False
                watching.cancel()
                await asyncio.wait([watching])

    async def _learn_regularly(self, client: BaseDBAsyncClient) -> None:
        while True:
            await self._learn(client)
            await asyncio.sleep(INTERVAL_SECONDS)

    async def _learn(self, client: BaseDBAsyncClient) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._check(client)
        except Unavailable as problem:
            self._problem = problem.with_traceback(None)
        except (TimeoutError, DatabaseError):
            self._problem = Unavailable("The database does not respond.", kind=NO_RESPONSE)
        except Exception:
            log.exception("The check of readiness failed.")
            self._problem = Unavailable("The service cannot tell whether it is ready.", kind="check-failed")
        else:
            self._problem, self._succeeded = None, asyncio.get_running_loop().time()
        self._learned.set()


@asynccontextmanager
async def _separate_client() -> AsyncGenerator[BaseDBAsyncClient]:
    """One more connection to the database of `default`; on SQLite the same, whose reads wait for nobody."""
    default: Any = get_connection("default")
    if default.capabilities.dialect != "postgres":
        yield default
        return
    config: Any = get_connections().db_config["default"]
    credentials = {**config["credentials"], "min_size": 0, "max_size": 1}
    client = type(default)(connection_name="readiness", **credentials)
    if hasattr(default, "failures"):  # what writes found out; Tortoise's own client does not remember it
        client.failures = default.failures
    await client.create_connection(with_db=True)
    try:
        yield client
    finally:
        await client.close()
