"""A session of Postgres that knows whether it was touched, and reports its statements."""

import re
from functools import lru_cache
from typing import Any

import asyncpg

from tortoise_kit.sql.recording import instrument, record

# Not seen: a SET inside a function. `reset="always"` is for those.
_TOUCHES_SESSION = re.compile(
    r"(?:^|;)\s*(?:/\*.*?\*/\s*)*(?:set\s+(?!local\b|transaction\b|constraints\b)|reset\b|listen\b|declare\b|discard\b"
    r"|create\s+(?:global\s+|local\s+)?temp)|pg_(?:try_)?advisory_lock|set_config\(",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=2048)
def touches_session(query: str) -> bool:
    """Whether a statement may leave something in the session that the next user of the connection would find."""
    return _TOUCHES_SESSION.search(query) is not None


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """Remembers whether the session was touched since it was clean, and reports its statements."""

    __slots__ = ("touched",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.touched = False

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 -- asyncpg's
        """As asyncpg's."""
        self.touched |= touches_session(query)
        work = super().execute(query, *args, timeout=timeout)
        status: str = await (work if args else instrument(query, work))  # with arguments it comes to `_execute`
        return status

    async def _execute(self, query: str, *args: Any, **options: Any) -> Any:
        """What fetch, fetchrow and fetchval run on."""
        self.touched |= touches_session(query)
        return await instrument(query, super()._execute(query, *args, **options))

    async def _executemany(self, query: str, *args: Any, **options: Any) -> Any:
        """What executemany and fetchmany run on."""
        return await instrument(query, super()._executemany(query, *args, **options), many=True)

    async def copy_records_to_table(self, table_name: str, **options: Any) -> Any:
        """As asyncpg's."""
        return await instrument(f'COPY "{table_name}"', super().copy_records_to_table(table_name, **options), many=True)

    async def prepare(self, query: str, **options: Any) -> Any:
        """As asyncpg's; what is done with the statement is not seen."""
        self.touched = True
        return await instrument(query, super().prepare(query, **options))

    def cursor(self, query: str, *args: Any, **options: Any) -> Any:
        """As asyncpg's."""
        record(query)
        return super().cursor(query, *args, **options)

    async def add_listener(self, channel: str, callback: Any) -> None:
        """As asyncpg's."""
        self.touched = True
        await super().add_listener(channel, callback)

    def is_clean(self) -> bool:
        """Whether the next user finds it as new: nothing to reset, to roll back, to remove or to wait for."""
        return not (
            self.touched
            or self._top_xact is not None
            or self._listeners
            or self._log_listeners
            or self.is_closed()
            or self._protocol.is_in_transaction()  # pyright: ignore[reportOptionalMemberAccess]
            or self._protocol._is_cancelling()  # pyright: ignore[reportOptionalMemberAccess]
        )


async def reset_if_touched(connection: Connection) -> None:
    """Reset the session before its connection goes back to the pool, when there is something to reset."""
    if connection.touched:
        connection.touched = False
        await connection.execute(connection.get_reset_query())
