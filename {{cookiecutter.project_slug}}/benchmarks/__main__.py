"""`python -m benchmarks`: what a request costs the service, in process, without a server or a network between.

CPU is that of this process alone: on Postgres the server's own is not in it. Compare numbers of one run with each
other; between runs and machines only their ratios mean something. The first row is an app that does nothing: the
client's own share of every other row. Orders are read by staff, so each of their requests looks up who asks.
"""

import asyncio
import json
import platform
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import typer
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from starlette.types import Receive, Scope, Send

from app.accounts.seed import KNOWN, KNOWN_PASSWORD
from app.cli.seed import fill
from app.database import migrate
from app.kit.seeding import SeedError
from app.main import API_PREFIX, create_app
from app.settings import Settings

PATHS = ("/products", "/products/1", "/orders", "/orders?status=shipped", "/orders/1")
CONCURRENCY = 16
WARM_UP_REQUESTS = 32
PACKAGES = ("fastapi", "pydantic", "tortoise-orm", "asyncpg")


@dataclass(frozen=True)
class Result:
    """One path: CPU and rate of its requests, and the time that half of them and 99 % of them took at most."""

    path: str
    cpu_microseconds: float
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float


@asynccontextmanager
async def service(settings: Settings, orders: int) -> AsyncGenerator[FastAPI]:
    """The service, started, on a migrated and filled database."""
    await migrate(settings)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        await fill(orders)
        yield app


async def log_in(client: AsyncClient) -> None:
    """As the seed's staff, who see all orders; the client sends the token from now on."""
    form = {"grant_type": "password", "username": KNOWN[1], "password": KNOWN_PASSWORD}
    answer = await client.post("/auth/token", data=form)
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


async def measure(client: AsyncClient, path: str, requests: int) -> Result:
    """Call one path so many times, some at once."""
    latencies: list[float] = []
    left = iter(range(requests))

    async def caller() -> None:
        for _ in left:
            begun = time.perf_counter()
            answer = await client.get(path)
            latencies.append(time.perf_counter() - begun)
            answer.raise_for_status()

    for _ in range(WARM_UP_REQUESTS):
        (await client.get(path)).raise_for_status()
    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CONCURRENCY)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    cuts = quantiles(latencies, n=100)
    return Result(path, cpu / requests * 1e6, requests / wall, cuts[49] * 1e3, cuts[98] * 1e3)


async def nothing(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An app that answers at once."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def run(settings: Settings, orders: int, requests: int) -> list[Result]:
    """All paths, one after the other."""
    base_url = f"http://benchmark{API_PREFIX}"
    async with (
        service(settings, orders) as app,
        AsyncClient(transport=ASGITransport(nothing), base_url=base_url) as idle,
        AsyncClient(transport=ASGITransport(app), base_url=base_url) as client,
    ):
        await log_in(client)
        baseline = await measure(idle, "/nothing", requests)
        with Progress() as progress:
            paths = progress.track(PATHS, description="paths")
            return [baseline, *[await measure(client, path, requests) for path in paths]]


def show(results: list[Result]) -> None:
    """Print the results as a table."""
    table = Table("path", "CPU µs/request", "requests/s", "p50 ms", "p99 ms")
    for result in results:
        numbers = (result.cpu_microseconds, result.requests_per_second)
        times = (result.p50_milliseconds, result.p99_milliseconds)
        table.add_row(result.path, *(f"{number:,.0f}" for number in numbers), *(f"{each:.2f}" for each in times))
    Console().print(table)


def main(
    database_url: Annotated[
        str | None, typer.Option(help="An empty database; a temporary SQLite file if none.")
    ] = None,
    orders: Annotated[int, typer.Option(min=100, help="How many orders the database is filled with.")] = 2000,
    requests: Annotated[int, typer.Option(min=100, help="How often each path is called.")] = 500,
    output: Annotated[Path | None, typer.Option("--json", help="Write the numbers to this file, too.")] = None,
) -> None:
    """Measure the reading routes of the service."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(environment="test", database_url=database_url or f"sqlite://{folder}/benchmark.db")
        try:
            results = asyncio.run(run(settings, orders, requests))
        except SeedError as error:
            typer.echo(f"Not measured: {error}", err=True)
            raise typer.Exit(1) from error
    show(results)
    if output:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
        packages = {package: version(package) for package in PACKAGES}
        document = {"machine": machine, "packages": packages, "results": [asdict(result) for result in results]}
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
