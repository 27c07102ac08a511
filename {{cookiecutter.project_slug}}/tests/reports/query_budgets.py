"""How many queries the reports send: one each, after the one for the user."""

from tests.reports.factories import make_sales
from tests.support.budgets import API, Budget, Call


async def report_revenue(rows: int) -> Call:
    await make_sales(rows)
    return Call("/reports/revenue")


async def report_top_customers(rows: int) -> Call:
    await make_sales(rows)
    return Call("/reports/top-customers?created_from=2024-01-01T00:00:00Z")


async def report_running_totals(rows: int) -> Call:
    await make_sales(rows)
    return Call("/reports/running-totals?created_to=2100-01-01T00:00:00Z")


BUDGETS = (
    Budget(f"GET {API}/reports/revenue", 2, report_revenue),
    Budget(f"GET {API}/reports/top-customers", 2, report_top_customers),
    Budget(f"GET {API}/reports/running-totals", 2, report_running_totals),
)
