"""A network that one can cut: a TCP proxy on the loopback between a client and one server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Self
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65536
CONNECT_SECONDS = 5


class Proxy:
    """Passes bytes on until it is set to swallow, refuse or close.

    A connection that lost bytes never works again, as when a firewall has forgotten it. The others, and new ones, work
    again once the partition is over.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._swallows = False
        self.port = 0

    async def forward(self) -> Self:
        """Listen, and pass bytes on from now."""
        self._swallows = False
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]
        return self

    def swallow(self) -> None:
        """Take every byte and pass none on, without a word to either side: a partition."""
        self._swallows = True

    def refuse(self) -> None:
        """Listen no more: who connects is refused. What is connected stays."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def lead_to(self, server: str) -> None:
        """Connect to the server of this URL from now on. What is connected stays where it is."""
        self._target_port = urlsplit(server).port or 5432

    async def close(self) -> None:
        """Cut every connection."""
        links = list(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    def url(self, server: str) -> str:
        """The same database, through this proxy."""
        parts = urlsplit(server)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0] + f":{self.port}"))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        try:
            # The end of this task is how a connection is cut; the stream's own callback would log it as an error.
            with suppress(OSError, asyncio.CancelledError):
                await self._link(reader, writer)
        finally:
            self._links.discard(link)
            writer.close()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        lost = asyncio.Event()
        try:
            directions = [
                asyncio.create_task(self._pump(reader, server_writer, lost)),
                asyncio.create_task(self._pump(server_reader, writer, lost)),
            ]
            try:
                await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for direction in directions:
                    direction.cancel()
                await asyncio.gather(*directions, return_exceptions=True)
        finally:
            server_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        while data := await reader.read(CHUNK_BYTES):
            if self._swallows:
                lost.set()
            if not lost.is_set():
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def proxy_to(server: str) -> AsyncGenerator[Proxy]:
    """A forwarding proxy before the server of a URL."""
    proxy = await Proxy(urlsplit(server).port or 5432).forward()
    try:
        yield proxy
    finally:
        proxy.refuse()
        await proxy.close()
