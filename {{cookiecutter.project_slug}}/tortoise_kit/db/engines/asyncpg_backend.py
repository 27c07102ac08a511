"""Tortoise's engine for asyncpg, without its leaks: `{"engine": "tortoise_kit.db.engines.asyncpg_backend"}`.

What upstream does (Tortoise 1.1.9), and what this does instead:

- A BEGIN that fails or is cancelled loses its pool slot for good. Here the connection is dropped, and the slot is free.
- The wait for a connection has no limit. Here it ends in `PoolTimeout`.
- Opening the pool connects, and while the server is away all callers queue up to try. Here the pool opens without it.
- Serialization failures, deadlocks, time limits and lost connections are raised raw; at COMMIT all errors are. Here
  all are the errors of `tortoise_kit.db`.
- Each release costs a second round trip to reset the session. Here only a touched session is reset.
- A connection to a server that became read-only, or has no disk or memory left, is used again. Here it is dropped.
- Parallel nested blocks break each other: see `tortoise_kit.db.engines.savepoints`.
- A transaction used after its end runs on a connection that somebody else has by then, and COMMIT after a failed
  statement silently rolls back. Here both raise.

The module's name must contain "asyncpg": Tortoise selects what is special to the driver by it.
"""

import logging
import ssl
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import PoolConnectionWrapper

from tortoise_kit.db.engines.asyncpg_connection import Connection
from tortoise_kit.db.engines.asyncpg_pool import Pool
from tortoise_kit.db.engines.asyncpg_transaction import Transaction, TransactionContext
from tortoise_kit.db.engines.executors import PostgresExecutor
from tortoise_kit.db.engines.savepoints import ManyInTransactionMixin
from tortoise_kit.db.engines.schema_generators import PostgresGenerator
from tortoise_kit.db.translation import is_fatal, translated
from tortoise_kit.db.urls import SYSTEM_CAS
from tortoise_kit.db.writability import WriteFailures

log = logging.getLogger(__name__)


VERIFYING = ("verify-ca", "verify-full")


def verifying(mode: str, sslrootcert: str) -> ssl.SSLContext:
    """TLS that verifies the server. asyncpg's own looks for a file in the user's home, which a container lacks."""
    context = ssl.create_default_context(cafile=None if sslrootcert == SYSTEM_CAS else sslrootcert)
    context.check_hostname = mode == "verify-full"
    return context


class PooledConnection(PoolConnectionWrapper[Any]):
    """A connection of the pool for a block; it is dropped if an error says that it is of no more use."""

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        if isinstance(exc_val, asyncpg.PostgresError) and is_fatal(exc_val):
            self.client._pool.discard(self.connection, exc_val)
        await super().__aexit__(exc_type, exc_val, exc_tb)


class Client(ManyInTransactionMixin, AsyncpgDBClient):
    """The engine's client.

    Args:
        acquire_timeout: Seconds that a caller waits for a connection; None for ever.
        reset: `touched` resets a session only if a statement touched it, `always` after every use.
        sslrootcert: The file of the CA for `ssl` of `verify-ca` or `verify-full`; `system` stands for this machine's.
        credentials: As for Tortoise's engine, `host` and `port` also as lists; the rest goes to asyncpg's pool.
    """

    executor_class = PostgresExecutor
    schema_generator = PostgresGenerator
    writes = True  # a replica's client does not

    def __init__(
        self,
        *,
        acquire_timeout: float | None = None,
        reset: str = "touched",
        sslrootcert: str = SYSTEM_CAS,
        **credentials: Any,
    ) -> None:
        port = credentials.pop("port", None)
        super().__init__(**credentials)
        self.port = self.port if port is None else port  # of several hosts several, for which Tortoise has no place
        self.failures = WriteFailures()
        self.acquire_timeout = acquire_timeout
        self.always_reset = reset == "always"
        self.sslrootcert = sslrootcert
        self.connection_class = Connection

    async def create_pool(self, **options: Any) -> Any:
        """An open pool with bounded waits; it connects when the first connection is acquired."""
        if options.get("ssl") in VERIFYING:
            options["ssl"] = verifying(options["ssl"], self.sslrootcert)
        name = f"pool {self.connection_name!r} of {self.database} on {self.host}:{self.port}"
        reset: dict[str, Any] = {"acquire_timeout": self.acquire_timeout, "always_reset": self.always_reset}
        return await Pool(name=name, writes=self.writes, **reset, **options)

    def acquire_connection(self) -> PooledConnection:
        """A connection of the pool, for a block."""
        return PooledConnection(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return TransactionContext(Transaction(self), self._pool_init_lock)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[dict[str, Any]]]:
        """The number of rows, and the rows. A SELECT passes four coroutines fewer than Tortoise's."""
        if self._pool is None or not query.startswith("SELECT"):
            return await super().execute_query(query, values)  # type: ignore[no-any-return]  # upstream's decorator
        pool: Any = self._pool  # another one may be opened meanwhile
        with translated(self.failures.note):
            connection = await pool.acquire()
            try:
                rows = await connection.fetch(query, *(values or ()))
            except asyncpg.PostgresError as error:
                if is_fatal(error):
                    pool.discard(connection, error)
                raise
            finally:
                await pool.release(connection)
        return len(rows), rows

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with translated(self.failures.note):
            return await func(self, *args, **kwargs)


client_class = Client
