"""Nested transactions: savepoints inside savepoints.

If two tasks each open a nested block at the same time, the blocks interleave: asyncpg says "another operation is in
progress", and SQLite silently loses the sibling's rows (Tortoise 1.1). Here the second one raises.

After a failed statement Postgres only rolls back, and its COMMIT does so without an error. Here leaving such a block
raises, on both databases; a nested block around the statement makes it possible to go on.
"""

import contextlib
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient, NestedTransactionContext, TransactionalDBClient
from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException, TransactionManagementError

from tortoise_kit.db.engines.transaction_state import FAILED, TransactionState, forbid_generators
from tortoise_kit.db.translation import translated

PARALLEL = (
    "Another task has a nested transaction open on this connection. Run nested transactions one after the other, or "
    "open a separate transaction in each task."
)
UNFINISHED = "A task that was started in this nested transaction still has one open; await the task first."

_innermost: ContextVar[object | None] = ContextVar("innermost_savepoint", default=None)


def open_block(
    connection: BaseDBAsyncClient, *, isolation: str | None, readonly: bool
) -> AbstractAsyncContextManager[TransactionalDBClient]:
    """The block to enter: a transaction, or a savepoint where `connection` is in one.

    Raises:
        TransactionManagementError: `isolation` or `readonly` is set for a savepoint.
    """
    block: Any = connection._in_transaction()
    if not isinstance(block, NestedTransactionContext):
        client = getattr(block, "client", None) or block.connection
        client.isolation, client.readonly = isolation, readonly
    elif isolation or readonly:
        message = "isolation and readonly belong to the outermost transaction; this one is nested."
        raise TransactionManagementError(message)
    opened: AbstractAsyncContextManager[TransactionalDBClient] = block
    return opened


def leave_transactions() -> None:
    """Let the current context use each connection outside all transactions."""
    connections = get_connections()
    for alias in connections.db_config:
        client = connections.get(alias)
        while isinstance(client, TransactionalDBClient):
            client = client._parent
            connections.set(alias, client)


class TransactionMixin:
    """What the transactions of both engines have in common, in front of Tortoise's class.

    Attributes:
        isolation: `read_committed`, `repeatable_read`, `serializable`; None for the server's default. SQLite, with one
            writer at a time, is always serializable.
        readonly: Whether it may only read.
        state: What it shares with the blocks nested in it.
    """

    isolation: str | None = None
    readonly: bool = False
    state: TransactionState
    _parent: Any  # Tortoise's: the client, or the transaction that this one is nested in

    async def commit(self) -> None:
        """COMMIT, or RELEASE when nested; a violated deferred constraint is reported here."""
        self.state.require_committable()
        with translated():
            await super().commit()  # type: ignore[misc]  # Tortoise's
        self.state.committed = not isinstance(self._parent, TransactionalDBClient)

    def _in_transaction(self) -> "Savepoint":
        nested: Any = type(self)
        return Savepoint(nested(self, self.state), self.state)


class ManyInTransactionMixin:
    """For the clients of both engines, in front of Tortoise's class."""

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """Run the query for each row of values: for all or none, also when it is cancelled."""
        block: Any = self
        async with block._in_transaction() as transaction:
            await transaction.execute_many(query, values)


class Savepoint(NestedTransactionContext):
    """One nested block. Any error rolls it back, TransactionManagementError too, after which Tortoise would commit.

    A task inherits the savepoint that it was started in. So a block may be opened by the task that holds the innermost
    one, or by a task started inside it, but not by one beside it.

    Raises:
        TransactionManagementError: Another task has a nested block open on this connection, the transaction has ended,
            a statement failed, or the block is written in an async generator.
    """

    def __init__(self, client: TransactionalDBClient, state: TransactionState) -> None:
        super().__init__(client)
        self._state = state
        self._outer: object | None = None
        self._hooks_before = len(state.hooks)

    async def __aenter__(self) -> TransactionalDBClient:
        forbid_generators()
        open_blocks = self._state.savepoints
        self._state.require_usable()
        self._outer = _innermost.get() if open_blocks else None
        if open_blocks and open_blocks[-1] is not self._outer:
            raise TransactionManagementError(PARALLEL)
        open_blocks.append(self)
        try:
            await self.client.savepoint()
        except BaseException:
            open_blocks.remove(self)
            raise
        _innermost.set(self)
        return self.client

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        _innermost.set(self._outer)
        unfinished = self._leave()
        if self.client._finalized:
            return
        if exc_type is None and not unfinished and not self._state.failed:
            await self.client.release_savepoint()
            return
        del self._state.hooks[self._hooks_before :]
        # The caller's error matters more; the outer block rolls back what this one could not.
        with contextlib.suppress(BaseORMException):
            await self.client.savepoint_rollback()
            if exc_type is not None:
                self._state.failed = False
        if exc_type is None:
            raise TransactionManagementError(UNFINISHED if unfinished else FAILED)

    def _leave(self) -> bool:
        """Close this block and those inside it; whether there were any."""
        open_blocks = self._state.savepoints
        position = open_blocks.index(self)
        unfinished = position + 1 < len(open_blocks)
        del open_blocks[position:]
        return unfinished
