"""How this worker's connections fare, for staff; the same numbers for Prometheus are on `/metrics`."""

from pydantic import BaseModel, Field
from tortoise.connection import get_connection, get_connections

from app.accounts.policies import Staff
from tortoise_kit.db import pool_status
from tortoise_kit.http import Router

router = Router(prefix="/staff", tags=["staff"])


class PoolRead(BaseModel):
    """One pool of this worker, now."""

    name: str = Field(description="Of the connection: default, or replica.")
    size: int = Field(description="Connections that are open.")
    idle: int = Field(description="Open connections that nobody uses.")
    in_use: int = Field(description="Open connections that somebody uses.")
    waiting: int = Field(description="Requests that wait for a connection.")
    max_size: int = Field(description="Connections at most.")
    acquired: int = Field(description="How often one was acquired since the start.")
    acquire_seconds: float = Field(description="How long all these waited for it, together.")


class Pools(BaseModel):
    """All pools of this worker; none on SQLite, and none that has not been used yet."""

    pools: list[PoolRead]


@router.get("/pool")
async def read_pools(_: Staff) -> Pools:
    """The pools of the worker that answers; each has its own."""
    found = {name: pool_status(get_connection(name)) for name in get_connections().db_config}
    return Pools(pools=[PoolRead(name=name, **vars(status)) for name, status in found.items() if status is not None])
