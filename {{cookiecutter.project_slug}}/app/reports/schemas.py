"""Requests and responses of reports."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from app.customers.models import Tier
from tortoise_kit.schemas import Id, Instant

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


class RunningTotalsFilters(ReportFilters):
    """The same, and whose orders."""

    per_customer: bool = Field(default=False, description="One line for each month and customer, not for each month.")
    customer_id: Id | None = Field(default=None, description="Count only orders of this customer.")


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
    median: Amount = Field(description="Median total of the orders, rounded half up.")


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
    """Revenue of one month, the total up to its end, and its rank among the months; of one customer or of all."""

    month: Month
    customer_id: int | None = Field(description="The customer; null without `per_customer`.")
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
