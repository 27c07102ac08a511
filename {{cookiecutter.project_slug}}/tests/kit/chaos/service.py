"""The service under fire: in this process, with a few routes more that provoke what its own avoid."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, status
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Receive, Scope, Send
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from app.accounts.models import Role, User
from app.accounts.policies import Public
from app.database import migrate
from app.main import create_app
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.kit.chaos.engines import STOCK, Engine
from tests.support.clients import bearer
from tortoise_kit.db.transactions import transaction, transactional
from tortoise_kit.upstream.asyncpg import slots_in_use

log = logging.getLogger(__name__)

CALM_SECONDS = 2.0  # for what a cancelled request still cleans up behind it
router = APIRouter(prefix="/chaos")


@router.post("/sleep")
async def sleep(_: Public, seconds: float) -> None:
    """Hold a connection for so long."""
    await get_connection("default").execute_query("SELECT pg_sleep($1)", [seconds])


@router.post("/users", status_code=status.HTTP_201_CREATED)
async def add(_: Public, name: str) -> str:
    """Write a row, and read it back when it is committed."""
    async with transaction():
        user = await make_user(name=name)
    return (await User.get(id=user.id)).name


@router.get("/users")
async def names(_: Public, limit: int = 50) -> list[str]:
    """The names of those who were added, the newest first."""
    added = User.filter(role=Role.MEMBER).order_by("-id").limit(limit)
    return [user.name for user in await added]


@router.post("/users/{user_id}/count")
@transactional(isolation="repeatable_read", attempts=10)
async def count(_: Public, user_id: int) -> None:
    """Read, change in Python, write: what loses updates unless transactions are isolated."""
    user = await User.get(id=user_id)
    user.name = str(int(user.name) + 1)
    await user.save(update_fields=["name"])


@router.post("/users/{first}/swap/{second}")
@transactional()
async def swap(_: Public, first: int, second: int) -> None:
    """Write two rows in the order of the path: what deadlocks with its reverse."""
    for user_id in (first, second):
        await User.filter(id=user_id).update(name="swapped")


@asynccontextmanager
async def service(
    engine: Engine, database_url: str, *, direct: str | None = None, **given: Any
) -> AsyncGenerator[AsyncClient]:
    """A client of the started service, on a database that exists and is empty; `direct` is how migrations reach it."""
    EXECUTOR_CACHE.clear()  # Tortoise keeps SQL per connection name, whatever the database behind it
    await migrate(Settings(environment="test", database_url=direct or database_url))
    app = chaos_app(engine, engine.settings(database_url, **given))
    async with app.router.lifespan_context(app), _client(app) as client:
        # In a separate task: a task that wrote reads from the primary, and the test's must not.
        user = await asyncio.create_task(make_user(role=Role.STAFF))
        client.headers.update(bearer(app, user))
        try:
            yield client
        finally:
            if engine is STOCK:
                abandon()


def chaos_app(engine: Engine, settings: Settings) -> FastAPI:
    """The service with the routes above."""
    app = create_app(settings)
    app.include_router(router)
    engine.install(app)
    return app


def _client(app: FastAPI) -> AsyncClient:
    async def as_over_a_network(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except Exception:  # the client has its 500, and a failing test shows why
            log.exception("500")

    return AsyncClient(transport=ASGITransport(as_over_a_network), base_url="http://test")


def abandon() -> None:
    """Close the pool without waiting for connections that never come back."""
    client = get_connection("default")
    if isinstance(client, AsyncpgDBClient) and client._pool is not None:
        client._pool.terminate()


def taken() -> int:
    """Slots of the pool that are handed out now; of SQLite the one connection.

    Not `get_size() - get_idle_size()`: a slot that was lost with its connection is in neither.
    """
    client = get_connection("default")
    if isinstance(client, SqliteClient):
        reader = getattr(client, "reader", None)  # stock has none
        busy = client._lock.locked() or bool(client._connection and client._connection.in_transaction)
        return int(busy) + int(reader is not None and reader._lock.locked())
    assert isinstance(client, AsyncpgDBClient)
    return slots_in_use(client)


async def lost_slots(within: float = CALM_SECONDS) -> int:
    """Slots that are still taken although no work is left."""
    deadline = asyncio.get_running_loop().time() + within
    while (lost := taken()) and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 -- a pool has no event for it
        await asyncio.sleep(0.005)
    return lost
