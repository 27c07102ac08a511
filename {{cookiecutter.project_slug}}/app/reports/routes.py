"""Routes of reports, for staff."""

from typing import Annotated

from fastapi import Query

from app.accounts.policies import Staff
from app.reports import queries
from app.reports.schemas import (
    ReportFilters,
    RevenueReport,
    RunningTotalsFilters,
    RunningTotalsReport,
    TopCustomersReport,
)
from tortoise_kit.http import Router

router = Router(prefix="/reports", tags=["reports"])
Filters = Annotated[ReportFilters, Query()]


@router.get("/revenue")
async def report_revenue(_: Staff, filters: Filters) -> RevenueReport:
    """Revenue by month and tier with the median order, newest month first."""
    return await queries.revenue(filters)


@router.get("/top-customers")
async def report_top_customers(_: Staff, filters: Filters) -> TopCustomersReport:
    """Customers with more than twice the average revenue of their tier, highest revenue first.

    The average counts only customers with orders in the period.
    """
    return await queries.top_customers(filters)


@router.get("/running-totals")
async def report_running_totals(_: Staff, filters: Annotated[RunningTotalsFilters, Query()]) -> RunningTotalsReport:
    """Revenue by month with its running total and rank, newest month first; with `per_customer` for each customer."""
    return await queries.running_totals(filters)
