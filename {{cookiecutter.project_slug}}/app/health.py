"""Health, for the platform: alive needs nothing, ready needs the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from tortoise.connection import get_connection

from app.kit.errors import DatabaseError
from app.kit.problems import Unavailable

READY_TIMEOUT_SECONDS = 1.0  # a platform probes each few seconds and gives up after one

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The one good answer."""

    status: Literal["ok"] = "ok"


@router.get("/live")
async def live() -> Health:
    """The process answers. It never touches the database: restarting would not bring that back."""
    return Health()


async def _database_answers() -> None:
    await get_connection("default").execute_query("SELECT 1")


READY_CHECKS: tuple[Callable[[], Awaitable[None]], ...] = (_database_answers,)
"""What must hold before this process gets requests, all of it within `READY_TIMEOUT_SECONDS`.

Each raises `Unavailable` of the kind `not-ready`, or an error of the database.
"""


@router.get("/ready")
async def ready() -> Health:
    """The database answers through the service's own connections; 503 when it does not within a second."""
    try:
        async with asyncio.timeout(READY_TIMEOUT_SECONDS):
            for check in READY_CHECKS:
                await check()
    except (TimeoutError, DatabaseError) as error:
        detail = "The database does not answer."
        raise Unavailable(detail, kind="not-ready") from error
    return Health()
