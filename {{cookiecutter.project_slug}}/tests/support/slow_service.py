"""The service with deliberately slow routes, for tests; served by a separate process, or by the test's own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, Query, WebSocket
from fastapi.responses import StreamingResponse
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from app.accounts.models import User
from app.accounts.policies import Public
from app.main import create_app
from app.settings import Settings

STATEMENT_SECONDS = 0.25

Seconds = Annotated[float, Query(ge=0, le=60)]
router = APIRouter(prefix="/slow/{kind}")


async def _wait(db: BaseDBAsyncClient, seconds: float) -> None:
    """On Postgres by statements that wait; on SQLite those would hold its only thread after a disconnect."""
    if db.capabilities.dialect == "postgres":
        while seconds > 0:  # in turns, each below the limit of one statement
            await db.execute_query("SELECT pg_sleep($1)", [min(seconds, STATEMENT_SECONDS)])
            seconds -= STATEMENT_SECONDS
    else:
        await asyncio.sleep(seconds)


@router.get("/statement")
async def statement(_: Public, seconds: Seconds) -> None:
    await _wait(get_connection("default"), seconds)


@router.get("/stream")
async def stream(_: Public) -> StreamingResponse:
    """A response without end."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.05)

    return StreamingResponse(pieces())


@router.get("/bug")
async def bug(_: Public, value: int) -> None:
    """An error whose text repeats what the client sent."""
    raise ValueError(value)


@router.get("/interrupted")
async def interrupted(_: Public, value: int) -> StreamingResponse:
    """The same, once the response has begun."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"."
        raise ValueError(value)

    return StreamingResponse(pieces())


@router.get("/exit")
async def leave(_: Public, value: int) -> None:
    """An error that is no Exception."""
    raise SystemExit(value)


@router.post("/body")
async def read(_: Public, body: Annotated[dict[str, str], Body()]) -> int:
    return len(body)


@router.websocket("/socket")
async def socket(_: Public, socket: WebSocket, value: str) -> None:
    """It is accepted, and then fails with what the client sent."""
    if value != "reject":
        await socket.accept()
        await socket.send_text(".")
        raise ValueError(await socket.receive_text())


@router.post("/rename/{user_id}")
async def rename(_: Public, user_id: int, name: str, seconds: Seconds) -> None:
    """Change a row, and keep it locked for so long."""
    async with in_transaction() as db:
        await User.filter(id=user_id).using_db(db).select_for_update().get()
        await User.filter(id=user_id).using_db(db).update(name=name)
        await _wait(db, seconds)


def slow_service(settings: Settings | None = None) -> FastAPI:
    if settings is None:  # in its own process
        settings = Settings()
        settings.configure_logging()
    app = create_app(settings)
    app.include_router(router, prefix="/test")
    return app
