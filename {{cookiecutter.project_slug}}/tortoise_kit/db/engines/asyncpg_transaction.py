"""A transaction on a connection of the pool: BEGIN to COMMIT, and whatever may come between."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import batched
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, TransactionContextPooled
from tortoise.exceptions import BaseORMException

from tortoise_kit.db.engines.asyncpg_failover import drop
from tortoise_kit.db.engines.asyncpg_pool import CLEANUP_SECONDS
from tortoise_kit.db.engines.executors import PostgresExecutor
from tortoise_kit.db.engines.savepoints import TransactionMixin
from tortoise_kit.db.engines.transaction_state import TransactionState, forbid_generators, to_its_end
from tortoise_kit.db.errors import ConnectionLost, QueryTimeout
from tortoise_kit.db.translation import translated
from tortoise_kit.upstream.tortoise import use_connection

ROWS_AT_ONCE = 500
_COUNTED = ("UPDATE", "DELETE")  # of which Tortoise returns the number, not the rows
_SHORT = ("SELECT", "WITH", *_COUNTED)  # as Tortoise and the kit write them

log = logging.getLogger(__name__)


class TransactionContext(TransactionContextPooled):
    """A transaction on its own connection, which is returned however the block ends."""

    client: "Transaction"

    async def __aenter__(self) -> "Transaction":
        forbid_generators()
        await self.ensure_connection()
        client = self.client
        self.pool: Any = client._parent._pool
        client._connection = await self.pool.acquire()
        undo = use_connection(self.connection_name, client)
        try:
            await client.begin()
        except BaseException:
            undo()
            drop(client._connection)  # its state is unknown; dropping it frees the slot at once
            raise
        self.undo = undo
        return client

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        client = self.client
        try:
            if not client._finalized:
                await (_commit(client) if exc_type is None else _roll_back(client))
        except BaseException as error:
            client.failures.note(error)
            if not client.state.committed:
                drop(client._connection)  # half committed or half rolled back: not fit for another use
            raise
        finally:
            client.state.ended = True
            self.undo()
            if client.failures.fatal is not None:
                self.pool.discard(client._connection, client.failures.fatal)
            try:
                await self.pool.release(client._connection)
            finally:
                hooks = client.state.start_hooks()
        if hooks:
            await hooks


async def _commit(client: "Transaction") -> None:
    """COMMIT. Once it is sent, a cancelled caller waits for the response, since only that says what was stored.

    Raises:
        ConnectionLost: There was no response, so the outcome is unknown.
    """
    try:
        await to_its_end(client.commit(), CLEANUP_SECONDS)
    except asyncio.CancelledError:
        if not client.state.committed:
            client.state.lose_outcome()
        raise
    except (ConnectionLost, QueryTimeout) as error:
        if isinstance(error, QueryTimeout) and isinstance(error.__cause__, asyncpg.PostgresError):
            raise  # the server rolled back
        raise client.state.lose_outcome() from error


async def _roll_back(client: "Transaction") -> None:
    """Roll back; a connection that cannot is dropped, so that the caller's own error is the one raised."""
    try:
        async with asyncio.timeout(CLEANUP_SECONDS):
            await client.rollback()
    except (TimeoutError, BaseORMException):
        log.warning("connection.dropped", extra={"reason": "it could not be rolled back"})
        drop(client._connection)


class Transaction(TransactionMixin, TransactionWrapper):
    """What queries inside a transaction run on."""

    executor_class = PostgresExecutor

    def __init__(self, connection: AsyncpgDBClient, state: TransactionState | None = None) -> None:
        super().__init__(connection)
        self.fetch_inserted = connection.fetch_inserted
        self.failures: Any = connection.failures.of_transaction()  # type: ignore[attr-defined]
        self.readonly = getattr(connection, "readonly", False)
        self.state = state or TransactionState()

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        """The transaction's own connection, for one statement at a time."""
        self.state.require_usable()
        return super().acquire_connection()

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[dict[str, Any]]]:
        """The number of rows, and the rows of a statement that returns some."""
        if not query.startswith(_SHORT):
            return await super().execute_query(query, values)  # type: ignore[no-any-return]  # upstream's decorator
        if query.startswith(_COUNTED):
            status = await self._send("execute", query, values)
            return int(status.rpartition(" ")[2]), []
        rows = await self._send("fetch", query, values)
        return len(rows), rows

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """The rows."""
        return [dict(row) for row in await self._send("fetch", query, values)]

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        """The row that the statement returns."""
        return await self._send("fetchrow", query, values)

    async def _send(self, method: str, query: str, values: Sequence[Any] | None) -> Any:
        """What the connection's method returns. Tortoise's own way passes four more coroutines."""
        try:
            self.state.require_usable()
            async with self._lock:
                self.log.debug("%s: %s", query, values)
                with translated():
                    return await getattr(self._connection, method)(query, *(values or ()))
        except BaseException as error:
            self._note(error)
            raise

    async def execute_many(self, query: str, values: Sequence[Any]) -> None:
        """Run the query for each row of values, in batches: asyncpg 0.32 loses a cancellation while it sends."""
        for rows in batched(values, ROWS_AT_ONCE):
            await super().execute_many(query, list(rows))

    async def begin(self) -> None:
        """BEGIN, or SAVEPOINT when nested."""
        self.transaction = self._connection.transaction(isolation=self.isolation, readonly=self.readonly)
        with translated():
            await self.transaction.start()

    async def rollback(self) -> None:
        """ROLLBACK, to the savepoint when nested."""
        with translated():
            await super().rollback()

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            with translated():
                return await func(self, *args, **kwargs)
        except BaseException as error:
            self._note(error)
            raise

    def _note(self, error: BaseException) -> None:
        """Remember that a statement failed."""
        self.state.failed = True
        self.failures.note(error, readonly=self.readonly)
