"""`slow-queries`: what the database spends its time on."""

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.failures import run
from app.database import database
from app.settings import Settings
from tortoise_kit.sql import StatementStatistics, StatisticsMissing, worst_statements

type Sort = Literal["total", "mean", "calls"]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")]
By = Annotated[Sort, typer.Option(help="What to sort by: total time, mean time, or number of calls.")]


def slow_queries(limit: Limit = 20, by: By = "total") -> None:
    """List the most expensive repeated statements from Postgres' pg_stat_statements."""
    show(run(_worst(Settings(), limit, by), StatisticsMissing, prefix="No statistics: "))


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
        table.add_row(f"{each.calls:,}", *times, *counts, Text(each.statement))  # brackets in SQL are not markup
    Console().print(table)
