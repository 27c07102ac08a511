"""Reads for reports, one statement each. Only months and parameters are written differently for the two databases.

A report is not a list to page through: no index sorts its sums, so every page would compute all of them again.
Instead it covers a period, returns its first lines, and says whether there are more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.orders.models import Order
from app.reports.schemas import Report, ReportFilters, RevenueReport, RunningTotalsReport, TopCustomersReport
from app.reports.statements import MONTHS, PARAMETERS, REVENUE, RUNNING_TOTALS, SALES, TOP_CUSTOMERS
from tortoise_kit.sql import reading_client


async def revenue(filters: ReportFilters) -> RevenueReport:
    """Revenue by month and tier, newest month first."""
    return _report(RevenueReport, await _lines(REVENUE, filters), filters)


async def top_customers(filters: ReportFilters) -> TopCustomersReport:
    """Customers with more than twice the average revenue of their tier, highest first."""
    lines = [{**line, "tier_average": _average(line)} for line in await _lines(TOP_CUSTOMERS, filters)]
    return _report(TopCustomersReport, lines, filters)


async def running_totals(filters: ReportFilters) -> RunningTotalsReport:
    """Revenue by month with its running total and rank, newest month first."""
    return _report(RunningTotalsReport, await _lines(RUNNING_TOTALS, filters), filters)


async def _lines(statement: str, filters: ReportFilters) -> list[dict[str, Any]]:
    """The requested lines, and one more if there are more."""
    connection = reading_client(Order)
    dialect = connection.capabilities.dialect
    mark, period = PARAMETERS[dialect], list(_period(filters))
    conditions = [f" AND orders.created_at {bound} {mark.format(at)}" for at, (bound, _) in enumerate(period, start=1)]
    sales = SALES.format(month=MONTHS[dialect], period="".join(conditions))
    text = statement.format(sales=sales, limit=mark.format(len(period) + 1))
    return list(await connection.execute_query_dict(text, [*(value for _, value in period), filters.limit + 1]))


def _period(filters: ReportFilters) -> Iterator[tuple[str, Any]]:
    if filters.created_from is not None:
        yield ">=", filters.created_from
    if filters.created_to is not None:
        yield "<", filters.created_to


def _average(line: Mapping[str, Any]) -> int:
    """The tier's average revenue in cents, rounded half up."""
    revenue, customers = int(line["tier_revenue"]), line["tier_customers"]
    return int((2 * revenue + customers) // (2 * customers))


def _report[Lines: Report[Any]](kind: type[Lines], lines: list[dict[str, Any]], filters: ReportFilters) -> Lines:
    return kind.model_validate({"items": lines[: filters.limit], "more": len(lines) > filters.limit})
