"""The server's side of one ASGI request, for tests of middlewares: what the client sends and when, and what it got."""

import asyncio
import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Scope


class Exchange:
    """One request.

    Args:
        pieces: The body, as the client sends it piece by piece.
        path: What is asked for.
        method: As in HTTP.

    Attributes:
        sent: The ASGI messages of the response.
        reads: How many pieces the app has read.
    """

    def __init__(self, *pieces: bytes, path: str = "/", method: str = "GET") -> None:
        self.scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"content-type", b"application/octet-stream")],
            "state": {"request_id": "test"},
        }
        self.sent: list[Message] = []
        self.reads = 0
        self._pieces = pieces or (b"",)
        self._over = asyncio.Event()

    async def receive(self) -> Message:
        """The next piece of the body; after the last one, the client's disconnect."""
        if self.reads < len(self._pieces):
            self.reads += 1
            more = self.reads < len(self._pieces)
            return {"type": "http.request", "body": self._pieces[self.reads - 1], "more_body": more}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take a message of the response."""
        self.sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.leave()  # as servers do: after the last byte there is nothing more to read

    def leave(self) -> None:
        """Disconnect."""
        self._over.set()

    async def run(self, app: ASGIApp) -> None:
        """Have an app respond."""
        await app(self.scope, self.receive, self.send)

    @property
    def status(self) -> int:
        """The status of the response."""
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        """The headers of the response, by their names as they were sent."""
        pairs: list[tuple[bytes, bytes]] = self.sent[0]["headers"]
        return dict(pairs)

    @property
    def body(self) -> bytes:
        """The body of the response so far."""
        return b"".join(message.get("body", b"") for message in self.sent[1:])

    @property
    def problem(self) -> dict[str, Any]:
        """The body of the response, read as JSON."""
        members: dict[str, Any] = json.loads(self.body)
        return members


@contextmanager
def without_garbage_collector() -> Iterator[None]:
    """In this block only the last reference frees an object."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
