"""What staff read of reports."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from app.accounts.models import Tier
from tortoise_kit.schemas import Instant

CENT_PLACES = 2
LIMIT_DEFAULT, LIMIT_MAX = 50, 100  # lines, as in the service's lists


def _from_cents(cents: Any) -> Decimal:
    """The database's sum, a whole number of cents, as an amount with both places."""
    return Decimal(int(cents)).scaleb(-CENT_PLACES)


Amount = Annotated[Decimal, BeforeValidator(_from_cents)]
Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", description="In UTC.", examples=["2026-01"])]


class ReportFilters(BaseModel):
    """Which orders count, and how many lines come; cancelled orders never count."""

    created_from: Instant | None = Field(default=None, description="Orders from this moment on.")
    created_to: Instant | None = Field(default=None, description="Orders before this moment.")
    limit: int = Field(default=LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="Lines at most; the first ones come.")


class Report[Line](BaseModel):
    """The first lines of a report."""

    items: list[Line]
    more: bool = Field(description="Whether the report has lines beyond `limit`; a shorter period has fewer.")


class Revenue(BaseModel):
    """What customers of one tier ordered in one month; the tier is the one they have today."""

    month: Month
    tier: Tier
    orders: int
    revenue: Amount


class TopCustomer(BaseModel):
    """A customer who ordered for more than twice the average of their tier."""

    customer_id: int
    name: str
    tier: Tier
    orders: int
    revenue: Amount
    tier_average: Amount = Field(description="Of the tier's customers who ordered, rounded half up.")


class RunningTotal(BaseModel):
    """A month's revenue, all of the period up to its end, and its place among the months."""

    month: Month
    orders: int
    revenue: Amount
    running_total: Amount
    rank: int = Field(
        description="1 for the best month; months of equal revenue share a rank, and the next is left out."
    )


class RevenueReport(Report[Revenue]):
    """Revenue by month and tier."""


class TopCustomersReport(Report[TopCustomer]):
    """Customers far above their tier's average."""


class RunningTotalsReport(Report[RunningTotal]):
    """Revenue by month with its running total."""
