"""asyncpg and orjson by hand behind bare FastAPI: no ORM, no response model; rows become JSON in Python."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import asyncpg
import orjson
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, status

from benchmarks.compare.twins.login import Form, UserId, check_staff, new_login, pair
from benchmarks.compare.twins.pool import opened_pool
from benchmarks.compare.twins.schemas import OrderCreate, ProductFilters, ProductPatch

USER = "SELECT id, role, is_active FROM users WHERE id = $1"
ORDER_COLUMNS = "id, customer_id, status, total, created_at, updated_at"
ITEM_COLUMNS = ("product_id", "product_name", "quantity", "unit_price")
ORDERS = f"SELECT {ORDER_COLUMNS} FROM orders WHERE status = $1 ORDER BY created_at DESC, id DESC LIMIT $2"  # noqa: S608
ITEMS = """
SELECT order_id, product_id, product_name, quantity, unit_price
FROM order_items WHERE order_id = ANY($1) ORDER BY order_id, id
"""
PRODUCTS = """
SELECT id, sku, name, description, price, stock, attributes, category_id, created_at, updated_at, ARRAY(
    SELECT t.name FROM tags AS t JOIN product_tags AS l ON l.tag_id = t.id
    WHERE l.products_id = p.id ORDER BY t.name COLLATE "C"
) AS tags FROM products AS p
"""
TAGGED = "id IN (SELECT products_id FROM product_tags JOIN tags ON tags.id = tag_id WHERE tags.name = $%d)"
PRODUCT = f"{PRODUCTS} WHERE id = $1"
LOCK = "SELECT id, name, price, stock FROM products WHERE id = ANY($1) ORDER BY id FOR UPDATE"
TAKE = """
UPDATE products SET stock = stock - wanted.quantity
FROM unnest($1::bigint[], $2::int[]) AS wanted (id, quantity) WHERE products.id = wanted.id
"""
NEW_ORDER = f"""
INSERT INTO orders (customer_id, status, total, created_at, updated_at)
VALUES ($1, 'pending', $2, now(), now()) RETURNING {ORDER_COLUMNS}
"""  # noqa: S608
NEW_ITEMS = """
INSERT INTO order_items (order_id, product_id, product_name, quantity, unit_price)
SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::int[], $5::numeric[])
"""
NEW_EVENT = """
INSERT INTO order_events (order_id, user_id, kind, detail, created_at) VALUES ($1, $2, 'placed', '{}', now())
RETURNING kind, detail, created_at, user_id
"""
ORDER = f"SELECT {ORDER_COLUMNS} FROM orders WHERE id = $1"  # noqa: S608
EVENTS = "SELECT kind, detail, created_at, user_id FROM order_events WHERE order_id = $1 ORDER BY id"
CHANGE = f"""
UPDATE products AS p SET price = $2, updated_at = now() WHERE id = $1
RETURNING {PRODUCTS.strip().removeprefix("SELECT ").removesuffix("FROM products AS p")}
"""  # noqa: S608
REMOVE = "DELETE FROM products WHERE id = $1"
ACCOUNT = "SELECT id, password_hash, is_active, token_generation FROM users WHERE email = $1"
EXPIRED = "DELETE FROM refresh_tokens WHERE user_id = $1 AND expires_at < now()"
REFRESH = "INSERT INTO refresh_tokens (user_id, token_hash, family, expires_at) VALUES ($1, $2, $3, $4)"


async def _staff(number: UserId, request: Request) -> int:
    user = await request.app.state.pool.fetchrow(USER, number)
    check_staff(user and user["role"], active=user and user["is_active"])
    return number


Staff = Annotated[int, Depends(_staff)]
Limit = Annotated[int, Query(ge=1, le=100)]


def create_app() -> FastAPI:
    """The twin, on the database of the environment."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with opened_pool() as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)

    _add_reads(app)
    _add_changes(app)
    _add_inserts(app)
    return app


def _add_reads(app: FastAPI) -> None:
    @app.get("/api/v1/orders")
    async def list_orders(
        _: Staff, request: Request, wanted: Annotated[str, Query(alias="status")], limit: Limit = 50
    ) -> Response:
        async with request.app.state.pool.acquire() as connection:
            orders = await connection.fetch(ORDERS, wanted, limit)
            items = await connection.fetch(ITEMS, [order["id"] for order in orders])
        return _json(_page(_with_items(orders, items)))

    @app.get("/api/v1/products")
    async def list_products(request: Request, filters: Annotated[ProductFilters, Query()]) -> Response:
        rows = await request.app.state.pool.fetch(*_filtered(filters))
        return _json(_page([_product(row) for row in rows]))

    @app.get("/api/v1/products/{product_id}")
    async def read_product(product_id: int, request: Request) -> Response:
        row = await request.app.state.pool.fetchrow(PRODUCT, product_id)
        if row is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return _json(_product(row))

    @app.get("/api/v1/orders/{order_id}")
    async def read_order(order_id: int, _: Staff, request: Request) -> Response:
        async with request.app.state.pool.acquire() as connection:
            order = await connection.fetchrow(ORDER, order_id)
            if order is None:
                raise HTTPException(status.HTTP_404_NOT_FOUND)
            items = await connection.fetch(ITEMS, [order_id])
            events = await connection.fetch(EVENTS, order_id)
        [shown] = _with_items([order], items)
        return _json({**shown, "events": [_event(event) for event in events]})


def _add_changes(app: FastAPI) -> None:
    @app.patch("/api/v1/products/{product_id}")
    async def change_product(product_id: int, patch: ProductPatch, _: Staff, request: Request) -> Response:
        row = await request.app.state.pool.fetchrow(CHANGE, product_id, patch.price)
        if row is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return _json(_product(row))

    @app.delete("/api/v1/products/{product_id}", status_code=status.HTTP_204_NO_CONTENT)
    async def delete_product(product_id: int, _: Staff, request: Request) -> None:
        if await request.app.state.pool.execute(REMOVE, product_id) == "DELETE 0":
            raise HTTPException(status.HTTP_404_NOT_FOUND)


def _add_inserts(app: FastAPI) -> None:
    @app.post("/api/v1/auth/token")
    async def log_in(form: Form, request: Request) -> Response:
        user = await request.app.state.pool.fetchrow(ACCOUNT, form.username)
        login = await new_login(form.password, user and user["password_hash"], active=user and user["is_active"])
        async with request.app.state.pool.acquire() as connection, connection.transaction():
            await connection.execute(EXPIRED, user["id"])
            await connection.execute(REFRESH, user["id"], login.token_hash, login.family, login.expires_at)
        return _json(pair(login, user["id"], user["token_generation"]))

    @app.post("/api/v1/orders")
    async def place_order(new: OrderCreate, user: Staff, request: Request) -> Response:
        async with request.app.state.pool.acquire() as connection, connection.transaction():
            order = await place(connection, new, user)
        return _json(order, status.HTTP_201_CREATED)


async def place(connection: asyncpg.Connection, new: OrderCreate, customer_id: int) -> dict[str, Any]:
    """A new order, within the transaction of a connection."""
    wanted = {item.product_id: item.quantity for item in new.items}
    products = await connection.fetch(LOCK, list(wanted))
    if len(products) < len(wanted):
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT)
    if any(product["stock"] < wanted[product["id"]] for product in products):
        raise HTTPException(status.HTTP_409_CONFLICT)
    await connection.execute(TAKE, list(wanted), list(wanted.values()))
    items = [(each["id"], each["name"], wanted[each["id"]], each["price"]) for each in products]
    order = await connection.fetchrow(NEW_ORDER, customer_id, sum(price * quantity for *_, quantity, price in items))
    await connection.execute(NEW_ITEMS, order["id"], *map(list, zip(*items, strict=True)))
    event = await connection.fetchrow(NEW_EVENT, order["id"], customer_id)
    shown = [dict(zip(ITEM_COLUMNS, item, strict=True)) for item in items]
    return {**order, "items": shown, "events": [_event(event)]}


def _filtered(filters: ProductFilters) -> tuple[Any, ...]:
    """The statement of a list of products, and its parameters."""
    conditions = {"price >= $%d": filters.price_min, "price <= $%d": filters.price_max, TAGGED: filters.tag}
    wanted = {condition: value for condition, value in conditions.items() if value is not None}
    texts = [condition % at for at, condition in enumerate(wanted, start=1)]
    if filters.available is not None:
        texts.append("stock > 0" if filters.available else "stock = 0")
    where = f" WHERE {' AND '.join(texts)}" if texts else ""
    statement = f"{PRODUCTS}{where} ORDER BY created_at DESC, id DESC LIMIT ${len(wanted) + 1}"
    return statement, *wanted.values(), filters.limit


def _with_items(orders: Iterable[Any], items: Iterable[Any]) -> list[dict[str, Any]]:
    shown = {order["id"]: {**order, "items": []} for order in orders}
    for item in items:
        values = dict(item)
        shown[values.pop("order_id")]["items"].append(values)
    return list(shown.values())


def _event(row: Any) -> dict[str, Any]:
    return {**row, "detail": orjson.Fragment(row["detail"])}


def _product(row: Any) -> dict[str, Any]:
    return {**row, "attributes": orjson.Fragment(row["attributes"])}


def _page(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"items": items, "next": None, "previous": None}


def _json(content: Any, status_code: int = status.HTTP_200_OK) -> Response:
    body = orjson.dumps(content, default=str, option=orjson.OPT_UTC_Z)
    return Response(body, status_code, media_type="application/json")
