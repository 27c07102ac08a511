"""Several Postgres hosts, and servers that take no writes: to which one a pool connects, and when it leaves one.

asyncpg has one time limit for all hosts together, so that a silent first host uses it up (asyncpg#1155), and starts
with the first host each time.
"""

import contextlib
import logging
import time
from typing import Any

import asyncpg

from tortoise_kit.db.errors import ConnectionLost, DatabaseError, ReadOnlyDatabase
from tortoise_kit.upstream.asyncpg import LazyPool

WRITABLE = ("primary", "read-write")
READ_ONLY_SECONDS = 1.0  # how long connections to a server that takes no writes are used before new ones are tried
log = logging.getLogger(__name__)
_GOES_ON = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)


class Hosts:
    """Opens connections; the host that fitted last is tried first, and each has its share of the time."""

    def __init__(self) -> None:
        self._last: tuple[str, int] | None = None

    async def connect(
        self,
        *,
        host: Any,
        port: Any,
        timeout: float = 60.0,  # noqa: ASYNC109 -- asyncpg's signature
        target_session_attrs: str | None = None,
        **options: Any,
    ) -> Any:
        """A connection to a host that has the attributes.

        Args:
            host: One name, or several.
            port: One number, or one for each host.
            timeout: Seconds for all hosts together.
            target_session_attrs: As libpq's; with `prefer-standby` any host will do if none is a standby.
            options: As for `asyncpg.connect`.

        Raises:
            ReadOnlyDatabase: Hosts respond, but none of them takes writes, as `target_session_attrs` wants.
            ConnectionLost: Hosts respond, but none of them is a standby or read-only, as it wants.
            OSError: No host can be reached.
        """
        wanted = ("standby", "any") if target_session_attrs == "prefer-standby" else (target_session_attrs,)
        tries = [(attrs, address) for attrs in wanted for address in self._in_turn(host, port)]
        errors: list[Exception] = []
        for attrs, (name, number) in tries:
            share = timeout / len(tries)
            try:
                found = await asyncpg.connect(
                    host=name,
                    port=number,
                    timeout=share,  # pyright: ignore[reportArgumentType]  # asyncpg takes seconds with fractions
                    target_session_attrs=attrs,
                    **options,
                )
            except _GOES_ON as error:
                errors.append(error)
            else:
                self._last = (name, number)
                return found
        if not any(isinstance(each, asyncpg.TargetServerAttributeNotMatched) for each in errors):
            raise errors[-1]
        kind = ReadOnlyDatabase if target_session_attrs in WRITABLE else ConnectionLost
        message = f"No host that can be reached has target_session_attrs={target_session_attrs}."
        raise kind(message) from errors[-1]

    def _in_turn(self, host: Any, port: Any) -> list[tuple[str, int]]:
        addresses: Any = [(host, port)] if isinstance(host, str) or host is None else zip(host, port, strict=True)
        return sorted(addresses, key=lambda address: address != self._last)  # stable


def is_read_only(connection: asyncpg.Connection) -> bool | None:
    """Whether the server said, with its last response, that it or the session takes no writes.

    None if it says nothing of that: before Postgres 14, or behind PgBouncer.
    """
    said = connection.get_settings()
    standby = getattr(said, "in_hot_standby", None)
    return None if standby is None else "on" in (standby, getattr(said, "default_transaction_read_only", ""))


def drop(connection: Any) -> None:
    """Close a connection whose state is unknown; its slot is free at once."""
    with contextlib.suppress(asyncpg.InterfaceError):  # it is closed already
        connection.terminate()


class FailoverPool(LazyPool):
    """A pool that leaves a server which takes no writes.

    It then replaces its connections once a second, and all of them when a new one takes writes again: none of the old
    ones may lead to a standby that the address no longer stands for.

    Attributes:
        read_only: Whether its server takes no writes, as far as it said; None if it says nothing of that.

    Args:
        writes: Whether it is for writing; a replica's is not, nor one whose `target_session_attrs` wants a standby.
        options: As for `asyncpg.create_pool`.
    """

    def __init__(self, *, writes: bool, **options: Any) -> None:
        super().__init__(connect=self._open, **options)
        self._hosts = Hosts()
        self._writes = writes and options.get("target_session_attrs", "any") in ("any", *WRITABLE)
        self.read_only: bool | None = None
        self._replaced_at = float("-inf")
        self._away_for = ""  # the reason that was logged
        self._was_there = False

    async def _open(self, **options: Any) -> Any:
        try:
            connection = await self._hosts.connect(**options)
        except (OSError, asyncpg.PostgresError, DatabaseError) as error:
            self.report_upkeep(error)
            raise
        if self._away_for:
            log.warning("database.back", extra={"pool": str(self)})
        self._away_for, self._was_there = "", True
        if is_read_only(connection) is None:
            self.read_only = None
        self.observe(connection)
        return connection

    def observe(self, connection: Any) -> None:
        """Note what the server behind a connection says of itself."""
        if not self._writes or (now := is_read_only(connection)) is None or now is self.read_only:
            return
        before, self.read_only = self.read_only, now
        if before:
            self.expire()

    def report_upkeep(self, error: Exception) -> None:
        """Log why connections can no longer be opened: each reason once, and none before the first connection."""
        reason = type(error).__name__
        if self._was_there and reason != self._away_for:
            log.error("database.away", extra={"pool": str(self), "reason": f"{reason}: {error}"})
            self._away_for = reason

    def leave_read_only_server(self) -> None:
        """Replace connections that may be of no use; call it before one is handed out."""
        if self.read_only and time.monotonic() - self._replaced_at >= READ_ONLY_SECONDS:
            self._replaced_at = time.monotonic()
            self.expire()

    def discard(self, connection: Any, error: BaseException) -> None:
        """Drop a connection because of an error. A server that takes no writes is behind the others, too."""
        drop(connection)
        if self._writes and isinstance(error, (ReadOnlyDatabase, asyncpg.ReadOnlySQLTransactionError)):
            self.read_only = True
            self.leave_read_only_server()
