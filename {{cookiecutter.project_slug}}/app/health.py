"""Health checks for the platform: alive needs nothing, ready needs the database and all migrations."""

import asyncio
from typing import Literal

from fastapi import Request
from pydantic import BaseModel
from tortoise.connection import get_connection

from app.accounts.policies import Public
from tortoise_kit.db import AccessRefused, DatabaseError
from tortoise_kit.http import Router
from tortoise_kit.problems import Unavailable

READY_TIMEOUT_SECONDS = 1.0  # a platform probes every few seconds and gives up after one

router = Router(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The service is healthy."""

    status: Literal["ok"] = "ok"


@router.get("/live")
async def live(_: Public) -> Health:
    """Whether the process responds. It does not use the database, which a restart would not bring back."""
    return Health()


@router.get("/ready")
async def ready(_: Public, request: Request) -> Health:
    """Whether the database responds within a second and is migrated; a 503 whose `type` says why if not."""
    if request.app.state.shutdown.begun:
        detail = "The service is shutting down; retry elsewhere."
        raise Unavailable(detail, kind="shutting-down")
    if request.app.state.startup.failure:
        detail = "The service may open more connections than the database grants."
        raise Unavailable(detail, kind="over-budget")
    try:
        async with asyncio.timeout(READY_TIMEOUT_SECONDS):
            pending = await request.app.state.pending_migrations.names(get_connection("default"))
    except AccessRefused as error:
        detail = "The database rejects the service: its user, password or database name is wrong."
        raise Unavailable(detail, kind="database-refuses") from error
    except (TimeoutError, DatabaseError) as error:
        detail = "The database does not respond."
        raise Unavailable(detail, kind="not-ready") from error
    if pending:
        detail = "The database lacks migrations that this version of the service needs."
        raise Unavailable(detail, kind="migrations-pending")
    return Health()
