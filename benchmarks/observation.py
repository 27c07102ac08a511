"""`python -m benchmarks.observation`: what logs, metrics and traces cost a request, in microseconds of CPU.

One process for each variant, since prometheus-client and OpenTelemetry are configured when they are imported; they take
turns, called in process as a server would call them, and the median of their differences to the plain service counts.
The request reads the own account: one statement, on SQLite in memory, so that the rest is small.
"""

import asyncio
import os
import subprocess
import sys
from itertools import cycle
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import SERVICE
from benchmarks.compare.subjects import API
from benchmarks.compare.worker import call, scope_of

REQUESTS = 300
VARIANTS = {
    "plain": {"LOG_LEVEL": "error", "METRICS_ENABLED": "false"},
    "logs": {"LOG_LEVEL": "info", "METRICS_ENABLED": "false"},
    "metrics, one worker": {"LOG_LEVEL": "error", "METRICS_ENABLED": "true"},
    "metrics, several workers": {"LOG_LEVEL": "error", "METRICS_ENABLED": "true", "PROMETHEUS_MULTIPROC_DIR": ""},
    "logs and metrics": {"LOG_LEVEL": "info", "METRICS_ENABLED": "true", "PROMETHEUS_MULTIPROC_DIR": ""},
    "traces of all requests": {
        "LOG_LEVEL": "error",
        "METRICS_ENABLED": "false",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    },
}


async def serve() -> None:
    """Answer each line of standard input with the CPU microseconds of a request, measured over REQUESTS."""
    from tortoise import Tortoise  # noqa: PLC0415  # the environment is set by now

    from app.accounts.models import User  # noqa: PLC0415
    from app.asgi import app  # noqa: PLC0415

    async with app.router.lifespan_context(app):
        await Tortoise.generate_schemas()
        user = await User.create(email="ann@example.com", name="Ann", password_hash="!")  # noqa: S106
        token = app.state.authenticator.tokens.issue(str(user.id), generation=0)
        scope = scope_of("GET", f"{API}/auth/me", {"authorization": f"Bearer {token}"})
        for _ in sys.stdin:
            begun = process_time()
            for _ in range(REQUESTS):
                await call(app, scope, b"")
            spent = process_time() - begun
            print(spent / REQUESTS * 1e6, flush=True)  # noqa: T201


def start(variant: dict[str, str], folder: str) -> "subprocess.Popen[str]":
    """A process of a variant."""
    given = {name: value or folder for name, value in variant.items()}
    environment = {"ENVIRONMENT": "production", "SECRET_KEYS": "k" * 32, "DATABASE_URL": "sqlite://:memory:", **given}
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.observation", "--serve"],
        env={**os.environ, "PYTHONPATH": str(SERVICE), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def ask(process: "subprocess.Popen[str]") -> float:
    """One measurement."""
    pipes: Any = process
    print(file=pipes.stdin, flush=True)
    return float(pipes.stdout.readline())


def main(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Measurements of each variant.")] = 60,
    serving: Annotated[bool, typer.Option("--serve", hidden=True)] = False,
) -> None:
    """Measure all variants in turns."""
    if serving:
        asyncio.run(serve())
        return
    found: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with TemporaryDirectory() as folder:
        processes = {name: start(variant, folder) for name, variant in VARIANTS.items()}
        for process in processes.values():
            ask(process)  # warm
        turns = cycle(processes)
        for _ in track(range(rounds * len(VARIANTS)), description="measuring", transient=True):
            name = next(turns)
            found[name].append(ask(processes[name]))
        for process in processes.values():
            process.communicate(timeout=60)
    table = Table("variant", "µs of CPU a request", "above plain, median of the rounds")
    for name, spent in found.items():
        above = median(one - plain for one, plain in zip(spent, found["plain"], strict=True))
        table.add_row(name, f"{median(spent):.0f}", "" if name == "plain" else f"{above:+.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
