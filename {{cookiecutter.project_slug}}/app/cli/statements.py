"""`statements`: what the database spends its time on."""

import asyncio
from typing import Annotated, Literal

import typer
from asyncpg import PostgresError
from rich.console import Console
from rich.table import Table
from rich.text import Text
from tortoise.exceptions import BaseORMException

from app.database import database
from app.settings import Settings
from tortoise_kit.sql import StatementStatistics, StatisticsMissing, worst_statements

type Sort = Literal["total", "mean", "calls"]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many.")]
By = Annotated[Sort, typer.Option(help="What makes one worse: its time in total, in the mean, or its calls.")]


def statements(limit: Limit = 20, by: By = "total") -> None:
    """List the statements that Postgres ran repeatedly, the worst first, as pg_stat_statements counted them."""
    try:
        found = asyncio.run(_worst(Settings(), limit, by))
    except (StatisticsMissing, OSError, BaseORMException, PostgresError) as error:
        typer.echo(f"No statistics: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(1) from error
    show(found)


async def _worst(settings: Settings, limit: int, by: Sort) -> list[StatementStatistics]:
    async with database(settings) as context:
        return await worst_statements(context.db(), limit=limit, order=by)


def show(found: list[StatementStatistics]) -> None:
    """Print them as a table."""
    table = Table()
    for name in ("calls", "mean ms", "total ms", "rows", "blocks"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("statement", overflow="fold")
    for each in found:
        times = (f"{each.mean_milliseconds:,.2f}", f"{each.total_milliseconds:,.0f}")
        counts = (f"{each.rows:,}", f"{each.blocks:,}")
        table.add_row(f"{each.calls:,}", *times, *counts, Text(each.statement))  # brackets of SQL are no markup
    Console().print(table)
