"""Clients that press on, and what they saw."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any

from httpx2 import AsyncClient, Response

USERS = "/chaos/users"
WRITERS = 20
PATIENCE_SECONDS = 10.0  # of a client; above the service's own deadline for a request
NO_ANSWER = 0  # in place of a status, when the client's patience was over
STUBBORN_SECONDS = 2.0  # a request that does not end by then although it was cancelled is left behind
PAUSE_AFTER_FAILURE_SECONDS = 0.005

type Request = Callable[[], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Outcome:
    """One request: its status, when it was answered and after how long, in seconds."""

    status: int
    answered_at: float
    seconds: float
    retry_after: bool


async def call(request: Coroutine[Any, Any, Response], *, patience: float = PATIENCE_SECONDS) -> Outcome:
    """Await one request in a separate task, as a server does; cancels it after `patience` seconds."""
    begun = time.perf_counter()
    task = asyncio.ensure_future(request)
    await asyncio.wait([task], timeout=patience)
    status, retry_after = NO_ANSWER, False
    if task.done():
        status, retry_after = task.result().status_code, "Retry-After" in task.result().headers
    else:
        task.cancel()
        await asyncio.wait([task], timeout=STUBBORN_SECONDS)
    ended = time.perf_counter()
    return Outcome(status, ended, ended - begun, retry_after)


@dataclass
class Tally:
    """All that the clients saw.

    Attributes:
        acknowledged: What was answered with 201, by its unique name.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)

    def count(self, *statuses: int) -> int:
        """How many requests were answered so."""
        return sum(outcome.status in statuses for outcome in self.outcomes)

    def longest(self) -> float:
        """The slowest request, in seconds."""
        return max((outcome.seconds for outcome in self.outcomes), default=0.0)

    def statuses(self) -> dict[int, int]:
        """How often each status was seen."""
        return dict(Counter(outcome.status for outcome in self.outcomes))

    def first_success_after(self, moment: float) -> float | None:
        """Seconds from `moment`, by `time.perf_counter`, to the next success, or None."""
        later = [
            outcome.answered_at - moment
            for outcome in self.outcomes
            if outcome.answered_at >= moment and HTTPStatus(outcome.status or 500).is_success
        ]
        return min(later, default=None)

    async def success_after(self, moment: float, *, within: float) -> float:
        """As `first_success_after`, waiting for it; `within` when none came in time."""
        while (seconds := self.first_success_after(moment)) is None:
            if time.perf_counter() > moment + within:
                break
            await asyncio.sleep(0.005)
        return within if seconds is None else seconds


@asynccontextmanager
async def writers(client: AsyncClient, number: int = WRITERS) -> AsyncGenerator[Tally]:
    """Clients that add users one after the other until the block ends."""
    tally, numbers, stopped = Tally(), count(1), asyncio.Event()

    async def write() -> None:
        while not stopped.is_set():
            name = f"c{next(numbers)}"
            outcome = await call(client.post(USERS, params={"name": name}))
            tally.outcomes.append(outcome)
            if outcome.status == HTTPStatus.CREATED:
                tally.acknowledged.add(name)
            else:
                await asyncio.sleep(PAUSE_AFTER_FAILURE_SECONDS)

    tasks = [asyncio.create_task(write()) for _ in range(number)]
    try:
        yield tally
    finally:
        stopped.set()
        await asyncio.wait(tasks, timeout=PATIENCE_SECONDS + 1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def call_all(requests: Iterable[Request], *, at_once: int, patience: float = PATIENCE_SECONDS) -> Tally:
    """Send these requests, `at_once` at a time."""
    tally, left = Tally(), iter(requests)

    async def work() -> None:
        for request in left:
            tally.outcomes.append(await call(request(), patience=patience))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return tally
