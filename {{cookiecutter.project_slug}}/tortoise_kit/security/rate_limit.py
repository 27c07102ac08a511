"""A limit on how often something is attempted: a moving window in the memory of one process.

It runs by the monotonic clock: when the machine's clock is set, nobody waits longer, or less. A wait is never longer
than the rate's own period. Nothing is kept beyond `most_keys`: a client that tries many names cannot fill the memory.

Each worker counts separately, so N workers allow up to N times as many attempts. Where that matters, use one of the
shared storages of the package `limits`, such as Redis.
"""

import math
from time import monotonic

from limits import RateLimitItem, parse

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


class RateLimiter:
    """Limits attempts by key; a rejected attempt does not count.

    Args:
        rate: For example `5/minute` or `20 per 10 minutes`, up to 10 000 attempts.
        most_keys: Keys that are remembered, 1 or more. A client can make the limiter forget a key only by attempts with
            as many other keys.

    Attributes:
        attempts: The times of what was attempted in the last window, by key.

    Raises:
        ValueError: `rate` is not a rate, or allows more than 10 000 attempts, each of which would be kept.
    """

    def __init__(self, rate: str, *, most_keys: int = MOST_KEYS) -> None:
        item = _parse_rate(rate)
        self._amount, self._seconds = item.amount, item.get_expiry()
        self._most_keys = most_keys
        self.attempts: dict[str, list[float]] = {}  # the key that was tried last is last

    async def hit(self, key: str) -> None:
        """Count one attempt.

        Raises:
            TooManyRequests: There were too many with this key; `Retry-After` says when the next one is allowed.
        """
        now = monotonic()
        recent = [attempt for attempt in self.attempts.pop(key, []) if attempt > now - self._seconds]
        granted = len(recent) < self._amount
        self.attempts[key] = [*recent, now] if granted else recent
        if len(self.attempts) > self._most_keys:
            del self.attempts[next(iter(self.attempts))]
        if not granted:
            detail = "Too many attempts; try again later."
            wait = max(1, math.ceil(recent[0] + self._seconds - now))
            raise TooManyRequests(detail, kind="too-many-attempts", retry_after=wait)
