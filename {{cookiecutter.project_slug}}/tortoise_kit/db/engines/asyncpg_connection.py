"""An asyncpg connection that reports its statements, and remembers what its session was touched by."""

from typing import Any

from tortoise_kit.db.engines.sessions import Touch, reset_query, touch_of
from tortoise_kit.sql.recording import instrument, record
from tortoise_kit.upstream.asyncpg_connection import HookedConnection


class Connection(HookedConnection):
    """Remembers what its session was touched by since it was clean, and reports its statements."""

    __slots__ = ()

    touch_of = staticmethod(touch_of)
    beyond_reset = Touch.BEYOND_RESET
    instrument = staticmethod(instrument)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 -- asyncpg's
        """As asyncpg's."""
        work = super().execute(query, *args, timeout=timeout)
        self.touch(touch_of(query))
        status: str = await (work if args else instrument(query, work))  # with arguments it is instrumented later
        return status

    async def copy_from_query(self, query: str, *args: Any, **options: Any) -> Any:
        """As asyncpg's."""
        self.touch(touch_of(query))
        return await instrument(query, super().copy_from_query(query, *args, **options))

    async def copy_records_to_table(self, table_name: str, **options: Any) -> Any:
        """As asyncpg's."""
        return await instrument(f'COPY "{table_name}"', super().copy_records_to_table(table_name, **options), many=True)

    async def prepare(self, query: str, **options: Any) -> Any:
        """As asyncpg's; the runs of the prepared statement are not seen."""
        self.touch(max(Touch.SESSION, touch_of(query)))
        return await instrument(query, super().prepare(query, **options))

    def cursor(self, query: str, *args: Any, **options: Any) -> Any:
        """As asyncpg's."""
        record(query)
        self.touch(touch_of(query))
        return super().cursor(query, *args, **options)

    async def add_listener(self, channel: str, callback: Any) -> None:
        """As asyncpg's."""
        self.touch(Touch.SESSION)
        await super().add_listener(channel, callback)

    def get_reset_query(self) -> str:
        """What undoes all that a statement may leave in the session."""
        return reset_query(self.prepared_count())
