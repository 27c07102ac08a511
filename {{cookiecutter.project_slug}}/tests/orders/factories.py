"""Orders for tests."""

from typing import Any

from app.accounts.models import User
from app.orders import service
from app.orders.models import Order
from app.orders.schemas import OrderCreate
from tests.catalog.factories import make_product


async def make_order(customer: User, **columns: Any) -> Order:
    """An order of one new product."""
    items = [{"product_id": (await make_product()).id, "quantity": 1}]
    order = await service.place_order(OrderCreate.model_validate({"items": items}), customer, customer_id=customer.id)
    if columns:
        await order.update_from_dict(columns).save(update_fields=list(columns))
    return order
