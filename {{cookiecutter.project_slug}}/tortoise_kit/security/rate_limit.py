"""A limit on how often something is attempted: a moving window in the memory of one process.

Each worker counts separately, so N workers allow up to N times as many attempts. Where that matters, use one of the
shared storages of `limits`, such as Redis.
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


def _parse_rate(text: str) -> RateLimitItem:
    try:
        item = parse(text)
    except ValueError as error:
        message = f"{text!r} is not a rate; write it as 5/minute or 20 per 10 minutes"
        raise ValueError(message) from error
    if not 1 <= item.amount <= MOST_ATTEMPTS:
        message = f"{text!r} must allow 1 to {MOST_ATTEMPTS} attempts"
        raise ValueError(message)
    return item


class BoundedMemory(MemoryStorage):
    """Attempts of at most `most_keys` keys; beyond that, the key whose last attempt is oldest is forgotten.

    The library's own storage keeps every key until its window ends, and searches all of them after each attempt, in a
    thread: a client that tries many names would fill the memory and keep the worker busy.
    """

    def __init__(self, *, most_keys: int) -> None:
        super().__init__()
        self.most_keys = most_keys

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Record an attempt if the window has room for it. Nothing is awaited, so no lock is needed."""
        begins = time.time() - expiry
        recent = [entry for entry in self.events.pop(key, []) if entry.atime >= begins]
        granted = len(recent) + amount <= limit
        self.events[key] = [*([Entry(expiry)] * amount if granted else []), *recent]  # newest first, and last in turn
        if len(self.events) > self.most_keys:
            del self.events[next(iter(self.events))]
        return granted


class RateLimiter:
    """Limits attempts by key; a rejected attempt does not count.

    Args:
        rate: For example `5/minute` or `20 per 10 minutes`, up to 10 000 attempts.
        most_keys: Keys that are remembered, 1 or more. A client can make the limiter forget a key only by attempts with
            as many other keys.

    Raises:
        ValueError: `rate` is not a rate, or allows more than 10 000 attempts, each of which would be kept.
    """

    def __init__(self, rate: str, *, most_keys: int = MOST_KEYS) -> None:
        self._item = _parse_rate(rate)
        self.limiter = MovingWindowRateLimiter(BoundedMemory(most_keys=most_keys))

    async def hit(self, key: str) -> None:
        """Count one attempt.

        Raises:
            TooManyRequests: There were too many with this key; `Retry-After` says when the next one is allowed.
        """
        if not await self.limiter.hit(self._item, key):
            window = await self.limiter.get_window_stats(self._item, key)
            detail = "Too many attempts; try again later."
            raise TooManyRequests(
                detail, kind="too-many-attempts", retry_after=max(1, math.ceil(window.reset_time - time.time()))
            )
