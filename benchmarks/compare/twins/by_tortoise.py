"""Tortoise as its docs show: its own engine, `RegisterTortoise`, and schemas by `pydantic_model_creator`.

The models are the service's, so that they cannot differ from the tables.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, status
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.contrib.pydantic import pydantic_model_creator
from tortoise.transactions import in_transaction

from app.accounts.models import User
from app.catalog.models import Product
from app.features import MODEL_MODULES, MODELS_APP
from app.orders.models import Order, OrderEvent, OrderItem
from app.settings import Settings
from benchmarks.compare.twins.login import UserId, check_staff
from benchmarks.compare.twins.schemas import OrderCreate, Page, Tags
from tortoise_kit.db import tortoise_config

ENGINE = "tortoise.backends.asyncpg"
CREDENTIALS = ("host", "port", "user", "password", "database")
ORDER_COLUMNS = ("id", "customer_id", "status", "total", "created_at", "updated_at")
ITEM_COLUMNS = ("product_id", "product_name", "quantity", "unit_price")
PRODUCT_COLUMNS = (
    *("id", "sku", "name", "description", "price", "stock", "attributes", "category_id"),
    *("created_at", "updated_at"),
)

ItemColumns: Any = pydantic_model_creator(OrderItem, name="TwinItem", include=ITEM_COLUMNS)
OrderColumns: Any = pydantic_model_creator(Order, name="TwinOrder", include=ORDER_COLUMNS)
ProductColumns: Any = pydantic_model_creator(Product, name="TwinProduct", include=PRODUCT_COLUMNS)


class ItemRead(ItemColumns):  # type: ignore[misc]  # made while running
    """One product of an order."""


class OrderRead(OrderColumns):  # type: ignore[misc]  # made while running
    """An order with its items."""

    items: list[ItemRead]


class ProductRead(ProductColumns):  # type: ignore[misc]  # made while running
    """A product with the names of its tags."""

    tags: Tags


def create_app() -> FastAPI:
    """The twin, on the database of the environment."""
    settings = Settings()
    config = {"connections": {"default": _connection(settings)}, "apps": {MODELS_APP: {"models": [*MODEL_MODULES]}}}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with RegisterTortoise(app, config={**config, "use_tz": True, "timezone": "UTC"}):
            yield

    async def staff(number: UserId) -> User:
        user = await User.get_or_none(id=number)
        if user is None:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)
        check_staff(user.role, active=user.is_active)
        return user

    app = FastAPI(lifespan=lifespan)

    @app.get("/api/v1/orders", dependencies=[Depends(staff)], response_model=Page[OrderRead])
    async def list_orders(
        wanted: Annotated[str, Query(alias="status")], limit: Annotated[int, Query(ge=1, le=100)] = 50
    ) -> Any:
        found = Order.filter(status=wanted).order_by("-created_at", "-id").limit(limit)
        return {"items": await OrderRead.from_queryset(found)}

    @app.get("/api/v1/products", response_model=Page[ProductRead])
    async def list_products(limit: Annotated[int, Query(ge=1, le=100)] = 50) -> Any:
        found = Product.all().order_by("-created_at", "-id").limit(limit)
        return {"items": [ProductRead.model_validate(product) for product in await found.prefetch_related("tags")]}

    @app.get("/api/v1/products/{product_id}", response_model=ProductRead)
    async def read_product(product_id: int) -> Any:
        product = await Product.get_or_none(id=product_id).prefetch_related("tags")
        if product is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return ProductRead.model_validate(product)

    @app.post("/api/v1/orders", status_code=status.HTTP_201_CREATED, response_model=OrderRead)
    async def place_order(new: OrderCreate, user: Annotated[User, Depends(staff)]) -> Any:
        return OrderRead.model_validate(await _placed(new, user.id))

    return app


async def _placed(new: OrderCreate, customer_id: int) -> Order:
    wanted = {item.product_id: item.quantity for item in new.items}
    async with in_transaction():
        products = await Product.filter(id__in=list(wanted)).order_by("id").select_for_update()
        if len(products) < len(wanted):
            raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT)
        for product in products:
            if product.stock < wanted[product.id]:
                raise HTTPException(status.HTTP_409_CONFLICT)
            product.stock -= wanted[product.id]
        await Product.bulk_update(products, ["stock"])
        total = sum(each.price * wanted[each.id] for each in products)
        order = await Order.create(customer_id=customer_id, total=total)
        await OrderItem.bulk_create(
            OrderItem(
                order_id=order.id,
                product_id=each.id,
                product_name=each.name,
                quantity=wanted[each.id],
                unit_price=each.price,
            )
            for each in products
        )
        await OrderEvent.create(order_id=order.id, kind="placed")
    return await Order.get(id=order.id).prefetch_related("items")


def _connection(settings: Settings) -> dict[str, Any]:
    known = tortoise_config(settings.database_url, models=())["connections"]["default"]["credentials"]
    sizes = {"min_size": 1, "max_size": settings.pool().max_size}
    return {"engine": ENGINE, "credentials": {**{name: known[name] for name in CREDENTIALS}, **sizes}}
