"""Reads from a Postgres replica, as long as it is there and fresh.

Tortoise asks `ReplicaRouter` where a query goes. Outside transactions, and before the request has written anything,
reads go to the replica; all else goes to the primary. While the replica is away or lags, its client reads from the
primary instead: callers do not notice.
"""

import asyncio
import contextlib
import logging
from collections import deque
from contextvars import ContextVar
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.models import Model

from tortoise_kit.db.engines.asyncpg_backend import Client
from tortoise_kit.db.errors import ConnectionLost, DatabaseError
from tortoise_kit.sql.recording import suppressed

PRIMARY, REPLICA = "default", "replica"
CHECK_SECONDS = 1.0  # how long "is it fresh" is remembered; a check is one small query on each server
CHECK_TIMEOUT_SECONDS = 0.5

log = logging.getLogger(__name__)

_wrote: ContextVar[bool] = ContextVar("wrote", default=False)


class ReplicaRouter:
    """Where a query goes. A request or task that has written reads from the primary, so that it sees its writes."""

    def db_for_read(self, model: type[Model]) -> str:  # noqa: ARG002 -- Tortoise's signature
        """The replica, unless this task is in a transaction or has written."""
        in_transaction = isinstance(get_connection(PRIMARY), TransactionalDBClient)
        return PRIMARY if in_transaction or _wrote.get() else REPLICA

    def db_for_write(self, model: type[Model]) -> str:  # noqa: ARG002 -- Tortoise's signature
        """The primary, also for what this task reads from now on."""
        _wrote.set(True)
        return PRIMARY


class Freshness:
    """How far a replica is behind, measured by the positions that the primary's log had at known times.

    The replica's own clock cannot measure it: it looks late when nobody writes, and fresh when it is cut off.

    Args:
        samples: Positions kept; with one a second, also the longest lag that can be measured, in seconds.
    """

    def __init__(self, samples: int = 120) -> None:
        self._positions: deque[tuple[float, int]] = deque(maxlen=samples)

    def note(self, now: float, position: int) -> None:
        """Note that the primary's log is at `position`, in bytes, at `now`, in seconds."""
        self._positions.append((now, position))

    def lag(self, now: float, replayed: int) -> float:
        """Seconds since the primary was where the replica is; infinite when that was before the oldest sample."""
        reached = [time for time, position in self._positions if position <= replayed]
        return now - reached[-1] if reached else float("inf")


class ReplicaClient(Client):
    """The replica's client; each read falls back to the primary.

    Args:
        max_lag: Seconds that the replica may be behind.
        credentials: As for the engine.
    """

    writes = False

    def __init__(self, *, max_lag: float, **credentials: Any) -> None:
        super().__init__(**credentials)
        self.max_lag = max_lag
        self._freshness = Freshness()
        self.lag: float | None = None  # seconds, when it was last checked
        self._usable = True
        self._checked_at = float("-inf")

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[dict[str, Any]]]:
        """As the engine's, from the primary while the replica cannot be used."""
        if await self._is_usable():
            with contextlib.suppress(ConnectionLost):
                found: tuple[int, list[dict[str, Any]]] = await super().execute_query(query, values)
                return found
            self._leave("it does not respond")
        result: tuple[int, list[dict[str, Any]]] = await _primary().execute_query(query, values)
        return result

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """As the engine's, from the primary while the replica cannot be used."""
        if await self._is_usable():
            with contextlib.suppress(ConnectionLost):
                rows: list[dict[str, Any]] = await super().execute_query_dict(query, values)
                return rows
            self._leave("it does not respond")
        result: list[dict[str, Any]] = await _primary().execute_query_dict(query, values)
        return result

    async def _is_usable(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._checked_at >= CHECK_SECONDS:
            self._checked_at = now  # other readers use the last result meanwhile
            with suppressed():
                await self._check(now)
        return self._usable

    async def _check(self, now: float) -> None:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                written = await _primary().execute_query_dict("SELECT pg_current_wal_lsn() - '0/0' AS bytes")
                replayed = await super().execute_query_dict(
                    "SELECT coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0' AS bytes, pg_is_in_recovery() AS standby"
                )
        except (TimeoutError, DatabaseError):
            self._leave("it does not respond")
            return
        self._freshness.note(now, int(written[0]["bytes"]))
        lag = self._freshness.lag(now, int(replayed[0]["bytes"])) if replayed[0]["standby"] else 0.0
        self.lag = lag
        if lag > self.max_lag:
            self._leave(f"it is {lag:.1f} s behind")
        elif not self._usable:
            log.warning("replica.back")
            self._usable = True

    def _leave(self, reason: str) -> None:
        if self._usable:
            log.warning("replica.left", extra={"reason": reason})
        self._usable = False


def _primary() -> Any:
    return get_connection(PRIMARY)


client_class = ReplicaClient
