"""The connections of one worker: their number has a limit, and each is looked at every second."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

SWEEP_SECONDS = 1.0  # a limit of a connection may be exceeded by this much
log = logging.getLogger(__name__)


class Connection(Protocol):
    """A connection of a client."""

    def abort(self) -> None:
        """Close it now, whatever is still to be sent."""

    def sweep(self, now: float) -> None:
        """End it if something takes too long; `now` is the loop's time."""


class Connections:
    """All connections of one worker.

    Args:
        most: How many may be open, 1 or more.
        rejected: Counts what was closed, by the reason; each second's are logged in one line.
    """

    def __init__(self, most: int, rejected: Counter[str]) -> None:
        self._most = most
        self._rejected = rejected
        self._unlogged: Counter[str] = Counter()
        self._open: dict[Connection, None] = {}
        self._idle: dict[Connection, None] = {}  # the one that has been idle longest comes first
        self._sweep: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._open)

    def opened(self, connection: Connection) -> None:
        """A new one, idle until its first request is whole."""
        self._open[connection] = self._idle[connection] = None
        if len(self._open) > self._most:
            self.close(next(iter(self._idle)), "connections-full")
        if self._sweep is None:
            self._sweep = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep_all)

    def busy(self, connection: Connection) -> None:
        """It has sent a whole request."""
        self._idle.pop(connection, None)

    def idle(self, connection: Connection) -> None:
        """Its response is sent."""
        if connection in self._open:
            self._idle[connection] = None

    def closed(self, connection: Connection) -> None:
        """It is gone."""
        self._open.pop(connection, None)
        self._idle.pop(connection, None)

    def close(self, connection: Connection, reason: str) -> None:
        """Close one without a response."""
        self._rejected[reason] += 1
        self._unlogged[reason] += 1
        self.closed(connection)
        connection.abort()

    def _sweep_all(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._sweep = loop.call_later(SWEEP_SECONDS, self._sweep_all) if self._open else None
        for connection in list(self._open):
            connection.sweep(now)
        if self._unlogged:
            log.warning("connections.closed", extra={"reasons": dict(self._unlogged)})
            self._unlogged.clear()
