"""Streams whose client reads no further: what they hold is given back, and other callers go on. On a real server."""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import StreamingResponse
from tortoise.connection import get_connection

from tests.kit.db.test_engines import slots_in_use
from tests.kit.library import Author, library
from tortoise_kit.db.transactions import transaction
from tortoise_kit.http.deadline import DeadlineMiddleware
from tortoise_kit.http.routes import Router

PIECE = b"x" * 1_000_000  # more than the buffers of a socket hold, after a few
DEADLINE_SECONDS = 0.5


@asynccontextmanager
async def served(app: Any) -> AsyncGenerator[int]:
    """The port of a server in this event loop."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, interface="asgi3", lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 5)


class Held:
    """Bodies that hold a connection of a library while they are sent, and whether they were closed."""

    def __init__(self, using: str) -> None:
        self.using = using
        self.closed = asyncio.Event()

    async def by_generator(self) -> AsyncIterator[bytes]:
        connection: Any = get_connection(self.using)
        try:
            async with connection.acquire_connection():
                while True:
                    yield PIECE
        finally:
            self.closed.set()

    def by_object(self) -> Any:
        return Pieces(self.by_generator())

    async def by_context_manager(self) -> AsyncIterator[bytes]:
        try:
            async with holding(self.using):
                while True:
                    yield PIECE
        finally:
            self.closed.set()

    def by_sync_generator(self) -> Iterator[bytes]:
        try:
            while True:
                yield PIECE
        finally:
            self.closed.set()


@asynccontextmanager
async def holding(using: str) -> AsyncIterator[None]:
    connection: Any = get_connection(using)
    async with connection.acquire_connection():
        yield


class Pieces:
    """An iterator that is no generator."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces: Any = pieces

    def __aiter__(self) -> "Pieces":
        return self

    async def __anext__(self) -> bytes:
        piece: bytes = await anext(self._pieces)
        return piece

    async def aclose(self) -> None:
        await self._pieces.aclose()


BODIES = [Held.by_generator, Held.by_object, Held.by_context_manager, Held.by_sync_generator]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
@pytest.mark.parametrize("leaves", [False, True], ids=["reads no further", "leaves"])
async def test_a_stream_whose_client_reads_no_further_gives_its_connection_back(
    empty_database_url: str, body: Callable[[Held], Any], *, leaves: bool
) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=3, command_timeout=None) as using:
        held, router, app = Held(using), Router(), FastAPI()

        @router.get("/stream")
        async def stream() -> StreamingResponse:
            return StreamingResponse(body(held))

        @router.get("/count")
        async def count() -> int:
            return await Author.all().count()

        app.include_router(router)
        seconds = 60.0 if leaves else DEADLINE_SECONDS
        limited = DeadlineMiddleware(app, seconds=seconds)
        async with (
            served(limited) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.read(1000)
            if leaves:
                writer.close()
            async with asyncio.timeout(DEADLINE_SECONDS + 2):
                while not held.closed.is_set():
                    await asyncio.sleep(0.05)
                    if body is Held.by_sync_generator:
                        gc.collect()  # Starlette keeps the iterator to itself

            assert (await client.get("/count")).json() == 0
            assert await slots_in_use(using) == 0
            writer.close()


@pytest.mark.parametrize("kind", ["generator", "route"])
async def test_a_transaction_in_a_stream_is_rejected_and_the_others_go_on(empty_database_url: str, kind: str) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=1) as using:
        router, app = Router(), FastAPI()

        async def pieces() -> AsyncIterator[bytes]:
            async with transaction(using=using):
                while True:
                    yield PIECE

        if kind == "generator":

            @router.get("/stream")
            async def stream() -> StreamingResponse:
                return StreamingResponse(pieces())

        else:

            @router.get("/stream")
            async def items() -> AsyncIterator[int]:
                async with transaction(using=using):
                    while True:
                        yield 1

        @router.get("/count")
        async def count() -> int:
            return await Author.all().count()

        app.include_router(router)
        async with (
            served(app) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            with pytest.raises(httpx2.RemoteProtocolError):
                await client.get("/stream")

            assert (await client.get("/count")).json() == 0
            assert await slots_in_use(using) == 0


async def test_a_stream_that_is_read_to_its_end_and_its_background_task_are_as_before(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1) as using:
        router, app, done = Router(), FastAPI(), asyncio.Event()

        async def note() -> None:
            await Author.create(name="Ann")
            done.set()

        @router.get("/stream")
        async def stream(background: BackgroundTasks) -> StreamingResponse:
            background.add_task(note)

            async def pieces() -> AsyncIterator[bytes]:
                async with holding(using):
                    yield b"a"
                yield b"b"

            return StreamingResponse(pieces(), media_type="text/plain")

        app.include_router(router)
        async with (
            served(app) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            response = await client.get("/stream")
            await asyncio.wait_for(done.wait(), 2)

        assert (response.status_code, response.text) == (200, "ab")
        assert response.headers["content-type"].startswith("text/plain")
