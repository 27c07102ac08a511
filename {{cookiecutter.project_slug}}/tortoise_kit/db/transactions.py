"""Transactions: opened by a block, or by a decorator that retries.

async with transaction(isolation="serializable"):     one block; nested, it is a savepoint
@transactional()                                      a function, run again when it lost against another one
after_commit(send_mail)                               called only if the transaction is committed
start_task(work())                                    a task that outlives the transaction
"""

import asyncio
import contextvars
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial, wraps
from inspect import iscoroutinefunction
from typing import Any, Literal

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError

from tortoise_kit.db.engines.savepoints import leave_transactions, open_block
from tortoise_kit.db.engines.transaction_state import Hook, TransactionState, keep
from tortoise_kit.db.errors import RetryableTransactionError
from tortoise_kit.sql.recording import on_retry

type Isolation = Literal["read_committed", "repeatable_read", "serializable"]

CONNECTION = "default"
log = logging.getLogger(__name__)
ATTEMPTS = 5
RETRY_SECONDS = 5.0  # below a request's deadline
# Full jitter: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.01, 1.0


def is_in_transaction(using: str = CONNECTION) -> bool:
    """Whether the caller is inside a transaction of this connection."""
    return isinstance(get_connection(using), TransactionalDBClient)


def transaction(
    *, using: str = CONNECTION, isolation: Isolation | None = None, readonly: bool = False
) -> AbstractAsyncContextManager[TransactionalDBClient]:
    """A transaction around the block: committed at its end, rolled back by any error. Nested, it is a savepoint.

    An async generator may not contain one, unless `asynccontextmanager` wraps it or it is a FastAPI dependency: its
    consumer would be in the transaction between two values, and could leave it open. A caller that is cancelled during
    COMMIT waits for the database's response first, for one second on Postgres.

    Args:
        using: The connection's name in Tortoise's configuration.
        isolation: None for the server's default, which is `read_committed`. SQLite is always serializable.
        readonly: The database rejects writes, except SQLite in memory; on SQLite it waits for no writer.

    Raises:
        TransactionManagementError: `isolation` or `readonly` is set in a nested block; the block is written in an
            async generator; or it ends without an error although a statement failed, which only a nested block
            survives.
        ConnectionLost: The database is away. At the end of the block: it did not respond to COMMIT, so the
            transaction may have been committed; the message says so.
    """
    return open_block(get_connection(using), isolation=isolation, readonly=readonly)


def transactional[**Parameters, Result](
    *,
    using: str = CONNECTION,
    isolation: Isolation | None = None,
    readonly: bool = False,
    attempts: int = ATTEMPTS,
    timeout: float = RETRY_SECONDS,
) -> Callable[[Callable[Parameters, Awaitable[Result]]], Callable[Parameters, Coroutine[Any, Any, Result]]]:
    """Run the function in a transaction, and all of it again after a serialization failure or a deadlock.

    It may run several times, so leave effects outside the database, such as mail, to `after_commit`. Called inside a
    transaction, the function is a nested block and is not retried, since only the whole transaction can be.

    Args:
        using: The connection's name in Tortoise's configuration.
        isolation: As for `transaction`.
        readonly: As for `transaction`.
        attempts: Runs at most, 1 or more.
        timeout: Seconds after the first attempt from which on no further one begins.

    Raises:
        RetryableTransactionError: All attempts failed.
        TypeError: At decoration: it is no coroutine function, but a plain one, a generator or a `classmethod` object.
    """

    def decorate(
        function: Callable[Parameters, Awaitable[Result]],
    ) -> Callable[Parameters, Coroutine[Any, Any, Result]]:
        require_coroutine_function("transactional", function)

        @wraps(function)
        async def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            deadline = asyncio.get_running_loop().time() + timeout
            pauses = iter(()) if is_in_transaction(using) else _pauses(attempts, deadline)
            while True:
                try:
                    async with transaction(using=using, isolation=isolation, readonly=readonly):
                        return await function(*args, **kwargs)
                except RetryableTransactionError:
                    pause = next(pauses, None)
                    if pause is None:
                        raise
                    log.info("transaction.retried", extra={"function": function.__qualname__})
                    await asyncio.sleep(pause)
                    on_retry()

        return run

    return decorate


def require_coroutine_function(caller: str, function: object) -> None:
    """Raise TypeError, in the name of `caller`, for what cannot be awaited once called.

    Coroutine functions are also methods, partials and instances whose `__call__` is one. What a plain function returns
    is known only after it ran, so it is rejected even if it returns a coroutine, as a lambda may.
    """
    while isinstance(function, partial):
        function = function.func
    called = getattr(type(function), "__call__", None)  # noqa: B004 -- of an instance
    if not (iscoroutinefunction(function) or iscoroutinefunction(called)):
        name = getattr(function, "__qualname__", type(function).__qualname__)
        message = (
            f"{caller} needs a coroutine function, and {name} is not one: declare it with `async def` and without "
            "`yield`, pass arguments by functools.partial, and put decorators such as classmethod above."
        )
        raise TypeError(message)


def _pauses(attempts: int, deadline: float) -> Iterator[float]:
    for attempt in range(attempts - 1):
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt + 1))
        pause = random.uniform(FIRST_PAUSE_SECONDS, longest)  # noqa: S311 -- spreads rivals, hides no secret
        if asyncio.get_running_loop().time() + pause > deadline:
            return
        yield pause


def after_commit(hook: Hook, *, using: str = CONNECTION) -> None:
    """Call `hook` once the outermost transaction is committed; not if it, or the nested block, is rolled back.

    Hooks run in turn before the outermost block is left, each for at most 5 seconds. One that fails is logged by name,
    and the next one runs. They run to their end even if the caller is cancelled, and then in the background; those that
    the end of the process cuts off are logged by name.

    Args:
        hook: A coroutine function without arguments; `functools.partial` passes them.
        using: The connection's name in Tortoise's configuration.

    Raises:
        TypeError: `hook` is no coroutine function.
        TransactionManagementError: There is no open transaction.
    """
    require_coroutine_function("after_commit", hook)
    state: TransactionState | None = getattr(get_connection(using), "state", None)
    if state is None or state.ended:
        message = "after_commit needs an open transaction; without one, call the function directly."
        raise TransactionManagementError(message)
    state.hooks.append(hook)


def start_task[T](work: Coroutine[Any, Any, T], *, name: str | None = None) -> asyncio.Task[T]:
    """Start a task with the caller's context variables, such as a request's id, but outside its transactions.

    Args:
        work: The coroutine. The task is kept alive until it ends; its error is logged as `task.failed`, and raised
            where the task is awaited.
        name: The task's name, for logs; that of the coroutine by default.
    """
    context = contextvars.copy_context()
    context.run(leave_transactions)
    task = asyncio.get_running_loop().create_task(
        work, name=name or getattr(work, "__qualname__", None), context=context
    )
    task.add_done_callback(_log_failure, context=context)
    return keep(task)


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task.failed", exc_info=error, extra={"task": task.get_name()})
