"""Requests and responses of reports."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from app.accounts.models import Tier
from tortoise_kit.schemas import Instant

CENT_PLACES = 2
LIMIT_DEFAULT, LIMIT_MAX = 50, 100  # lines, as in the service's lists


def _from_cents(cents: Any) -> Decimal:
    """An amount with two decimal places, from the database's sum in whole cents."""
    return Decimal(int(cents)).scaleb(-CENT_PLACES)


Amount = Annotated[Decimal, BeforeValidator(_from_cents)]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description="Year and month, in UTC.", examples=["2026-01"])]


class ReportFilters(BaseModel):
    """Which orders to count and how many lines to return. Cancelled orders never count."""

    created_from: Instant | None = Field(default=None, description="Count orders placed at or after this timestamp.")
    created_to: Instant | None = Field(default=None, description="Count orders placed before this timestamp.")
    limit: int = Field(default=LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="Maximum number of lines.")


class Report[Line](BaseModel):
    """The first lines of a report."""

    items: list[Line]
    more: bool = Field(description="Whether there are more lines than `limit`; choose a shorter period to see them.")


class Revenue(BaseModel):
    """Revenue of one month from customers of one tier. The tier is the customer's current one."""

    month: Month
    tier: Tier
    orders: int
    revenue: Amount


class TopCustomer(BaseModel):
    """A customer with more than twice the average revenue of their tier."""

    customer_id: int
    name: str
    tier: Tier
    orders: int
    revenue: Amount
    tier_average: Amount = Field(
        description="Average revenue of the tier's customers with orders in the period, rounded half up."
    )


class RunningTotal(BaseModel):
    """Revenue of one month, the total up to its end, and its rank among the months."""

    month: Month
    orders: int
    revenue: Amount
    running_total: Amount
    rank: int = Field(
        description="1 for the month with the highest revenue. Equal months share a rank, and the next rank is skipped."
    )


class RevenueReport(Report[Revenue]):
    """Revenue by month and tier."""


class TopCustomersReport(Report[TopCustomer]):
    """Customers well above their tier's average."""


class RunningTotalsReport(Report[RunningTotal]):
    """Revenue by month with its running total."""
