"""What clients send to and read from orders."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.orders.models import Order, OrderItem, Status
from tortoise_kit.schemas import Id, Instant, ReadSchema

MAX_ITEMS = 100
MAX_QUANTITY = 10_000

Action = Literal["pay", "ship", "cancel"]


class OrderItemRead(ReadSchema, model=OrderItem, exclude=("id", "order_id")):
    """One product of an order, at the price it had then."""


class OrderRead(ReadSchema, model=Order):
    """An order with its items."""

    items: list[OrderItemRead]


class OrderItemCreate(BaseModel):
    """A product and how many of it."""

    model_config = ConfigDict(extra="forbid")

    product_id: Id
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


def _distinct(items: list[OrderItemCreate]) -> list[OrderItemCreate]:
    if len({item.product_id for item in items}) < len(items):
        kind, message = "items_repeated", "Each product is given once, with its quantity"
        raise PydanticCustomError(kind, message)
    return items


class OrderCreate(BaseModel):
    """A new order. Prices are the catalog's, so none is sent."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id | None = Field(default=None, description="By default whoever is signed in; staff may name another.")
    items: Annotated[list[OrderItemCreate], Field(min_length=1, max_length=MAX_ITEMS), AfterValidator(_distinct)]


class OrderTransfer(BaseModel):
    """To whom an order goes."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id


class OrderFilters(BaseModel):
    """Which orders to list; all given filters must hold."""

    status: Status | None = None
    customer_id: Id | None = None
    created_from: Instant | None = Field(default=None, description="From this moment on.")
    created_to: Instant | None = Field(default=None, description="Before this moment.")
