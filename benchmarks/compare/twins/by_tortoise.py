"""Tortoise as its docs show: its own engine, `RegisterTortoise`, and schemas by `pydantic_model_creator`.

The models are the service's, so that they cannot differ from the tables.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, status
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.contrib.pydantic import pydantic_model_creator
from tortoise.transactions import in_transaction

from app.accounts.models import RefreshToken, User
from app.catalog.models import Product
from app.features import MODEL_MODULES, MODELS_APP
from app.orders.models import Order, OrderEvent, OrderItem
from benchmarks.compare.twins.login import Form, UserId, check_staff, new_login, pair
from benchmarks.compare.twins.pool import DATABASE_URL, POOL_SIZE
from benchmarks.compare.twins.schemas import OrderCreate, Page, ProductFilters, ProductPatch, Tags, TokenPair
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
EventColumns: Any = pydantic_model_creator(OrderEvent, name="TwinEvent", include=("kind", "detail", "created_at"))
OrderColumns: Any = pydantic_model_creator(Order, name="TwinOrder", include=ORDER_COLUMNS)
ProductColumns: Any = pydantic_model_creator(Product, name="TwinProduct", include=PRODUCT_COLUMNS)


class ItemRead(ItemColumns):  # type: ignore[misc]  # made while running
    """One product of an order."""


class EventRead(EventColumns):  # type: ignore[misc]  # made while running
    """What happened to an order."""

    user_id: int | None


class OrderRead(OrderColumns):  # type: ignore[misc]  # made while running
    """An order with its items."""

    items: list[ItemRead]


class OrderWithEvents(OrderRead):
    """An order with its items and its trail."""

    events: list[EventRead]


class ProductRead(ProductColumns):  # type: ignore[misc]  # made while running
    """A product with the names of its tags."""

    tags: Tags


def create_app() -> FastAPI:
    """The twin, on the database of the environment."""
    config = {"connections": {"default": _connection()}, "apps": {MODELS_APP: {"models": [*MODEL_MODULES]}}}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with RegisterTortoise(app, config={**config, "use_tz": True, "timezone": "UTC"}):
            yield

    app = FastAPI(lifespan=lifespan)

    _add_reads(app)
    _add_changes(app)
    _add_inserts(app)
    return app


async def _staff(number: UserId) -> User:
    user = await User.get_or_none(id=number)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    check_staff(user.role, active=user.is_active)
    return user


def _add_reads(app: FastAPI) -> None:
    @app.get("/api/v1/orders", dependencies=[Depends(_staff)], response_model=Page[OrderRead])
    async def list_orders(
        wanted: Annotated[str, Query(alias="status")], limit: Annotated[int, Query(ge=1, le=100)] = 50
    ) -> Any:
        found = Order.filter(status=wanted).order_by("-created_at", "-id").limit(limit)
        return {"items": await OrderRead.from_queryset(found)}

    @app.get("/api/v1/products", response_model=Page[ProductRead])
    async def list_products(filters: Annotated[ProductFilters, Query()]) -> Any:
        found = _filtered(filters).order_by("-created_at", "-id").limit(filters.limit)
        return {"items": [ProductRead.model_validate(product) for product in await found.prefetch_related("tags")]}

    @app.get("/api/v1/products/{product_id}", response_model=ProductRead)
    async def read_product(product_id: int) -> Any:
        product = await Product.get_or_none(id=product_id).prefetch_related("tags")
        if product is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return ProductRead.model_validate(product)

    @app.get("/api/v1/orders/{order_id}", dependencies=[Depends(_staff)], response_model=OrderWithEvents)
    async def read_order(order_id: int) -> Any:
        order = await Order.get_or_none(id=order_id).prefetch_related("items", "events")
        if order is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return OrderWithEvents.model_validate(order)


def _add_changes(app: FastAPI) -> None:
    @app.patch("/api/v1/products/{product_id}", dependencies=[Depends(_staff)], response_model=ProductRead)
    async def change_product(product_id: int, patch: ProductPatch) -> Any:
        async with in_transaction():
            product = await Product.select_for_update().get_or_none(id=product_id)
            if product is None:
                raise HTTPException(status.HTTP_404_NOT_FOUND)
            product.price = patch.price
            await product.save(update_fields=["price", "updated_at"])
            await product.fetch_related("tags")
        return ProductRead.model_validate(product)

    @app.delete("/api/v1/products/{product_id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(_staff)])
    async def delete_product(product_id: int) -> None:
        if not await Product.filter(id=product_id).delete():
            raise HTTPException(status.HTTP_404_NOT_FOUND)


def _add_inserts(app: FastAPI) -> None:
    @app.post("/api/v1/auth/token", response_model=TokenPair)
    async def log_in(form: Form) -> Any:
        user = await User.get_or_none(email=form.username)
        if user is None:
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)
        login = await new_login(form.password, user.password_hash, active=user.is_active)
        async with in_transaction():
            await RefreshToken.filter(user_id=user.id, expires_at__lt=datetime.now(UTC)).delete()
            await RefreshToken.create(
                user_id=user.id, token_hash=login.token_hash, family=login.family, expires_at=login.expires_at
            )
        return pair(login, user.id, user.token_generation)

    @app.post("/api/v1/orders", status_code=status.HTTP_201_CREATED, response_model=OrderWithEvents)
    async def place_order(new: OrderCreate, user: Annotated[User, Depends(_staff)]) -> Any:
        return OrderWithEvents.model_validate(await _placed(new, user.id))


def _filtered(filters: ProductFilters) -> Any:
    conditions = {"tags__name": filters.tag, "price__gte": filters.price_min, "price__lte": filters.price_max}
    found = Product.filter(**{name: value for name, value in conditions.items() if value is not None})
    if filters.available is None:
        return found
    return found.filter(stock__gt=0) if filters.available else found.filter(stock=0)


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
        await OrderEvent.create(order_id=order.id, user_id=customer_id, kind="placed")
    return await Order.get(id=order.id).prefetch_related("items", "events")


def _connection() -> dict[str, Any]:
    known = tortoise_config(DATABASE_URL, models=())["connections"]["default"]["credentials"]
    sizes = {"min_size": 1, "max_size": POOL_SIZE}
    return {"engine": ENGINE, "credentials": {**{name: known[name] for name in CREDENTIALS}, **sizes}}
