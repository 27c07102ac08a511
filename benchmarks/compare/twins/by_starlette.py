"""The limit: Starlette's routes, constant SQL, JSON made by Postgres; nothing is checked but the token and the user."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal

from fastapi import HTTPException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.compare.twins.by_asyncpg import USER
from benchmarks.compare.twins.login import check_staff, user_id
from benchmarks.compare.twins.pool import opened_pool

MOMENT_TEXT = """replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z')"""
MOMENT = f"{MOMENT_TEXT} AS {{0}}"
MOMENTS = f"{MOMENT.format('created_at')}, {MOMENT.format('updated_at')}"
ITEMS = """(
    SELECT coalesce(json_agg(json_build_object(
        'product_id', i.product_id, 'product_name', i.product_name, 'quantity', i.quantity,
        'unit_price', i.unit_price::text) ORDER BY i.id), '[]')
    FROM order_items AS i WHERE i.order_id = r.id
) AS items"""
EVENTS = f"""(
    SELECT coalesce(json_agg(json_build_object(
        'kind', e.kind, 'detail', e.detail, 'created_at', {MOMENT_TEXT.format("e.created_at")},
        'user_id', e.user_id) ORDER BY e.id), '[]')
    FROM order_events AS e WHERE e.order_id = r.id
) AS events"""  # noqa: S608  # constants
ORDER_COLUMNS = f"r.id, r.customer_id, r.status, r.total::text AS total, {MOMENTS}, {ITEMS}"
SHOWN_ORDER = f"(SELECT row_to_json(shown) FROM (SELECT {ORDER_COLUMNS}) AS shown)"  # noqa: S608  # constants
SHOWN_PRODUCT = f"""
(SELECT row_to_json(shown) FROM (SELECT r.id, r.sku, r.name, r.description, r.price::text AS price, r.stock,
    r.attributes, r.category_id, {MOMENTS}, (
    SELECT coalesce(json_agg(t.name ORDER BY t.name COLLATE "C"), '[]')
    FROM tags AS t JOIN product_tags AS l ON l.tag_id = t.id WHERE l.products_id = r.id
) AS tags) AS shown)
"""  # noqa: S608  # constants
PAGE = """SELECT json_build_object('items', coalesce(json_agg(item), '[]'), 'next', NULL, 'previous', NULL)::text"""
NEWEST = "ORDER BY created_at DESC, id DESC LIMIT"
ORDERS = f"{PAGE} FROM (SELECT {SHOWN_ORDER} AS item FROM (SELECT * FROM orders WHERE status = $1 {NEWEST} $2) AS r) p"  # noqa: S608
PRODUCTS = f"{PAGE} FROM (SELECT {SHOWN_PRODUCT} AS item FROM (SELECT * FROM products {NEWEST} $1) AS r) p"  # noqa: S608
FILTERED = f"""{PAGE} FROM (SELECT {SHOWN_PRODUCT} AS item FROM (
    SELECT * FROM products WHERE price BETWEEN $1 AND $2 AND stock > 0
    AND id IN (SELECT products_id FROM product_tags JOIN tags ON tags.id = tag_id WHERE tags.name = $3) {NEWEST} $4
) AS r) p"""  # noqa: S608
ORDER = f"""SELECT row_to_json(shown)::text FROM (
    SELECT {ORDER_COLUMNS}, {EVENTS} FROM orders AS r WHERE id = $1
) AS shown"""  # noqa: S608
PRODUCT = f"SELECT {SHOWN_PRODUCT}::text FROM products AS r WHERE id = $1"  # noqa: S608


async def _check(request: Request) -> None:
    number = user_id(request.headers["authorization"].removeprefix("Bearer "))
    user = await request.app.state.pool.fetchrow(USER, number)
    check_staff(user and user["role"], active=user and user["is_active"])


async def _list_orders(request: Request) -> Response:
    await _check(request)
    query = request.query_params
    return _json(await request.app.state.pool.fetchval(ORDERS, query["status"], int(query["limit"])))


async def _list_products(request: Request) -> Response:
    query, pool = request.query_params, request.app.state.pool
    if "tag" not in query:
        return _json(await pool.fetchval(PRODUCTS, int(query["limit"])))
    prices = (Decimal(query[name]) for name in ("price_min", "price_max"))
    return _json(await pool.fetchval(FILTERED, *prices, query["tag"], int(query["limit"])))


async def _read_order(request: Request) -> Response:
    await _check(request)
    return _found(await request.app.state.pool.fetchval(ORDER, request.path_params["order_id"]))


async def _read_product(request: Request) -> Response:
    return _found(await request.app.state.pool.fetchval(PRODUCT, request.path_params["product_id"]))


def _found(content: str | None) -> Response:
    if content is None:
        raise HTTPException(404)
    return _json(content)


def _json(content: str) -> Response:
    return Response(content, media_type="application/json")


def create_app() -> Starlette:
    """The twin, on the database of the environment."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with opened_pool(reset=False) as app.state.pool:
            yield

    routes = [
        Route("/api/v1/orders", _list_orders),
        Route("/api/v1/orders/{order_id:int}", _read_order),
        Route("/api/v1/products", _list_products),
        Route("/api/v1/products/{product_id:int}", _read_product),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
