"""`cleanup`: delete rows that are no longer needed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.progress import Progress
from tortoise.queryset import QuerySet

from app.cli.failures import run
from app.database import database
from app.features import modules
from app.settings import Settings
from tortoise_kit.bulk import delete_in_batches

BATCH_ROWS = 1000

Batch = Annotated[int, typer.Option(min=1, max=10_000, help="Rows to delete with one statement, which locks them.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count the rows without deleting them.")]


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
