"""A limit on how often something is tried: by moving windows, in the memory of one process.

Each worker counts for itself, so with N of them up to N times as many attempts pass. `limits` has storages that all
workers share, such as Redis; give the limiter one of those where that matters.
"""

import math
import time

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.storage.memory import Entry
from limits.aio.strategies import MovingWindowRateLimiter

from tortoise_kit.problems.errors import TooManyRequests

MOST_KEYS = 10_000  # a few megabytes at 10 attempts each
MOST_ATTEMPTS = 10_000


def rate(text: str) -> RateLimitItem:
    """What a text such as `5/minute` or `20 per 10 minutes` says.

    Raises:
        ValueError: It says nothing, or more than 10 000 attempts, each of which would be kept.
    """
    try:
        item = parse(text)
    except ValueError as error:
        message = f"{text!r} is no rate; write it as 5/minute or 20 per 10 minutes"
        raise ValueError(message) from error
    if not 1 <= item.amount <= MOST_ATTEMPTS:
        message = f"{text!r} must allow 1 to {MOST_ATTEMPTS} attempts"
        raise ValueError(message)
    return item


class BoundedMemory(MemoryStorage):
    """Attempts of at most so many keys; of more, the ones that were tried longest ago are forgotten.

    The library's own storage keeps every key until its window ends, and after each attempt looks through all of them,
    each in a thread: whoever tries many names would fill the memory and busy the worker.
    """

    def __init__(self, *, most_keys: int) -> None:
        super().__init__()
        self.most_keys = most_keys

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note an attempt if the window has room for it; there is no pause in it, so no lock is needed."""
        begins = time.time() - expiry
        recent = [entry for entry in self.events.pop(key, []) if entry.atime >= begins]
        granted = len(recent) + amount <= limit
        self.events[key] = [*([Entry(expiry)] * amount if granted else []), *recent]  # newest first, and last in turn
        if len(self.events) > self.most_keys:
            del self.events[next(iter(self.events))]
        return granted


class RateLimiter:
    """Counts attempts by key, and refuses those that are too many; a refused one does not count.

    Args:
        item: How many in what time; see `rate`.
        most_keys: How many keys are remembered. Whoever makes so many attempts with others makes one forgotten.
    """

    def __init__(self, item: RateLimitItem, *, most_keys: int = MOST_KEYS) -> None:
        self._item = item
        self._limiter = MovingWindowRateLimiter(BoundedMemory(most_keys=most_keys))

    async def take(self, key: str) -> None:
        """Note one attempt.

        Raises:
            TooManyRequests: There were too many with this key; `Retry-After` says when the next is welcome.
        """
        if not await self._limiter.hit(self._item, key):
            window = await self._limiter.get_window_stats(self._item, key)
            detail = "There were too many attempts; try again later."
            raise TooManyRequests(
                detail, kind="too-many-attempts", retry_after=max(1, math.ceil(window.reset_time - time.time()))
            )
