"""Connection pools of this worker, for staff; Prometheus reads the same numbers at `/metrics`."""

from pydantic import BaseModel, Field
from tortoise.connection import get_connection, get_connections

from app.accounts.policies import Staff
from tortoise_kit.db import pool_status
from tortoise_kit.http import Router

router = Router(prefix="/staff", tags=["staff"])


class PoolRead(BaseModel):
    """One pool of this worker, now."""

    name: str = Field(description="The connection: default, or replica.")
    size: int = Field(description="Open connections.")
    idle: int = Field(description="Open connections that are free.")
    in_use: int = Field(description="Open connections that are in use.")
    waiting: int = Field(description="Requests waiting for a connection.")
    max_size: int = Field(description="Maximum number of connections.")
    acquired: int = Field(description="Connections handed out since the start.")
    acquire_seconds: float = Field(description="Total time that requests waited for connections, in seconds.")


class Pools(BaseModel):
    """All pools of this worker that have been used; SQLite has none."""

    pools: list[PoolRead]


@router.get("/pool")
async def read_pools(_: Staff) -> Pools:
    """The pools of the worker that serves this request; each worker has its own."""
    found = {name: pool_status(get_connection(name)) for name in get_connections().db_config}
    return Pools(pools=[PoolRead(name=name, **vars(status)) for name, status in found.items() if status is not None])
