"""`cleanup` deletes rows that are no longer needed; `slow-queries` shows what the database spends its time on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer
from tortoise.queryset import QuerySet

from app.cli.failures import run
from app.database import database
from app.features import modules
from app.settings import Settings
from tortoise_kit.bulk import delete_in_batches
from tortoise_kit.sql import StatementStatistics, StatisticsMissing, worst_statements

BATCH_ROWS = 1000

type Sort = Literal["total", "mean", "calls"]
Batch = Annotated[int, typer.Option(min=1, max=10_000, help="Rows to delete with one statement, which locks them.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count the rows without deleting them.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")]
By = Annotated[Sort, typer.Option(help="What to sort by: total time, mean time, or number of calls.")]


def cleanup(*, batch: Batch = BATCH_ROWS, dry_run: DryRun = False) -> None:
    """Delete expired refresh tokens and idempotency keys in batches; run it daily, also while the service runs."""
    totals = run(_cleanup(Settings(), batch, dry_run=dry_run), prefix="Not cleaned up: ")
    for label, count in totals.items():
        typer.echo(f"{'Would delete' if dry_run else 'Deleted'} {count:,} {label}.")


async def _cleanup(settings: Settings, batch: int, *, dry_run: bool) -> dict[str, int]:
    async with database(settings):
        return await (count_expired() if dry_run else delete_expired(batch))


async def count_expired() -> dict[str, int]:
    """The number of expired rows in the open context's database, by what they are."""
    return {label: await rows.count() for label, rows in _expired()}


async def delete_expired(batch: int) -> dict[str, int]:
    """Delete expired rows, with a progress bar, and return their numbers. Rows that expire meanwhile stay."""
    from rich.progress import Progress

    totals = {}
    with Progress() as progress:
        for label, rows in _expired():
            task = progress.add_task(label, total=await rows.count())
            totals[label] = 0
            async for deleted in delete_in_batches(rows, size=batch):
                totals[label] += deleted
                progress.advance(task, deleted)
    return totals


def _expired() -> Iterator[tuple[str, QuerySet[Any]]]:
    now = datetime.now(UTC)
    for feature in modules("cleanup"):
        yield from feature.expired(now)


def slow_queries(limit: Limit = 20, by: By = "total") -> None:
    """List the most expensive repeated statements from Postgres' pg_stat_statements."""
    show(run(_worst(Settings(), limit, by), StatisticsMissing, prefix="No statistics: "))


async def _worst(settings: Settings, limit: int, by: Sort) -> list[StatementStatistics]:
    async with database(settings) as context:
        return await worst_statements(context.db(), limit=limit, order=by)


def show(found: list[StatementStatistics]) -> None:
    """Print them as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in ("calls", "mean ms", "total ms", "rows", "blocks"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("statement", overflow="fold")
    for each in found:
        times = (f"{each.mean_milliseconds:,.2f}", f"{each.total_milliseconds:,.0f}")
        counts = (f"{each.rows:,}", f"{each.blocks:,}")
        table.add_row(f"{each.calls:,}", *times, *counts, Text(each.statement))  # brackets in SQL are not markup
    Console().print(table)
