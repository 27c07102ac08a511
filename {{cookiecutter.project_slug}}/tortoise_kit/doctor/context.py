"""The database under examination: what checks read it with."""

from dataclasses import dataclass
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from tortoise_kit.db.config import PoolSettings


@dataclass(frozen=True)
class Deployment:
    """How the service uses its database.

    Attributes:
        pool: Of each worker.
        workers: Processes of one machine.
        replicas: Machines that run the service.
        application_name: As `pg_stat_activity` shows the service's sessions.
    """

    pool: PoolSettings
    workers: int = 1
    replicas: int = 1
    application_name: str = ""

    @property
    def processes(self) -> int:
        """All workers, each with its own pool."""
        return self.workers * self.replicas


@dataclass(frozen=True)
class CheckContext:
    """What the checks of a Postgres database read it with.

    Attributes:
        client: A read-only transaction with limits.
        deployment: How the service uses it.
        replica: A connection to the replica; None without one.
        max_lag: Seconds that the replica may be behind.
    """

    client: BaseDBAsyncClient
    deployment: Deployment
    replica: BaseDBAsyncClient | None = None
    max_lag: float = 0

    async def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a query."""
        return await self.client.execute_query_dict(query, list(values))

    async def row(self, query: str, *values: object) -> dict[str, Any]:
        """The only row of a query."""
        (row,) = await self.rows(query, *values)
        return row

    async def replica_rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query on the replica; none without one."""
        return await self.replica.execute_query_dict(query) if self.replica else []
