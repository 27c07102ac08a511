"""The statements that a service sends: with their parameters, counted by the server, and as round trips on the wire."""

import asyncio
import os
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise.connection import get_connection

from tortoise_kit.development.testing.databases import DIRECT_URL

type Statement = tuple[str, list[Any]]

EXTENSION = "CREATE EXTENSION pg_stat_statements"
READY_FOR_QUERY = b"Z"  # the server's last word in each round trip: PostgreSQL manual, "Message Formats"
HEADER_BYTES = 5  # a letter, and the length of what follows the letter
CHUNK_BYTES = 65536
CONNECT_SECONDS = 5


@contextmanager
def recorded_statements(connection_name: str = "default") -> Generator[list[Statement]]:
    """Each statement sent outside of transactions, with its parameters, for EXPLAIN.

    `tortoise_kit.sql.recorded_queries` records in more places, and never keeps a parameter.
    """
    connection = get_connection(connection_name)
    execute = connection.execute_query
    statements: list[Statement] = []

    async def execute_query(query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        statements.append((query, values or []))
        return await execute(query, values)

    with patch.object(connection, "execute_query", execute_query):
        yield statements


async def count_statements(url: str, *statements: str) -> None:
    """Have the server count the statements of this database, and run some; they may create the extension themselves.

    Skips the test if the server of `TEST_DATABASE_URL` does not grant that.
    """
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        if not any(EXTENSION in statement for statement in statements):
            await connection.execute(EXTENSION)
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("SELECT count(*) FROM pg_stat_statements")
    except (asyncpg.PostgresError, OSError) as error:
        if DIRECT_URL or os.environ.get("TEST_DATABASE_URL"):
            pytest.skip(f"The server of TEST_DATABASE_URL counts no statements for this role: {error}")
        raise
    finally:
        await connection.close()


@dataclass
class Wire:
    """A counted connection to a Postgres server: what a query costs on any machine.

    Attributes:
        url: The database, through the wire.
        round_trips: How often the server has said that it is ready for a query.
    """

    url: str
    round_trips: int = 0


@asynccontextmanager
async def wire_to(database_url: str) -> AsyncGenerator[Wire]:
    """A wire to the database of a URL that passes on every byte; it turns TLS off, to read what it counts."""
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
