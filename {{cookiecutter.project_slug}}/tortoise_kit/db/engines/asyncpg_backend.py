"""Tortoise's engine for asyncpg, without its leaks: `{"engine": "tortoise_kit.db.engines.asyncpg_backend"}`.

What upstream does (Tortoise 1.1.9), and what this does instead:

- A BEGIN that fails or is cancelled loses its pool slot for good: here the connection is dropped, and the slot is back.
- Waiting for a connection has no limit: here it ends in `PoolTimeout`.
- Opening the pool connects, and while the server is away everybody queues up to try: here it opens without it.
- Serialization failures, deadlocks, time limits and lost connections are raised raw, at COMMIT all errors are.
- Each release costs a second round trip to reset the session: here only one that was touched is reset.
- Parallel nested blocks break each other: see `tortoise_kit.db.engines.savepoints`.
- A transaction used after its end meets a connection that is somebody else's, and COMMIT after a failed statement
  rolls back without a word: here both are errors.

The module's name must hold the word asyncpg: Tortoise picks what is special to the driver by it.
"""

import asyncio
import logging
from collections.abc import Sequence
from itertools import batched
from types import TracebackType
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException

from tortoise_kit.db.engines.asyncpg_connection import Connection, reset_if_touched
from tortoise_kit.db.engines.asyncpg_pool import CLEANUP_SECONDS, Pool, drop
from tortoise_kit.db.engines.savepoints import Savepoint, TransactionState
from tortoise_kit.db.errors import translated

ROWS_AT_ONCE = 500

log = logging.getLogger(__name__)


class TransactionContext(TransactionContextPooled):
    """A transaction on a connection of its own, which is given back however it ends."""

    client: "Transaction"

    async def __aenter__(self) -> "Transaction":
        await self.ensure_connection()
        client = self.client
        client._connection = await client._parent._pool.acquire()  # type: ignore[union-attr]  # ensured
        token = get_connections().set(self.connection_name, client)
        try:
            await client.begin()
        except BaseException:
            get_connections().reset(token)
            drop(client._connection)  # its state is unknown, and dropping it frees the slot at once
            raise
        self.token = token
        return client

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        client = self.client
        try:
            if not client._finalized:
                await (client.commit() if exc_type is None else _roll_back(client))
        except BaseException:
            drop(client._connection)  # half committed or half rolled back: nobody may go on with it
            raise
        finally:
            client.state.ended = True
            get_connections().reset(self.token)
            if client._parent._pool is not None:
                await client._parent._pool.release(client._connection)
        if exc_type is None:
            await client.state.run_hooks()


async def _roll_back(client: "Transaction") -> None:
    """Roll back; a connection that cannot is dropped, so that the caller's own error stays the one that is told."""
    try:
        async with asyncio.timeout(CLEANUP_SECONDS):
            await client.rollback()
    except (TimeoutError, BaseORMException):
        log.warning("A transaction could not be rolled back; its connection is dropped.")
        drop(client._connection)


class Client(AsyncpgDBClient):
    """The engine's client.

    Args:
        acquire_timeout: Seconds that a caller waits for a connection; None for ever.
        reset: `touched` resets a session only if a statement touched it, `always` after every use.
        credentials: As Tortoise's; what it does not know goes to asyncpg's pool.
    """

    def __init__(self, *, acquire_timeout: float | None = None, reset: str = "touched", **credentials: Any) -> None:
        if reset == "touched":
            credentials["reset"] = reset_if_touched
        super().__init__(**credentials)
        self.acquire_timeout = acquire_timeout
        self.connection_class = Connection

    async def create_pool(self, **options: Any) -> Any:
        """A pool of bounded waits, opened; it connects when somebody asks for a connection."""
        return await Pool(acquire_timeout=self.acquire_timeout, **options)

    def _in_transaction(self) -> TransactionContext:
        return TransactionContext(Transaction(self), self._pool_init_lock)

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[dict[str, Any]]]:
        """The number of rows, and the rows. A SELECT passes four coroutines less than Tortoise's."""
        if self._pool is None or not query.startswith("SELECT"):
            return await super().execute_query(query, values)  # type: ignore[no-any-return]  # upstream's decorator
        with translated():
            connection = await self._pool.acquire()
            try:
                rows = await connection.fetch(query, *(values or ()))
            finally:
                await self._pool.release(connection)
        return len(rows), rows

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """All rows or none, also when it is cancelled."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with translated():
            return await func(self, *args, **kwargs)


class Transaction(TransactionWrapper):
    """What queries inside of a transaction run on.

    Attributes:
        isolation: `read_committed`, `repeatable_read`, `serializable`; None for the server's default.
        readonly: Whether the server refuses to write.
        state: What it shares with the blocks nested in it.
    """

    def __init__(self, connection: AsyncpgDBClient, state: TransactionState | None = None) -> None:
        super().__init__(connection)
        self.fetch_inserted = connection.fetch_inserted
        self.isolation: str | None = None
        self.readonly = False
        self.state = state or TransactionState()

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """The transaction's own connection, for one statement at a time."""
        self.state.require_usable()
        return super().acquire_connection()

    async def execute_many(self, query: str, values: Sequence[Any]) -> None:
        """Run the query for each row of values, some at a time: asyncpg 0.32 loses a cancellation while it sends."""
        for rows in batched(values, ROWS_AT_ONCE):
            await super().execute_many(query, list(rows))

    async def begin(self) -> None:
        """BEGIN, or SAVEPOINT when nested."""
        self.transaction = self._connection.transaction(isolation=self.isolation, readonly=self.readonly)
        with translated():
            await self.transaction.start()

    async def commit(self) -> None:
        """COMMIT, or RELEASE when nested; deferred constraints speak here."""
        self.state.require_committable()
        with translated():
            await super().commit()

    async def rollback(self) -> None:
        """ROLLBACK, to the savepoint when nested."""
        with translated():
            await super().rollback()

    def _in_transaction(self) -> Savepoint:
        return Savepoint(Transaction(self, self.state), self.state)

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            with translated():
                return await func(self, *args, **kwargs)
        except BaseException:
            self.state.failed = True
            raise


client_class = Client
