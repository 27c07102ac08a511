import asyncio
from typing import Any, cast

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from tortoise_kit.http.uvicorn_protocol import ProblemProtocol
from tortoise_kit.upstream.uvicorn import HEAD_BYTES_MAX

BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nA: "


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Pieces come from the test."""

    def resume_reading(self) -> None:
        """As above."""


async def nothing(_scope: Scope, receive: Receive, send: Send) -> None:
    more = True
    while more:
        message: Message = await receive()
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def answers_to(*pieces: bytes) -> list[bytes]:
    """The statuses that go over a connection on which these pieces came, one after the other."""
    config = Config(cast("Any", nothing), lifespan="off", log_config=None)
    config.load()
    protocol, wire = ProblemProtocol(config=config, server_state=ServerState(), app_state={}), Wire()
    protocol.connection_made(wire)
    for piece in pieces:
        protocol.data_received(piece)
        await asyncio.sleep(0.01)
    protocol.connection_lost(None)
    return [line[9:12] for line in wire.written.split(b"\r\n") if line.startswith(b"HTTP/1.1")]


@pytest.mark.parametrize(
    ("pieces", "statuses"),
    [
        ([HEAD + b"a" * 60_000, b"\r\n\r\n"], [b"204"]),
        ([HEAD + b"a" * HEAD_BYTES_MAX], [b"431"]),
        ([HEAD + b"a" * 40_000, b"a" * 40_000], [b"431"]),
        ([BODY + HEAD, b"a" * 40_000 + b"\r\n\r\n"], [b"204", b"204"]),
        ([BODY[:50_000], BODY[50_000:] + HEAD + b"a" * 40_000, b"\r\n\r\n"], [b"204", b"204"]),
        ([BODY, HEAD + b"a" * 60_000, b"\r\n\r\n"], [b"204", b"204"]),
        ([BODY + HEAD, b"a" * 40_000, b"a" * 40_000], [b"204", b"431"]),
        ([(HEAD + b"a" * 20_000 + b"\r\n\r\n") * 4 + HEAD, b"\r\n\r\n"], [b"204"] * 5),
    ],
    ids=["one", "too long", "too long in two", "behind a body", "in a body's piece", "after a body", "endless", "many"],
)
async def test_each_head_is_counted_separately(pieces: list[bytes], statuses: list[bytes]) -> None:
    assert await answers_to(*pieces) == statuses
