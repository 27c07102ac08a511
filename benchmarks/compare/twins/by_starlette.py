"""The limit: Starlette's routes, constant SQL, JSON made by Postgres; nothing is checked but the token and the user."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import HTTPException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.compare.twins.by_asyncpg import USER
from benchmarks.compare.twins.login import check_staff, user_id
from benchmarks.compare.twins.pool import opened_pool

MOMENT = """replace(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') AS {0}"""
MOMENTS = f"{MOMENT.format('created_at')}, {MOMENT.format('updated_at')}"
SHOWN_ORDER = f"""
(SELECT row_to_json(shown) FROM (SELECT r.id, r.customer_id, r.status, r.total::text AS total, {MOMENTS}, (
    SELECT coalesce(json_agg(json_build_object(
        'product_id', i.product_id, 'product_name', i.product_name, 'quantity', i.quantity,
        'unit_price', i.unit_price::text) ORDER BY i.id), '[]')
    FROM order_items AS i WHERE i.order_id = r.id
) AS items) AS shown)
"""  # noqa: S608  # constants
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
    return _json(await request.app.state.pool.fetchval(PRODUCTS, int(request.query_params["limit"])))


async def _read_product(request: Request) -> Response:
    product = await request.app.state.pool.fetchval(PRODUCT, request.path_params["product_id"])
    if product is None:
        raise HTTPException(404)
    return _json(product)


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
        Route("/api/v1/products", _list_products),
        Route("/api/v1/products/{product_id:int}", _read_product),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
