"""The messages of one request, for a handler that reads them and for somebody who watches for the client's leaving."""

import asyncio
from collections import deque

from starlette.types import Message, Receive


class BufferedReceive:
    """What `receive` gives, read at most one piece ahead of the handler, so that a disconnect shows while it is busy.

    A server has room for one reader at a time, so both read through here. Until somebody watches, nothing is read
    ahead; and behind a body that the handler never reads, a disconnect stays hidden.
    """

    __slots__ = ("_ahead", "_reading", "_receive", "_taken")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ahead: deque[Message] = deque()
        self._reading = asyncio.Lock()
        self._taken = asyncio.Event()

    async def receive(self) -> Message:
        """The next message; for the handler."""
        if not self._ahead:
            async with self._reading:
                if not self._ahead:
                    return await self._receive()
        message = self._ahead[0]
        if message["type"] != "http.disconnect":  # that one is the answer for ever
            self._ahead.popleft()
            self._taken.set()
        return message

    async def disconnect(self) -> None:
        """Wait until the client has gone."""
        while not (self._ahead and self._ahead[-1]["type"] == "http.disconnect"):
            if self._ahead and self._ahead[-1].get("more_body", False):
                self._taken.clear()
                await self._taken.wait()
            else:
                async with self._reading:
                    self._ahead.append(await self._receive())
