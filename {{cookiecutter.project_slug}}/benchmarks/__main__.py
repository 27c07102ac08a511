"""`python -m benchmarks`: latencies and requests per second of this service's GET routes, on its own seed data.

An empty database is migrated and seeded, the real server runs on it as in production, and some connections read one
route after the other. Client and server share this machine: only compare runs on the same idle machine, and trust no
difference below the one between two runs of the same code.
"""

import asyncio
import json
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.load import Measured, load
from benchmarks.service import Route, ServerError, log_in, prepare, routes, serving

Size = Annotated[int, typer.Option(min=1, help="Rows of the largest tables, as for `python -m app seed`.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="Per route; one more warms it up.")]
Connections = Annotated[int, typer.Option(min=1, max=100, help="How many requests run at once.")]
DatabaseURL = Annotated[str | None, typer.Option(help="An empty Postgres; by default a temporary SQLite file.")]
Output = Annotated[Path | None, typer.Option("--json", help="Also write the numbers to this file.")]


def main(
    *,
    size: Size = 10_000,
    seconds: Seconds = 5.0,
    connections: Connections = 16,
    database_url: DatabaseURL = None,
    output: Output = None,
) -> None:
    """Measure each list, the first item of each list, and every other GET route that needs no values."""
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = database_url or f"sqlite://{folder}/benchmark.db"
            prepare(url, size)
            port = stack.enter_context(serving(url))
            token = log_in(port)
            measured = {
                route: asyncio.run(load(port, route, token, connections=connections, seconds=seconds))
                for route in routes(port, token)
            }
    except ServerError as error:
        typer.echo(f"Not measured: {error}", err=True)
        raise typer.Exit(1) from error
    _show(measured)
    if output:
        document = [{"route": route.template, **asdict(each)} for route, each in measured.items()]
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _show(measured: dict[Route, Measured]) -> None:
    table = Table("GET", "requests/s", "p50 ms", "p90 ms", "p99 ms", "errors")
    table.columns[0].overflow = "fold"
    for route, each in measured.items():
        times = (f"{milliseconds:.1f}" for milliseconds in (each.p50, each.p90, each.p99))
        table.add_row(route.template, f"{each.requests_per_second:,.0f}", *times, str(each.errors))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
