"""Commands that run the service."""

import asyncio
import os
import signal
import sys
from typing import Annotated, NoReturn

import typer
import uvicorn

from app.cli.seed import fill, refuse_outside_development
from app.database import database, migrate
from app.settings import PROJECT_FILE, Settings, default_port
from tortoise_kit.development.seeding import SeedError

APPLICATION = "app.main:create_app"
PROTOCOL = "tortoise_kit.http.uvicorn_protocol:ProblemProtocol"
# A worker cannot answer while it imports, and is killed and begun anew: uvicorn's 5 s were a loop on a busy machine.
WORKER_ANSWERS_WITHIN_SECONDS = 30
LOOPBACK = "127.0.0.1"
PORT = default_port()

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)]
Workers = Annotated[
    int | None, typer.Option(help="Processes, each with a pool of its own; WORKERS by default.", min=1, max=64)
]
SeedSize = Annotated[int, typer.Option("--seed", help="First fill an empty database, by `seed` of this size.", min=0)]


def serve(host: Host = LOOPBACK, port: Port = PORT, workers: Workers = None) -> None:
    """Serve the API. It does not migrate: run `migrations upgrade` before."""
    if workers is not None:
        os.environ["WORKERS"] = str(workers)  # each process sizes its pool by it
    settings = Settings()
    signal.signal(signal.SIGTERM, _exit_cleanly)
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host,
        port=port,
        workers=settings.workers,
        timeout_worker_healthcheck=WORKER_ANSWERS_WITHIN_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
        server_header=False,
        http=PROTOCOL,
    )


def dev(host: Host = LOOPBACK, port: Port = PORT, seed: SeedSize = 0) -> None:
    """Migrate the database, then serve and reload on every change of the code."""
    asyncio.run(_prepare(seed))
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host,
        port=port,
        reload=True,
        reload_dirs=[str(PROJECT_FILE.parent / "app")],
        server_header=False,
        http=PROTOCOL,
    )


async def _prepare(size: int) -> None:
    settings = Settings()
    for name in await migrate(settings):
        typer.echo(f"Applied {name}")
    if size:
        async with database(settings):
            try:
                refuse_outside_development(settings)
                await fill(size)
            except SeedError as error:
                typer.echo(f"Not seeded: {error}")


def _exit_cleanly(*_: object) -> NoReturn:
    """After a graceful stop uvicorn raises the signal once more; asked to end and ended is no failure."""
    sys.exit(0)
