"""What all blocks of one transaction share: who may open one, whether it goes on, and what follows its COMMIT."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from inspect import CO_ASYNC_GENERATOR, currentframe
from typing import Any

from tortoise.exceptions import TransactionManagementError

from tortoise_kit.db.errors import ConnectionLost

HOOK_SECONDS = 5.0  # for one hook, below a request's deadline

ENDED = "The transaction has ended; start a task that outlives it with `start_task` of `tortoise_kit.db`."
FAILED = (
    "A statement in this transaction failed, so it can only be rolled back. To go on after an error, run the statement "
    "in a nested transaction."
)
GENERATOR = (
    "A transaction inside an async generator stays open between two values: what the consumer writes would be part of "
    "it, and a consumer that stops early would never end it. Move the block into a coroutine function that the "
    "generator awaits, or into the consumer."
)
UNKNOWN_OUTCOME = "The outcome of a COMMIT is unknown: the transaction may have been committed."
_CONTEXT_MANAGER = ("__aenter__", "__aexit__")
_ENTERING = ("__aenter__", "enter_async_context")

log = logging.getLogger(__name__)

type Hook = Callable[[], Awaitable[None]]

_tasks: set[asyncio.Task[Any]] = set()  # the event loop holds tasks weakly


def keep[T](task: asyncio.Task[T]) -> asyncio.Task[T]:
    """Keep a task alive until it ends."""
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


def forbid_generators() -> None:
    """Raise TransactionManagementError if the block that is being entered is written in an async generator.

    A generator shares its consumer's context, so between two values the consumer would be in the transaction, and its
    `finally` runs at some later time, in another context (CPython issue 118944). Functions that `asynccontextmanager`
    wraps, and FastAPI's dependencies with it, are generators too, but one that `async with` leaves in time.
    """
    entering = currentframe()
    frame = entering and entering.f_back and entering.f_back.f_back
    while frame is not None:
        code, frame = frame.f_code, frame.f_back
        if code.co_flags & CO_ASYNC_GENERATOR:
            if frame is None or frame.f_code.co_name not in _CONTEXT_MANAGER:
                raise TransactionManagementError(GENERATOR)
        elif code.co_name not in _ENTERING:
            return


@dataclass
class TransactionState:
    """What all blocks of one transaction share.

    Attributes:
        savepoints: The open nested blocks, outermost first.
        failed: Whether a statement failed since the innermost savepoint.
        ended: Whether the outermost block is left; nothing runs in it from then on.
        committed: Whether the database confirmed COMMIT.
        hooks: Called after COMMIT; a nested block that is rolled back removes those it added.
    """

    savepoints: list[object] = field(default_factory=list)
    failed: bool = False
    ended: bool = False
    committed: bool = False
    hooks: list[Hook] = field(default_factory=list)

    def require_usable(self) -> None:
        """Raise TransactionManagementError if the transaction has ended."""
        if self.ended:
            raise TransactionManagementError(ENDED)

    def require_committable(self) -> None:
        """Raise TransactionManagementError if a statement failed, so that COMMIT would roll back."""
        if self.failed:
            raise TransactionManagementError(FAILED)

    def lose_outcome(self) -> ConnectionLost:
        """Log that the outcome of COMMIT is unknown, and which hooks are not called; the error that says so."""
        log.error("commit.unknown", extra={"reason": UNKNOWN_OUTCOME, "hooks": names(self.hooks)})
        return ConnectionLost(UNKNOWN_OUTCOME)

    def start_hooks(self) -> Awaitable[None] | None:
        """Start the hooks, if COMMIT is confirmed and there are any; they go on when their awaiter is cancelled."""
        if not (self.committed and self.hooks):
            return None
        return asyncio.shield(keep(asyncio.create_task(_run(self.hooks))))


async def _run(hooks: Sequence[Hook]) -> None:
    """Call the hooks in turn, each for a limited time; what one raises can only be logged."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 -- this is a coroutine
    for position, hook in enumerate(hooks):
        try:
            async with asyncio.timeout(HOOK_SECONDS):
                await hook()
        except (Exception, asyncio.CancelledError):
            if task.cancelling():
                log.error("hook.unfinished", extra={"hooks": names(hooks[position:])})  # noqa: TRY400 -- no bug
                raise
            log.exception("hook.failed", extra={"hook": names([hook])})


def names(hooks: Sequence[Hook]) -> str:
    """The names of hooks, for a log; never their arguments, which may hold secrets."""
    functions = [getattr(hook, "func", hook) for hook in hooks]  # of a functools.partial
    found = [f"{each.__module__}.{getattr(each, '__qualname__', type(each).__qualname__)}" for each in functions]
    return ", ".join(found) or "none"


async def to_its_end[T](work: Coroutine[Any, Any, T], seconds: float) -> T:
    """The result of `work`. A cancelled caller waits for it at most this long, and is cancelled then.

    Raises:
        CancelledError: The caller was cancelled, whether or not the work was done.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.Task(work, loop=loop, eager_start=True)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        keep(task).add_done_callback(_retrieve)
        ends = loop.time() + seconds
        while not task.done() and (left := ends - loop.time()) > 0:
            with contextlib.suppress(asyncio.CancelledError):  # the caller is being cancelled already
                await asyncio.wait([task], timeout=left)
        task.cancel()
        raise


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Retrieve an error that nobody awaits, so that asyncio does not warn about it."""
    if not task.cancelled():
        task.exception()
