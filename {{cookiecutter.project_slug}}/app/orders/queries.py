"""Reads of orders."""

from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import User
from app.orders.models import Order
from app.orders.schemas import OrderFilters
from tortoise_kit.problems import NotFound


def orders(filters: OrderFilters, *, owner: int | None) -> QuerySet[Order]:
    """The orders that match all `filters`: those of customer `owner`, or everyone's if `owner` is None."""
    conditions: dict[str, Any] = {
        "status": filters.status,
        "customer_id": filters.customer_id,
        "created_at__gte": filters.created_from,
        "created_at__lt": filters.created_to,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    return owned(Order.filter(**given), owner)


async def customer_exists(customer_id: int) -> bool:
    """Whether an active account with this id exists."""
    return await User.filter(id=customer_id, is_active=True).exists()


def owned(rows: QuerySet[Order], owner: int | None) -> QuerySet[Order]:
    """The rows that belong to customer `owner`; all of them if `owner` is None."""
    return rows if owner is None else rows.filter(customer_id=owner)


async def order(order_id: int, *, owner: int | None) -> Order:
    """One order with its items.

    Raises:
        NotFound: The order does not exist, or `owner` is set and it belongs to someone else.
    """
    found = await owned(Order.filter(id=order_id), owner).prefetch_related("items").first()
    if found is None:
        detail = "Order not found."
        raise NotFound(detail)
    return found
