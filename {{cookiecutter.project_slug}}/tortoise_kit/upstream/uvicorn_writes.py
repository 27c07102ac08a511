"""How a response of uvicorn (0.54) is written."""

import asyncio
from typing import Any


class ResponseWriter:
    """A connection's transport for responses: the head is written with the first bytes of the body, by one system call.

    uvloop sends each write at once, and uvicorn writes both separately. A head whose body does not follow in the same
    turn of the event loop, as that of a stream, is sent at its end.
    """

    __slots__ = ("_head", "_is_head", "_loop", "_transport")

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""
        self._is_head = False

    def begin(self) -> None:
        """What is written next is a head."""
        self._is_head = True

    def write(self, data: bytes) -> None:
        """Send this, or keep it as the head."""
        if self._is_head:
            self._is_head, self._head = False, data
            self._loop.call_soon(self.flush)
        elif self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._transport.write(data)

    def flush(self) -> None:
        """Send the head if it is still there."""
        head, self._head = self._head, b""
        if head and not self._transport.is_closing():
            self._transport.write(head)

    def close(self) -> None:
        """Close the connection when everything is sent."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection ends."""
        return bool(self._transport.is_closing())
