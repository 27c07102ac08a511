"""Reads of orders."""

from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import User
from app.orders.access import visible
from app.orders.models import Order
from app.orders.schemas import OrderFilters


def orders(filters: OrderFilters, user: User) -> QuerySet[Order]:
    """The orders that match all `filters`, of those that `user` may see."""
    conditions: dict[str, Any] = {
        "status": filters.status,
        "customer_id": filters.customer_id,
        "created_at__gte": filters.created_from,
        "created_at__lt": filters.created_to,
    }
    return visible(user).filter(**{name: value for name, value in conditions.items() if value is not None})


async def order(order_id: int) -> Order:
    """One order with its items and its trail, of any customer."""
    return await Order.get(id=order_id).prefetch_related("items", "events")
