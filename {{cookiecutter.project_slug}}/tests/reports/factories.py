"""Sales for tests of reports."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.customers.models import Customer, Tier
from app.orders.models import Order, Status
from tests.customers.factories import make_customer


@dataclass(frozen=True)
class Sale:
    """One order, by the position of its customer."""

    customer: int
    total: Decimal
    at: datetime
    status: Status = Status.PAID


async def store(tiers: list[Tier], sales: list[Sale]) -> list[Customer]:
    """The customers, one of each tier given, and their orders."""
    customers = [await make_customer(tier=tier) for tier in tiers]
    orders = [
        Order(customer_id=customers[sale.customer].id, status=sale.status, total=sale.total, created_at=sale.at)
        for sale in sales
    ]
    await Order.bulk_create(orders)
    return customers


async def make_sales(rows: int) -> None:
    """So many customers with a sale each, in as many months."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    await store(
        [Tier.GOLD] * rows,
        [Sale(number, Decimal(10 ** (number % 6)), first + timedelta(days=31 * number)) for number in range(rows)],
    )
