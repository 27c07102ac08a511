"""What is read of orders."""

from typing import Any

from tortoise.queryset import QuerySet

from app.kit.problems import NotFound
from app.orders.models import Order
from app.orders.schemas import OrderFilters


def orders(filters: OrderFilters) -> QuerySet[Order]:
    """The orders that pass `filters`."""
    conditions: dict[str, Any] = {
        "status": filters.status,
        "customer_id": filters.customer_id,
        "created_at__gte": filters.created_from,
        "created_at__lt": filters.created_to,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    return Order.filter(**given)


async def order(order_id: int) -> Order:
    """One order with its items.

    Raises:
        NotFound: There is no such order.
    """
    found = await Order.get_or_none(id=order_id).prefetch_related("items")
    if found is None:
        detail = "There is no such order."
        raise NotFound(detail)
    return found
