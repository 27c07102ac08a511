"""`cleanup`: delete what nobody needs any more."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from asyncpg import PostgresError
from rich.progress import Progress
from tortoise.exceptions import BaseORMException
from tortoise.queryset import QuerySet

from app.database import database
from app.features import modules
from app.settings import Settings
from tortoise_kit.bulk import delete_in_batches

BATCH_SIZE = 1000  # rows; some 10 ms each, for which a request may wait

Batch = Annotated[int, typer.Option(min=1, max=10_000, help="Rows of one statement; their locks are held as long.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count them, and delete nothing.")]


def cleanup(*, batch: Batch = BATCH_SIZE, dry_run: DryRun = False) -> None:
    """Delete expired refresh tokens and idempotency keys, a few at a time; run it once a day, beside the service."""
    try:
        totals = asyncio.run(_cleanup(Settings(), batch, dry_run=dry_run))
    except (OSError, BaseORMException, PostgresError) as error:
        typer.echo(f"Not cleaned up: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(1) from error
    for label, count in totals.items():
        typer.echo(f"{'Would delete' if dry_run else 'Deleted'} {count:,} {label}.")


async def _cleanup(settings: Settings, batch: int, *, dry_run: bool) -> dict[str, int]:
    async with database(settings):
        return await (count_dead() if dry_run else delete_dead(batch))


async def count_dead() -> dict[str, int]:
    """How many rows of the open context's database nobody needs, by what they are."""
    return {label: await rows.count() for label, rows in _dead()}


async def delete_dead(batch: int) -> dict[str, int]:
    """Delete them, with a progress bar; gives how many there were. What dies meanwhile is left for the next time."""
    totals = {}
    with Progress() as progress:
        for label, rows in _dead():
            task = progress.add_task(label, total=await rows.count())
            totals[label] = 0
            async for deleted in delete_in_batches(rows, size=batch):
                totals[label] += deleted
                progress.advance(task, deleted)
    return totals


def _dead() -> Iterator[tuple[str, QuerySet[Any]]]:
    now = datetime.now(UTC)
    for feature in modules("cleanup"):
        yield from feature.expired(now)
