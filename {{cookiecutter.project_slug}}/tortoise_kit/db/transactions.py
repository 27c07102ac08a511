"""Transactions: opened by a block, or by a decorator that retries; for a whole request, see `request_transaction.py`.

async with transaction(isolation="serializable"):     one block; nested, it is a savepoint
@transactional()                                      a function, run again when it lost against another one
after_commit(send_mail)                               what must not happen when it is rolled back
start_task(work())                                    a task that outlives the transaction
"""

import asyncio
import contextvars
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Literal

from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import TransactionManagementError

from tortoise_kit.db.engines.savepoints import Hook, TransactionState
from tortoise_kit.db.errors import RetryableTransactionError
from tortoise_kit.sql.recording import on_retry

type Isolation = Literal["read_committed", "repeatable_read", "serializable"]

CONNECTION = "default"
ATTEMPTS = 5
RETRY_WITHIN_SECONDS = 5.0  # below a request's deadline
# Full jitter: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.01, 1.0

_tasks: set[asyncio.Task[Any]] = set()  # the event loop itself holds tasks weakly


def in_transaction(using: str = CONNECTION) -> bool:
    """Whether the caller is inside of a transaction."""
    return isinstance(get_connection(using), TransactionalDBClient)


@asynccontextmanager
async def transaction(
    *, using: str = CONNECTION, isolation: Isolation | None = None, readonly: bool = False
) -> AsyncGenerator[TransactionalDBClient]:
    """A transaction around the block: committed at its end, rolled back by any error. Nested, it is a savepoint.

    Args:
        using: The connection's name in Tortoise's configuration.
        isolation: None for the server's default, which is `read_committed`. SQLite is always serializable.
        readonly: Postgres refuses to write; SQLite does not wait for other writers.

    Raises:
        TransactionManagementError: `isolation` or `readonly` in a nested block, where they cannot be changed any more;
            or the block ends without an error after a statement failed, which only a nested block can survive.
    """
    block = get_connection(using)._in_transaction()
    if isinstance(block, NestedTransactionContext):
        if isolation or readonly:
            message = "isolation and readonly belong to the outermost transaction; this one is nested."
            raise TransactionManagementError(message)
    else:
        client: Any = getattr(block, "client", None) or getattr(block, "connection", None)
        client.isolation, client.readonly = isolation, readonly
    async with block as opened:
        yield opened


def transactional[**Parameters, Result](
    *,
    using: str = CONNECTION,
    isolation: Isolation | None = None,
    readonly: bool = False,
    attempts: int = ATTEMPTS,
    within_seconds: float = RETRY_WITHIN_SECONDS,
) -> Callable[[Callable[Parameters, Awaitable[Result]]], Callable[Parameters, Coroutine[Any, Any, Result]]]:
    """Run the function in a transaction, all of it again when that lost by a serialization failure or a deadlock.

    So what it does outside of the database, it may do several times: leave that to `after_commit`. Called inside of a
    transaction, the function is a nested block and is not retried, since only the whole could be.

    Args:
        using: As for `transaction`, and so are the next two.
        isolation: See there.
        readonly: See there.
        attempts: How often it is run at most, 1 or more.
        within_seconds: No attempt begins later than so long after the first.

    Raises:
        RetryableTransactionError: All attempts lost.
    """

    def decorate(
        function: Callable[Parameters, Awaitable[Result]],
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        @wraps(function)
        async def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            if in_transaction(using):
                async with transaction(using=using, isolation=isolation, readonly=readonly):
                    return await function(*args, **kwargs)
            pauses = _pauses(attempts, within_seconds)
            while True:
                try:
                    async with transaction(using=using, isolation=isolation, readonly=readonly):
                        return await function(*args, **kwargs)
                except RetryableTransactionError:
                    pause = next(pauses, None)
                    if pause is None:
                        raise
                    await asyncio.sleep(pause)
                    on_retry()

        return run

    return decorate


def _pauses(attempts: int, within_seconds: float) -> Any:
    deadline = asyncio.get_running_loop().time() + within_seconds
    for attempt in range(attempts - 1):
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt + 1))
        pause = random.uniform(FIRST_PAUSE_SECONDS, longest)  # noqa: S311 -- spreads rivals, hides no secret
        if asyncio.get_running_loop().time() + pause > deadline:
            return
        yield pause


def after_commit(hook: Hook, *, using: str = CONNECTION) -> None:
    """Call `hook` once the outermost transaction is committed, and never if it, or the nested one, is rolled back.

    Hooks run in turn before the block is left; one that fails is logged and stops nobody, for it is too late.

    Raises:
        TransactionManagementError: There is no open transaction.
    """
    state: TransactionState | None = getattr(get_connection(using), "state", None)
    if state is None or state.ended:
        message = "after_commit needs an open transaction; without one, call the function itself."
        raise TransactionManagementError(message)
    state.hooks.append(hook)


def start_task[T](work: Coroutine[Any, Any, T], *, name: str | None = None) -> asyncio.Task[T]:
    """Start a task that knows what this one knows, a request's id too, but is in none of its transactions."""
    context = contextvars.copy_context()
    context.run(_leave_transactions)
    task = asyncio.get_running_loop().create_task(work, name=name, context=context)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


def _leave_transactions() -> None:
    connections = get_connections()
    for alias in connections.db_config:
        client = connections.get(alias)
        while isinstance(client, TransactionalDBClient):
            client = client._parent
            connections.set(alias, client)
