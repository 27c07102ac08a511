"""Cancelling a task at a chosen place: at its n-th wait, not after some milliseconds."""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any, Literal

type Moment = Literal["waiting", "arrived"]
"""`waiting`: while it waits. `arrived`: what it waits for is there, and the task has not heard of it yet."""


class CancelledAt[T]:
    """Awaits `work` and cancels the task that does so at its n-th wait; the first is 1.

    Attributes:
        waits: How many waits there were so far; fewer than `step` at the end means that nothing was cancelled.
    """

    def __init__(self, work: Awaitable[T], step: int, moment: Moment) -> None:
        self._work = work
        self._step = step
        self._moment = moment
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, T]:
        inner = self._work.__await__()
        error: BaseException | None = None
        while True:
            try:
                waited_for = next(inner) if error is None else inner.throw(error)
            except StopIteration as end:
                result: T = end.value
                return result
            self.waits += 1
            if self.waits == self._step:
                self._cancel_soon(waited_for)
            try:
                yield waited_for
            except BaseException as thrown:  # noqa: BLE001 -- it belongs to the work
                error = thrown
            else:
                error = None

    def _cancel_soon(self, waited_for: object) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._moment == "arrived" and isinstance(waited_for, asyncio.Future):
            # Before the task's own callback, which it adds after this.
            waited_for.add_done_callback(lambda _: task.cancel())
        else:
            # By then the task waits.
            asyncio.get_running_loop().call_soon(task.cancel)
