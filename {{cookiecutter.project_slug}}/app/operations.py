"""What operators and their platform ask the service: health, metrics, connection pools."""

import logging
from secrets import compare_digest
from typing import Annotated, Literal

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection, get_connections

from app.accounts.policies import Public, Staff
from tortoise_kit.db import (
    AccessRefused,
    DatabaseFull,
    ReadOnlyDatabase,
    pool_status,
    require_writable,
)
from tortoise_kit.http import Metrics, Router, policy
from tortoise_kit.migrations import SchemaCompatibility
from tortoise_kit.problems import Unauthorized, Unavailable

SCRAPES_WAITING_MAX = 4  # two instances of Prometheus may scrape at the same time
log = logging.getLogger(__name__)

METRICS_PATH = "/metrics"
METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_bearer = HTTPBearer(auto_error=False)

health = Router(prefix="/health", tags=["health"])
staff = Router(prefix="/staff", tags=["staff"])


class Health(BaseModel):
    """The service is healthy."""

    status: Literal["ok"] = "ok"


@health.get("/live")
async def live(_: Public) -> Health:
    """Whether the process responds. It does not use the database, which a restart would not bring back."""
    return Health()


@health.get("/ready")
async def ready(_: Public, request: Request) -> Health:
    """Whether the service can work: the database responds, takes writes and has the tables of this version; else a 503.

    A separate connection asks the database every second, so that a busy service is still ready.
    """
    if request.app.state.shutdown.begun:
        detail = "The service is shutting down; retry elsewhere."
        raise Unavailable(detail, kind="shutting-down")
    if request.app.state.startup.failure:
        detail = "The service may open more connections than the database grants."
        raise Unavailable(detail, kind="over-budget")
    await request.app.state.readiness.require()
    return Health()


async def check_database(client: BaseDBAsyncClient, schema: SchemaCompatibility) -> None:
    """Raise `Unavailable` if the service cannot work with the database."""
    try:
        lacking = await schema.check(client)
        await require_writable(client)
    except AccessRefused as error:
        detail = "The database rejects the service: its user, password or database name is wrong."
        raise Unavailable(detail, kind="database-refuses") from error
    except ReadOnlyDatabase as error:
        detail = "The database takes no writes: it is a standby, or it is read-only."
        raise Unavailable(detail, kind="database-read-only") from error
    except DatabaseFull as error:
        detail = "The database has no room left: its disk or a sequence is full."
        raise Unavailable(detail, kind="database-full") from error
    if lacking.pending:
        detail = "The database lacks migrations that this version of the service needs."
        raise Unavailable(detail, kind="migrations-pending")
    if lacking:
        log.error("schema.mismatch", extra={"missing": lacking.missing, "required": lacking.required})
        detail = "The tables of the database do not fit this version of the service."
        raise Unavailable(detail, kind="schema-mismatch")


def metrics(measured: Metrics, *, token: str) -> Router:
    """Serves `GET /metrics` to everyone or, if there is a token, only to clients that send it as a bearer token.

    One scrape at a time is served, beside the event loop; if others wait already, a 503 is the cheaper response.
    """
    router = Router(include_in_schema=False)
    one, begun = CapacityLimiter(1), 0

    @policy
    async def may_read(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if token and not (sent and compare_digest(sent.credentials.encode(), token.encode())):
            detail = "Send the METRICS_TOKEN in the header `Authorization: Bearer TOKEN`."
            raise Unauthorized(detail)

    @router.get(METRICS_PATH)
    async def read_metrics(_: Annotated[None, Depends(may_read)]) -> Response:
        nonlocal begun
        if begun > SCRAPES_WAITING_MAX:
            detail = "Other clients are reading the metrics; retry."
            raise Unavailable(detail, kind="metrics-busy")
        begun += 1
        try:
            return Response(await to_thread.run_sync(measured.text, limiter=one), media_type=METRICS_MEDIA_TYPE)
        finally:
            begun -= 1

    return router


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


class WorkerPools(BaseModel):
    """All pools of this worker that have been used; SQLite has none."""

    pools: list[PoolRead]


@staff.get("/pool")
async def read_pools(_: Staff) -> WorkerPools:
    """The pools of the worker that serves this request; each worker has its own."""
    found = {name: pool_status(get_connection(name)) for name in get_connections().db_config}
    return WorkerPools(
        pools=[PoolRead(name=name, **vars(status)) for name, status in found.items() if status is not None]
    )
