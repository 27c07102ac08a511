"""How many queries the routes of orders send."""

from dataclasses import replace

from app.orders.models import Order, OrderItem
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.support.budgets import API, Budget, Call


async def orders(rows: int) -> Order:
    """The last one of so many orders, each of so many products."""
    customer = await make_user()
    products = [await make_product() for _ in range(rows)]
    placed = [await Order.create(customer=customer, total=rows) for _ in range(rows)]
    for order in placed:
        for product in products:
            await OrderItem.create(order=order, product=product, quantity=1, unit_price=1)
    return placed[-1]


async def list_orders(rows: int) -> Call:
    await orders(rows)
    return Call("/orders")


async def place_order(rows: int) -> Call:
    items = [{"product_id": (await make_product()).id, "quantity": 2} for _ in range(rows)]
    return Call("/orders", {"customer_id": (await make_user()).id, "items": items})


async def place_order_once(rows: int) -> Call:
    call = await place_order(rows)
    return replace(call, headers={"Idempotency-Key": "k"})


async def read_order(rows: int) -> Call:
    return Call(f"/orders/{(await orders(rows)).id}")


async def pay(rows: int) -> Call:
    return Call(f"/orders/{(await orders(rows)).id}/pay")


async def cancel(rows: int) -> Call:
    return Call(f"/orders/{(await orders(rows)).id}/cancel")


async def transfer(rows: int) -> Call:
    return Call(f"/orders/{(await orders(rows)).id}/transfer", {"customer_id": (await make_user()).id})


BUDGETS = (
    Budget(f"GET {API}/orders", 3, list_orders, {"postgres": 2}),
    Budget(f"POST {API}/orders", 6, place_order),
    Budget(f"POST {API}/orders", 8, place_order_once),
    Budget(f"GET {API}/orders/{{order_id}}", 3, read_order, {"postgres": 2}),
    Budget(f"POST {API}/orders/{{order_id}}/{{action}}", 6, pay),
    Budget(f"POST {API}/orders/{{order_id}}/{{action}}", 9, cancel),
    Budget(f"POST {API}/orders/{{order_id}}/transfer", 7, transfer),
)
