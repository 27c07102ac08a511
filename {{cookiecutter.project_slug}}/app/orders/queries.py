"""What is read of orders."""

from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import User
from app.orders.models import Order
from app.orders.schemas import OrderFilters
from tortoise_kit.problems import NotFound


def orders(filters: OrderFilters, *, owner: int | None) -> QuerySet[Order]:
    """The orders of one customer, or of all for None, that pass `filters`."""
    conditions: dict[str, Any] = {
        "status": filters.status,
        "customer_id": filters.customer_id,
        "created_at__gte": filters.created_from,
        "created_at__lt": filters.created_to,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    return owned(Order.filter(**given), owner)


async def customer_exists(customer_id: int) -> bool:
    """Whether somebody with an active account may have orders; no row is read."""
    return await User.filter(id=customer_id, is_active=True).exists()


def owned(rows: QuerySet[Order], owner: int | None) -> QuerySet[Order]:
    """Those of `rows` that are one customer's; all of them for None."""
    return rows if owner is None else rows.filter(customer_id=owner)


async def order(order_id: int, *, owner: int | None) -> Order:
    """One order with its items.

    Raises:
        NotFound: There is no such order, or it is not the owner's; with None it may be anybody's.
    """
    found = await owned(Order.filter(id=order_id), owner).prefetch_related("items").first()
    if found is None:
        detail = "There is no such order."
        raise NotFound(detail)
    return found
