"""Health, for the platform: alive needs nothing, ready needs the database and the tables this code works with."""

import asyncio
from typing import Literal

from fastapi import Request
from pydantic import BaseModel
from tortoise.connection import get_connection

from app.accounts.policies import Public
from tortoise_kit.db import AccessRefused, DatabaseError
from tortoise_kit.http import Router
from tortoise_kit.problems import Unavailable

READY_TIMEOUT_SECONDS = 1.0  # a platform probes each few seconds and gives up after one

router = Router(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The one good answer."""

    status: Literal["ok"] = "ok"


@router.get("/live")
async def live(_: Public) -> Health:
    """The process answers. It never touches the database: restarting would not bring that back."""
    return Health()


@router.get("/ready")
async def ready(_: Public, request: Request) -> Health:
    """The database answers through the service's own connections within a second and is migrated; 503 otherwise."""
    if request.app.state.drain.begun:
        detail = "The service is about to end; others go on."
        raise Unavailable(detail, kind="shutting-down")
    if request.app.state.first_contact.refusal:
        detail = "The service may open more connections than the database grants."
        raise Unavailable(detail, kind="over-budget")
    try:
        async with asyncio.timeout(READY_TIMEOUT_SECONDS):
            pending = await request.app.state.pending_migrations.names(get_connection("default"))
    except AccessRefused as error:
        detail = "The database refuses the service: its user, password or database name is wrong."
        raise Unavailable(detail, kind="database-refuses") from error
    except (TimeoutError, DatabaseError) as error:
        detail = "The database does not answer."
        raise Unavailable(detail, kind="not-ready") from error
    if pending:
        detail = "The database lacks migrations that this version of the service needs."
        raise Unavailable(detail, kind="migrations-pending")
    return Health()
