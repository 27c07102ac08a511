"""Round trips to a Postgres server, counted on the wire: what a query costs whatever the machine."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

READY_FOR_QUERY = b"Z"  # the server's last word in each round trip: PostgreSQL manual, "Message Formats"
HEADER_BYTES = 5  # a letter, and the length of what follows the letter
CHUNK_BYTES = 65536
CONNECT_SECONDS = 5


@dataclass
class Wire:
    """What went over the wire so far.

    Attributes:
        url: The database, through the wire.
        round_trips: How often the server said that it is ready for a query.
    """

    url: str
    round_trips: int = 0


@asynccontextmanager
async def wire_to(database_url: str) -> AsyncGenerator[Wire]:
    """A wire to the database of a URL that passes on every byte; TLS is off, since it counts what it can read."""
    wire = Wire(database_url)
    parts = urlsplit(database_url)
    links: set[asyncio.Task[None]] = set()

    async def link(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            server_reader, server_writer = await asyncio.open_connection(parts.hostname, parts.port or 5432)
        requests = asyncio.create_task(_pass_on(reader, server_writer))
        try:
            await _count(server_reader, writer, wire)
        finally:
            requests.cancel()
            await asyncio.gather(requests, return_exceptions=True)
            server_writer.close()
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(link(reader, writer))
        links.add(task)
        task.add_done_callback(links.discard)

    server = await asyncio.start_server(accept, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    netloc = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}"
    wire.url = parts._replace(netloc=netloc, query="sslmode=disable").geturl()
    try:
        yield wire
    finally:
        server.close()
        left = list(links)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
    writer.close()


async def _count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: Wire) -> None:
    try:
        while True:
            header = await reader.readexactly(HEADER_BYTES)
            wire.round_trips += header[:1] == READY_FOR_QUERY
            writer.write(header + await reader.readexactly(int.from_bytes(header[1:]) - 4))
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        return  # one of the two ends hung up
