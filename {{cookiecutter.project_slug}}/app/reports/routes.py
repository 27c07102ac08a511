"""Reports over HTTP, for staff."""

from typing import Annotated

from fastapi import Query

from app.accounts.policies import Staff
from app.reports import queries
from app.reports.schemas import ReportFilters, RevenueReport, RunningTotalsReport, TopCustomersReport
from tortoise_kit.http import Router

router = Router(prefix="/reports", tags=["reports"])
Filters = Annotated[ReportFilters, Query()]


@router.get("/revenue")
async def report_revenue(_: Staff, filters: Filters) -> RevenueReport:
    """What was sold by month and tier, the newest month first."""
    return await queries.revenue(filters)


@router.get("/top-customers")
async def report_top_customers(_: Staff, filters: Filters) -> TopCustomersReport:
    """Customers who ordered for more than twice the average of their tier's customers who ordered, the best first."""
    return await queries.top_customers(filters)


@router.get("/running-totals")
async def report_running_totals(_: Staff, filters: Filters) -> RunningTotalsReport:
    """What was sold by month, with the sum up to its end and its rank, the newest month first."""
    return await queries.running_totals(filters)
