"""asyncpg's connection, read at 0.32: the methods that all statements pass, and what its session holds.

None of it is documented. The kit's own tests fail when a release changes it.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ClassVar

import asyncpg
from asyncpg import connect_utils


class HookedConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is untyped
    """A connection whose statements pass two functions; only `execute` without arguments takes another way.

    Attributes:
        touch_of: What a statement may leave in the session; 0 for nothing.
        instrument: Given each statement before it is sent; what it returns is awaited in place of the work.
        beyond_reset: The touch of a codec, which only the end of the session undoes.
        touched: The most that was left in the session.
    """

    __slots__ = ("touched",)

    touch_of: ClassVar[Callable[..., int]]
    beyond_reset: ClassVar[int]
    instrument: ClassVar[Callable[..., Coroutine[Any, Any, Any]]]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.touched = 0

    def touch(self, touch: int) -> None:
        """Remember what may be left in the session."""
        self.touched = max(self.touched, touch)

    # Neither is a coroutine itself, so that a hook costs no further await.
    def _execute(self, query: str, *args: Any, **options: Any) -> Any:
        self.touch(self.touch_of(query))
        return self.instrument(query, super()._execute(query, *args, **options))

    def _executemany(self, query: str, *args: Any, **options: Any) -> Any:
        self.touch(self.touch_of(query))
        return self.instrument(query, super()._executemany(query, *args, **options), many=True)

    def prepared_count(self) -> int:
        """How many statements it has prepared on the server and will use again."""
        return sum(bool(statement.name) for statement in self._stmt_cache.iter_statements())

    def is_clean(self) -> bool:
        """Whether there is nothing to reset, roll back, remove or wait for before somebody else uses it."""
        return not (
            self.touched
            or self._top_xact is not None
            or self._listeners
            or self._log_listeners
            or self.is_closed()
            or self._protocol.is_in_transaction()  # pyright: ignore[reportOptionalMemberAccess]
            or self._protocol._is_cancelling()  # pyright: ignore[reportOptionalMemberAccess]
        )


def _with_codecs(method: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    @wraps(method)
    async def change(self: HookedConnection, *args: Any, **options: Any) -> None:
        self.touch(self.beyond_reset)
        await method(self, *args, **options)

    return change


for _name in ("set_type_codec", "reset_type_codec", "set_builtin_type_codec"):
    setattr(HookedConnection, _name, _with_codecs(getattr(asyncpg.Connection, _name)))


class _TLSUpgrade(connect_utils.TLSUpgradeProto):  # type: ignore[misc]  # asyncpg is untyped
    """The first bytes of a connection. Its error is read, since nobody does if connecting is cancelled by then.

    asyncio would report it as a bug. Code that waits for it still gets it.
    """

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self.on_data.cancelled():
            self.on_data.exception()


connect_utils.TLSUpgradeProto = _TLSUpgrade
