"""`serve` and `dev`: run the service."""

import os
import signal
import sys
from collections.abc import Iterable
from typing import Annotated, Any, NoReturn

import typer
import uvicorn

from app.accounts.models import User
from app.cli.failures import call, fail, run
from app.cli.seed import seed_development
from app.database import database, migrate
from app.settings import PROJECT_FILE, Settings, default_port
from tortoise_kit.migrations import MigrationError

APPLICATION = "app.asgi:app"
PROTOCOL = "tortoise_kit.server.protocol:ServiceProtocol"
EVENT_LOOP = "tortoise_kit.server.event_loop:new_event_loop"
# A worker cannot answer while it imports, and is then replaced: with uvicorn's 5 s, a busy machine never got past that.
WORKER_HEALTHCHECK_SECONDS = 30

Host = Annotated[
    str | None,
    typer.Option(help="Address to listen on; 0.0.0.0 is all addresses.", show_default="HOST"),
]
Port = Annotated[
    int | None,
    typer.Option(
        help="Port to listen on; 0 is any free port.", min=0, max=65535, show_default=f"PORT, {default_port()}"
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes, each with its own connection pool; WORKERS by default.", min=1, max=64),
]
SeedSize = Annotated[int, typer.Option("--seed", help="Seed an empty database first, with this size.", min=0)]


def serve(host: Host = None, port: Port = None, workers: Workers = None) -> None:
    """Serve the API. This does not migrate: run `migrations upgrade` first."""
    from tortoise_kit.http import metrics_of_workers
    from tortoise_kit.server import run_server
    from tortoise_kit.traces import Tracing, TracingError

    if workers is not None:
        os.environ["WORKERS"] = str(workers)  # each process sizes its pool by this
    settings = Settings()
    listening = _listening(settings, host, port)
    settings.configure_logging()
    try:
        Tracing.is_configured()  # here, and not only in each worker, which would be started again and again
    except TracingError as error:
        fail(error)
    signal.signal(signal.SIGTERM, _exit_cleanly)
    with metrics_of_workers(settings.workers):
        run_server(
            APPLICATION,
            workers=settings.workers,
            loop=EVENT_LOOP,
            timeout_worker_healthcheck=WORKER_HEALTHCHECK_SECONDS,
            timeout_graceful_shutdown=settings.shutdown_timeout_seconds,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            **listening,
        )


def _listening(settings: Settings, host: str | None, port: int | None) -> dict[str, Any]:
    """What both commands tell uvicorn."""
    host = settings.host if host is None else host
    call(lambda: settings.check_host(host), ValueError)
    return {
        "host": host,
        "port": settings.port if port is None else port,
        "http": PROTOCOL,
        "timeout_keep_alive": settings.keep_alive_seconds,
        "forwarded_allow_ips": settings.forwarded_allow_ips,
        "server_header": False,
        "log_config": None,  # each process configures logging by itself
    }


def dev(host: Host = None, port: Port = None, seed: SeedSize = 0) -> None:
    """Migrate the database, then serve the API and reload after every change of the code."""
    from app.accounts.seed import KNOWN, KNOWN_PASSWORD

    settings = Settings()
    listening = _listening(settings, host, port)
    for name in run(migrate(settings), MigrationError):
        typer.echo(f"Applied {name}")
    if seed:
        _try_to_seed(settings, seed)
    if listening["port"] and settings.shows_docs:
        address = listening["host"]
        shown = f"[{address}]" if ":" in address else address
        typer.echo(f"Documentation: http://{shown}:{listening['port']}/docs")
    if settings.environment == "development":  # elsewhere such an address would have another password
        for email in run(_existing(settings, KNOWN.values())):
            typer.echo(f"Account: {email}, password: {KNOWN_PASSWORD}")
    settings.configure_logging()
    uvicorn.run(
        APPLICATION,
        reload=True,
        reload_dirs=[str(PROJECT_FILE.parent / "app")],
        **listening,
    )


def _try_to_seed(settings: Settings, size: int) -> None:
    """A database with rows is no reason not to serve."""
    from tortoise_kit.development.seeding import SeedError

    try:
        run(seed_development(settings, size))
    except SeedError as error:
        typer.echo(f"Not seeded: {error}")


async def _existing(settings: Settings, emails: Iterable[str]) -> list[str]:
    """The accounts that the database has of these."""
    async with database(settings):
        return [user.email for user in await User.filter(email__in=list(emails)).order_by("id")]


def _exit_cleanly(*_: object) -> NoReturn:
    """After a graceful stop uvicorn raises the signal again; a stop on request is not a failure."""
    sys.exit(0)
