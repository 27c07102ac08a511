"""Reads of customers."""

from typing import Any

from tortoise.queryset import QuerySet

from app.customers.models import Customer
from app.customers.schemas import CustomerFilters


def customers(filters: CustomerFilters) -> QuerySet[Customer]:
    """The customers that match all `filters`."""
    conditions: dict[str, Any] = {"tier": filters.tier}
    return Customer.filter(**{name: value for name, value in conditions.items() if value is not None})


async def can_order(customer_id: int) -> bool:
    """Whether there is such a customer, with an active account."""
    return await Customer.filter(id=customer_id, user__is_active=True).exists()
