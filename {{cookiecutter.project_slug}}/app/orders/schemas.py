"""Requests and responses of orders."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.orders.models import Order, OrderEvent, OrderItem, Status
from tortoise_kit.schemas import Id, Instant, ReadSchema, column

MAX_ITEMS = 100
MAX_QUANTITY = 10_000

Action = Literal["pay", "ship", "cancel"]


class OrderItemRead(ReadSchema, model=OrderItem, exclude=("id", "order_id")):
    """One product of an order, with the name and the price that it had on the day of the order."""

    product_name: str = column()

    quantity: int = column()
    unit_price: Decimal = column()
    product_id: int = column()


class OrderRead(ReadSchema, model=Order):
    """An order with its items."""

    id: int = column()
    status: Status = column()
    total: Decimal = column()
    created_at: datetime = column()
    updated_at: datetime = column()
    customer_id: int = column()

    items: list[OrderItemRead]


class OrderEventRead(ReadSchema, model=OrderEvent, exclude=("id", "order_id")):
    """What happened to an order. `user_id` is who did it; null if no user did."""

    kind: str = column()
    detail: dict[str, Any] = column()
    created_at: datetime = column()
    user_id: int | None = column()


class OrderWithEvents(OrderRead):
    """An order with its items and its trail, oldest first."""

    events: list[OrderEventRead]


class OrderItemCreate(BaseModel):
    """A product and the number of pieces."""

    model_config = ConfigDict(extra="forbid")

    product_id: Id
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


def _distinct(items: list[OrderItemCreate]) -> list[OrderItemCreate]:
    if len({item.product_id for item in items}) < len(items):
        kind, message = "items_repeated", "List each product only once, with its total quantity"
        raise PydanticCustomError(kind, message)
    return items


class OrderCreate(BaseModel):
    """A new order. Prices come from the catalog."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id | None = Field(
        default=None, description="Your own account by default; only staff can name another."
    )
    items: Annotated[list[OrderItemCreate], Field(min_length=1, max_length=MAX_ITEMS), AfterValidator(_distinct)]


class OrderTransfer(BaseModel):
    """The customer who receives the order."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id


class OrderFilters(BaseModel):
    """Which orders to list. An order must match every filter that is set."""

    status: Status | None = Field(default=None, description="Orders with this status.")
    customer_id: Id | None = Field(default=None, description="Orders of this customer.")
    created_from: Instant | None = Field(default=None, description="Orders placed at or after this timestamp.")
    created_to: Instant | None = Field(default=None, description="Orders placed before this timestamp.")
