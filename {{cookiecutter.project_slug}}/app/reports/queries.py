"""Reads for reports, one statement each. Only months and parameters are written differently for the two databases.

A report is not a list to page through: no index sorts its sums, so every page would compute all of them again.
Instead it covers a period, returns its first lines, and says whether there are more.

Money is summed in whole cents, because SQLite stores decimals as floating point, whose sums are not exact. Rounding a
14-digit total times 100 yields the exact number of cents. Comparisons and divisions use whole numbers too.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.orders.models import Order
from app.reports.schemas import Report, ReportFilters, RevenueReport, RunningTotalsReport, TopCustomersReport
from tortoise_kit.sql import reading_client

# What differs by dialect. On SQLite a timestamp is text in UTC.
MONTHS: Final = {
    "postgres": "to_char(orders.created_at AT TIME ZONE 'UTC', 'YYYY-MM')",
    "sqlite": "substr(orders.created_at, 1, 7)",
}
PARAMETERS: Final = {"postgres": "${}", "sqlite": "?{}"}

# The orders that count. It replaces {sales} in the statements below.
SALES = """
WITH sales AS (
    SELECT {month} AS month, users.tier, orders.customer_id, CAST(ROUND(orders.total * 100) AS BIGINT) AS cents
    FROM orders JOIN users ON users.id = orders.customer_id
    WHERE orders.status <> 'cancelled'{period}
)"""

REVENUE = """{sales}
SELECT month, tier, COUNT(*) AS orders, SUM(cents) AS revenue
FROM sales GROUP BY month, tier
ORDER BY month DESC, tier LIMIT {limit}
"""

# More than twice the average, written without a division: revenue > 2 * tier_revenue / tier_customers.
TOP_CUSTOMERS = """{sales},
customers AS (
    SELECT customer_id, tier, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM sales GROUP BY customer_id, tier
),
rated AS (
    SELECT customers.*,
           SUM(revenue) OVER (PARTITION BY tier) AS tier_revenue,
           COUNT(*) OVER (PARTITION BY tier) AS tier_customers
    FROM customers
)
SELECT rated.*, users.name
FROM rated JOIN users ON users.id = rated.customer_id
WHERE revenue * tier_customers > 2 * tier_revenue
ORDER BY revenue DESC, customer_id LIMIT {limit}
"""

RUNNING_TOTALS = """{sales},
months AS (
    SELECT month, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM sales GROUP BY month
)
SELECT month, orders, revenue,
       SUM(revenue) OVER (ORDER BY month) AS running_total,
       RANK() OVER (ORDER BY revenue DESC) AS rank
FROM months
ORDER BY month DESC LIMIT {limit}
"""


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
