"""Reads for reports, one statement each.

A report is not a list to page through: no index sorts its sums, so every page would compute all of them again.
Instead it covers a period, returns its first lines, and says whether there are more.

Money is summed in whole cents, because SQLite stores decimals as floating point, whose sums are not exact. Rounding a
14-digit total times 100 yields the exact number of cents. Comparisons and divisions use whole numbers too: half up is
`(2 * sum + count) / (2 * count)`.
"""

from typing import Any, Final, LiteralString

from pydantic import BaseModel
from tortoise.queryset import QuerySet

from app.orders.models import Order, Status
from app.reports.schemas import (
    ReportFilters,
    Revenue,
    RevenueReport,
    RunningTotal,
    RunningTotalsFilters,
    RunningTotalsReport,
    TopCustomer,
    TopCustomersReport,
)
from tortoise_kit.sql import ByDialect, fetch_as

# On SQLite a timestamp is text in UTC.
MONTH: Final = ByDialect(
    postgres="to_char(orders.created_at AT TIME ZONE 'UTC', 'YYYY-MM')", sqlite="substr(orders.created_at, 1, 7)"
)

SALES: Final = """
WITH sales AS (
    SELECT {month} AS month, customers.tier, orders.customer_id, CAST(ROUND(orders.total * 100) AS BIGINT) AS cents
    FROM {orders} AS orders JOIN customers ON customers.id = orders.customer_id
)"""

# The median is the middle one of the sorted values, or the average of the middle two.
REVENUE: Final = """,
sorted AS (
    SELECT month, tier, cents,
           2 * ROW_NUMBER() OVER (PARTITION BY month, tier ORDER BY cents) AS place,
           COUNT(*) OVER (PARTITION BY month, tier) AS size
    FROM sales
)
SELECT month, tier, COUNT(*) AS orders, SUM(cents) AS revenue,
       CAST(2 * SUM(CASE WHEN place BETWEEN size AND size + 2 THEN cents END) + 2 - size % 2 AS BIGINT)
           / (4 - 2 * (size % 2)) AS median
FROM sorted GROUP BY month, tier, size
ORDER BY month DESC, tier LIMIT {limit}
"""

# More than twice the average, written without a division: revenue > 2 * tier_revenue / tier_customers.
TOP_CUSTOMERS: Final = """,
buyers AS (
    SELECT customer_id, tier, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM sales GROUP BY customer_id, tier
),
rated AS (
    SELECT buyers.*,
           SUM(revenue) OVER (PARTITION BY tier) AS tier_revenue,
           COUNT(*) OVER (PARTITION BY tier) AS tier_customers
    FROM buyers
)
SELECT customer_id, customers.name, rated.tier, orders, revenue,
       CAST(2 * tier_revenue + tier_customers AS BIGINT) / (2 * tier_customers) AS tier_average
FROM rated JOIN customers ON customers.id = rated.customer_id
WHERE revenue * tier_customers > 2 * tier_revenue
ORDER BY revenue DESC, customer_id LIMIT {limit}
"""

RUNNING_TOTALS: Final = """,
months AS (
    SELECT month, customer, COUNT(*) AS orders, SUM(cents) AS revenue
    FROM (SELECT month, cents, CASE WHEN {per_customer} THEN customer_id END AS customer FROM sales) AS counted
    GROUP BY month, customer
)
SELECT month, customer AS customer_id, orders, revenue,
       SUM(revenue) OVER (PARTITION BY customer ORDER BY month) AS running_total,
       RANK() OVER (PARTITION BY customer ORDER BY revenue DESC) AS rank
FROM months
ORDER BY month DESC, customer LIMIT {limit}
"""


async def revenue(filters: ReportFilters) -> RevenueReport:
    """Revenue by month and tier, newest month first."""
    return RevenueReport(**await _lines(Revenue, SALES + REVENUE, _sales(filters), filters.limit))


async def top_customers(filters: ReportFilters) -> TopCustomersReport:
    """Customers with more than twice the average revenue of their tier, highest first."""
    return TopCustomersReport(**await _lines(TopCustomer, SALES + TOP_CUSTOMERS, _sales(filters), filters.limit))


async def running_totals(filters: RunningTotalsFilters) -> RunningTotalsReport:
    """Revenue by month, or by month and customer, with its running total and rank, newest month first."""
    sales = _sales(filters) if filters.customer_id is None else _sales(filters).filter(customer_id=filters.customer_id)
    sql = SALES + RUNNING_TOTALS
    return RunningTotalsReport(
        **await _lines(RunningTotal, sql, sales, filters.limit, per_customer=filters.per_customer)
    )


def _sales(filters: ReportFilters) -> QuerySet[Order]:
    """The orders that count."""
    period = {"created_at__gte": filters.created_from, "created_at__lt": filters.created_to}
    given = {name: at for name, at in period.items() if at is not None}
    return Order.filter(**given).exclude(status=Status.CANCELLED)


async def _lines[Line: BaseModel](
    kind: type[Line], sql: LiteralString, sales: QuerySet[Order], limit: int, **parameters: Any
) -> dict[str, Any]:
    """The members of a report: the first lines, and whether there are more."""
    found = await fetch_as(kind, sql, model=Order, month=MONTH, orders=sales, limit=limit + 1, **parameters)
    return {"items": found[:limit], "more": len(found) > limit}
