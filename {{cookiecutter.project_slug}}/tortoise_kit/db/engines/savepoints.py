"""What the blocks of one transaction share, and its nested blocks: savepoints, one inside the other.

Two tasks that open a nested block each at the same time would interleave: asyncpg says "another operation is in
progress", and on SQLite the sibling's rows are lost without a word (Tortoise 1.1). Here the second one is refused.

A statement that failed ends a transaction on Postgres, and its COMMIT rolls back without an error. Here leaving such a
block says so, on both databases; a nested block around the statement makes going on possible.
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import TracebackType

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient
from tortoise.exceptions import BaseORMException, TransactionManagementError

ENDED = "The transaction has ended: a task that outlives it is started with `tortoise_kit.db.transactions.start_task`."
FAILED = (
    "A statement in this transaction failed, so it can only be rolled back: to go on after an error, put the statement "
    "into a nested transaction."
)
PARALLEL = (
    "Another task has a nested transaction open on this connection: run nested transactions one after the other, or "
    "give each task a transaction of its own."
)
UNFINISHED = "A task that was started in this nested transaction still has one open: await it first."

log = logging.getLogger(__name__)

type Hook = Callable[[], Awaitable[None]]

_innermost: ContextVar[object | None] = ContextVar("innermost_savepoint", default=None)


@dataclass
class TransactionState:
    """What all blocks of one transaction share.

    Attributes:
        savepoints: The open nested blocks, outermost first.
        failed: Whether a statement failed since the innermost savepoint.
        ended: Whether the outermost block is left; nothing runs in it any more.
        hooks: What to do after COMMIT; a nested block that is rolled back takes its own along.
    """

    savepoints: list[object] = field(default_factory=list)
    failed: bool = False
    ended: bool = False
    hooks: list[Hook] = field(default_factory=list)

    def require_usable(self) -> None:
        """Refuse to run a statement after the end.

        Raises:
            TransactionManagementError: The transaction has ended.
        """
        if self.ended:
            raise TransactionManagementError(ENDED)

    def require_committable(self) -> None:
        """Refuse to commit what would be rolled back.

        Raises:
            TransactionManagementError: A statement failed.
        """
        if self.failed:
            raise TransactionManagementError(FAILED)

    async def run_hooks(self) -> None:
        """Call the hooks in turn, after the connection was given back; what one raises can only be logged."""
        for hook in self.hooks:
            try:
                await hook()
            except Exception:
                log.exception("A hook after COMMIT failed: %r", hook)


class Savepoint(NestedTransactionContext):
    """One nested block. Any error rolls it back, also one of transaction management, which Tortoise would commit.

    A task inherits the savepoint it was started in. So a block may be opened by the task that holds the innermost one
    or by a task that was started inside of it, and not beside it.

    Raises:
        TransactionManagementError: Another task has a nested block open on this connection, or a statement failed.
    """

    def __init__(self, client: TransactionalDBClient, state: TransactionState) -> None:
        super().__init__(client)
        self._state = state
        self._outer: object | None = None
        self._hooks_before = len(state.hooks)

    async def __aenter__(self) -> TransactionalDBClient:
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
        # The error to tell is the caller's; the outer block rolls back what this one could not.
        with contextlib.suppress(BaseORMException):
            await self.client.savepoint_rollback()
            if exc_type is not None:
                self._state.failed = False
        if exc_type is None:
            raise TransactionManagementError(UNFINISHED if unfinished else FAILED)

    def _leave(self) -> bool:
        """Close this block and those inside of it; whether there were any."""
        open_blocks = self._state.savepoints
        position = open_blocks.index(self)
        unfinished = position + 1 < len(open_blocks)
        del open_blocks[position:]
        return unfinished
