"""What twins take and show by Pydantic, as anybody would write it beside models of SQLAlchemy."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _names(tags: Any) -> list[str]:
    return sorted(tag if isinstance(tag, str) else tag.name for tag in tags)


Tags = Annotated[list[str], BeforeValidator(_names)]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ItemRead(_Shown):
    """One product of an order."""

    product_id: int
    product_name: str
    quantity: int
    unit_price: Decimal


class OrderRead(_Shown):
    """An order with its items."""

    id: int
    customer_id: int
    status: str
    total: Decimal
    created_at: datetime
    updated_at: datetime
    items: list[ItemRead]


class EventRead(_Shown):
    """What happened to an order."""

    kind: str
    detail: dict[str, Any]
    created_at: datetime
    user_id: int | None


class OrderWithEvents(OrderRead):
    """An order with its items and its trail."""

    events: list[EventRead]


class ProductRead(_Shown):
    """A product with the names of its tags."""

    id: int
    sku: str
    name: str
    description: str
    price: Decimal
    stock: int
    attributes: dict[str, Any]
    category_id: int
    created_at: datetime
    updated_at: datetime
    tags: Tags


class TokenPair(BaseModel):
    """What a login returns."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105  # a kind of token
    expires_in: int


class Page[Item](_Shown):
    """Some items, and cursors that a twin has none of."""

    items: list[Item]
    next: str | None = None
    previous: str | None = None


class ItemCreate(BaseModel):
    """A product and how many of it."""

    product_id: Annotated[int, Field(ge=1)]
    quantity: Annotated[int, Field(ge=1, le=10_000)]


class OrderCreate(BaseModel):
    """A new order."""

    items: Annotated[list[ItemCreate], Field(min_length=1, max_length=100)]


class ProductPatch(BaseModel):
    """A new price."""

    price: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class ProductFilters(BaseModel):
    """Which products to list, and how many."""

    tag: str | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    available: bool | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
