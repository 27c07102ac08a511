"""Limits on how often something is attempted, counted in a table: for all workers and machines, and over restarts.

A window begins with its first attempt. All limits of one attempt are one statement, which counts nothing if one of
them is reached. What is rejected is remembered in this process, so that a flood does not reach the database.
"""

import hashlib
import hmac
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic, time
from typing import Any, Self

from tortoise.connection import get_connection
from tortoise.models import Model

from tortoise_kit.problems.errors import TooManyRequests
from tortoise_kit.security.attempts_sql import count_attempts, forget_attempts
from tortoise_kit.sql.identifiers import writing_connection

MOST_ATTEMPTS = 10_000
UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}  # in seconds
RATE = re.compile(rf"\s*(\d+)\s*(?:/|per)\s*(?:(\d+)\s*)?({'|'.join(UNITS)})s?\s*", re.ASCII | re.IGNORECASE)
MOST_REJECTED = 10_000  # some megabytes


@dataclass(frozen=True)
class Rate:
    """A number of attempts in a window of some seconds."""

    amount: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rate of a text, such as `5/minute` or `20 per 10 minutes`.

        Raises:
            ValueError: It is not a rate, or not one of 1 to 10 000 attempts.
        """
        found = RATE.fullmatch(text)
        if found is None:
            message = f"{text!r} is not a rate; write it as 5/minute or 20 per 10 minutes"
            raise ValueError(message)
        amount, seconds = int(found[1]), int(found[2] or 1) * UNITS[found[3].lower()]
        if not (1 <= amount <= MOST_ATTEMPTS and seconds):
            message = f"{text!r} must allow 1 to {MOST_ATTEMPTS} attempts"
            raise ValueError(message)
        return cls(amount, seconds)


@dataclass(frozen=True)
class Limit:
    """One limit of an attempt.

    Attributes:
        name: For logs.
        subject: Who attempts what; the table has its keyed hash only.
        rate: How often.
        unless_known: The subject of another limit: it does not apply while an earlier success of that one counts.
    """

    name: str
    subject: str
    rate: Rate
    unless_known: str = ""


class LimitReached(TooManyRequests):
    """One of the limits is reached; `limit` is its name."""

    def __init__(self, limit: str, *, retry_after: int) -> None:
        super().__init__("Too many attempts; try again later.", kind="too-many-attempts", retry_after=retry_after)
        self.limit = limit


class AttemptLimiter:
    """Counts attempts, and rejects those that reach a limit; a rejected attempt does not count.

    Call it outside of transactions, which would keep others waiting for the rows, and roll the counts back.

    Args:
        table: A model derived from `AttemptCount`.
        key: Keys the hashes, so that the table reveals no address.
        most_rejected: Rejections that this process remembers, 1 or more.
    """

    def __init__(self, table: type[Model], *, key: bytes, most_rejected: int = MOST_REJECTED) -> None:
        self._table = table
        self._key = key
        self._most_rejected = most_rejected
        self.rejected: dict[tuple[str, str], float] = {}

    async def count(self, *limits: Limit) -> None:
        """Count an attempt.

        Raises:
            LimitReached: A limit is reached; `Retry-After` is the end of its window, at most the rate's period.
        """
        for each in limits:
            self._reject_again(each)
        counted = await self._execute(*count_attempts(self._table, self._rows(limits), now=time()))
        amounts = {row["key"]: row["attempts"] for row in counted}
        over = [each for each in limits if amounts.get(self._digest(each.subject), 0) > each.rate.amount]
        if not counted or [each for each in over if not each.unless_known]:
            await self._reject(limits)

    async def forget(self, *limits: Limit, known: str = "", known_seconds: float = 0) -> None:
        """Take an attempt back that was no failure.

        Args:
            limits: Those that it was counted with.
            known: The subject that succeeded; its count begins again.
            known_seconds: How long its success counts.
        """
        now, subjects = time(), {each.subject for each in limits} | ({known} if known else set())
        until = {self._digest(each): now + known_seconds if each == known else 0.0 for each in subjects}
        await self._execute(*forget_attempts(self._table, until, now=now))

    async def _reject(self, limits: Sequence[Limit]) -> None:
        """Find the limit that is reached; none, if a window ended in the meantime."""
        now = time()
        keys = [self._digest(each.subject) for each in limits]
        found = {row["key"]: row for row in await self._table.filter(key__in=keys).values()}
        for each, key in zip(limits, keys, strict=True):
            row, known = found.get(key), found.get(self._digest(each.unless_known))
            waived = known is not None and known["known_until"] > now
            if row is None or waived or row["attempts"] < each.rate.amount or row["resets_at"] <= now:
                continue
            wait = min(row["resets_at"] - now, each.rate.seconds)
            self.rejected[each.subject, each.unless_known] = monotonic() + wait
            if len(self.rejected) > self._most_rejected:
                del self.rejected[next(iter(self.rejected))]
            raise LimitReached(each.name, retry_after=max(1, math.ceil(wait)))
        raise LimitReached(limits[0].name, retry_after=1)

    def _reject_again(self, limit: Limit) -> None:
        until = self.rejected.get((limit.subject, limit.unless_known))
        if until is None:
            return
        wait = until - monotonic()
        if wait > 0:
            raise LimitReached(limit.name, retry_after=math.ceil(wait))
        del self.rejected[limit.subject, limit.unless_known]

    def _rows(self, limits: Sequence[Limit]) -> list[tuple[str, int, float, str]]:
        return [
            (self._digest(each.subject), each.rate.amount, float(each.rate.seconds), self._digest(each.unless_known))
            for each in limits
        ]

    def _digest(self, subject: str) -> str:
        return hmac.digest(self._key, subject.encode(), hashlib.sha256).hex() if subject else ""

    async def _execute(self, statement: str, parameters: list[Any]) -> list[dict[str, Any]]:
        return await get_connection(writing_connection(self._table)).execute_query_dict(statement, parameters)
