"""`python -m benchmarks`: how fast this service's GET routes are on its own seed data, and what they cost.

An empty database is migrated and seeded, the real server runs on it as in production, and some connections read one
route after the other, in several rounds. Client and server share this machine: only compare runs on the same idle one.
"""

import asyncio
import platform
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import runs
from benchmarks.load import Limits, Round, load
from benchmarks.service import Route, Server, ServerError, log_in, prepare, routes, serving

WARM_UP_SECONDS = 1.0
GIT_SECONDS = 30
HISTORY = Path(__file__).parent / "history.jsonl"

Size = Annotated[int, typer.Option(min=1, help="Rows of the largest tables, as for `python -m app seed`.")]
Seconds = Annotated[float, typer.Option(min=0.1, max=3600, help="Per route, for all rounds; one more warms it up.")]
Rounds = Annotated[int, typer.Option(min=2, max=100, help="How often each route has its turn.")]
Requests = Annotated[int, typer.Option(min=1, help="At most, per route and round.")]
Connections = Annotated[int, typer.Option(min=1, max=100, help="How many requests run at once.")]
DatabaseURL = Annotated[str | None, typer.Option(help="An empty Postgres; by default a temporary SQLite file.")]
History = Annotated[Path, typer.Option(help="Where the run is added, as one line of JSON.")]
Against = Annotated[str, typer.Option(help="Compare with the last run of this commit, not with the last of all.")]
Report = Annotated[Path | None, typer.Option("--markdown", help="Also write the table to this file.")]


def main(  # noqa: PLR0913  # options of a command
    *,
    size: Size = 10_000,
    seconds: Seconds = 5.0,
    rounds: Rounds = 5,
    requests: Requests = 100_000,
    connections: Connections = 16,
    database_url: DatabaseURL = None,
    history: History = HISTORY,
    against: Against = "",
    report: Report = None,
) -> None:
    """Measure each list, the first item of each list, and every other GET route that needs no values."""
    begun, limits = datetime.now(UTC), Limits(connections, requests, seconds / rounds)
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = database_url or f"sqlite://{folder}/benchmark.db"
            prepare(url, size)
            measured, memory = _measure(stack.enter_context(serving(url)), rounds, limits)
    except ServerError as error:
        typer.echo(f"Not measured: {error}", err=True)
        raise typer.Exit(1) from error
    conditions = {**_machine(), "database": url.partition(":")[0], "size": size, "rounds": rounds, **asdict(limits)}
    run = runs.Run(begun.isoformat(timespec="seconds"), _commit(), conditions, memory, measured)
    before = runs.find(runs.read(history), conditions, commit=against)
    runs.append(history, run)
    _show(run, before)
    if report:
        report.write_text(runs.markdown(run, before), encoding="utf-8")


def _measure(server: Server, rounds: int, limits: Limits) -> tuple[dict[str, runs.Measured], float]:
    """What was measured by route, and the server's highest memory."""
    token, memory = log_in(server.port), 0.0
    found: dict[Route, list[tuple[Round, float]]] = {route: [] for route in routes(server.port, token)}
    for route in found:
        warm_up = replace(limits, seconds=min(limits.seconds, WARM_UP_SECONDS))
        asyncio.run(load(server.port, route, token, warm_up))
    for _ in range(rounds):  # a route's rounds are apart, so that what disturbs the machine shows in the range
        for route, each in found.items():
            used = server.cpu_seconds()
            measured = asyncio.run(load(server.port, route, token, limits))
            each.append((measured, server.cpu_seconds() - used))
            memory = max(memory, server.memory())
    return {route.template: _combine(each) for route, each in found.items()}, memory


def _combine(rounds: list[tuple[Round, float]]) -> runs.Measured:
    return runs.Measured(
        requests_per_second=[each.requests / each.seconds for each, _ in rounds],
        p50=[each.p50 for each, _ in rounds],
        p90=[each.p90 for each, _ in rounds],
        p99=[each.p99 for each, _ in rounds],
        cpu=[used * 1000 / max(each.requests, 1) for each, used in rounds],
        requests=sum(each.requests for each, _ in rounds),
        errors=sum(each.errors for each, _ in rounds),
    )


def _machine() -> dict[str, str]:
    return {"machine": platform.node(), "python": platform.python_version()}


def _commit() -> str:
    """The commit that is checked out, with `+` if something is changed; empty outside a repository."""
    try:
        commit, changed = (_git(*each).strip() for each in (("rev-parse", "HEAD"), ("status", "--porcelain")))
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"{commit[:12]}+" if changed else commit[:12]


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True, timeout=GIT_SECONDS).stdout  # noqa: S603


def _show(run: runs.Run, before: runs.Run | None) -> None:
    heading, rows = runs.table(run, before)
    shown = Table(*heading)
    shown.columns[0].overflow = "fold"
    for row in rows:
        shown.add_row(*row)
    Console().print(shown)
    typer.echo(runs.summary(run, before))


if __name__ == "__main__":
    typer.run(main)
