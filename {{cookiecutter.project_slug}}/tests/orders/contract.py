"""Orders: who may call which route, own orders and others', how many queries it sends, what it rejects and reads."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.accounts.models import Role, User
from app.orders.models import Order, OrderItem, Status
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.contract.cases import API, INT64, MANY_DIGITS, SIGNED_IN, STAFF, Access, Budget, Call, Hostile, Paged
from tests.orders.factories import make_order
from tortoise_kit.development.seeding import DATA_START
from tortoise_kit.development.testing import CANARY, ROWS

ORDERS = f"{API}/orders"
OTHERS = (401, 404, 200, 200)
"""The statuses for another customer's order."""


async def basket(_: User | None) -> Call:
    return Call(json={"items": [{"product_id": (await make_product()).id, "quantity": 1}]})


async def basket_of_their_own(caller: User | None) -> Call:
    return Call(json={**(await basket(caller)).json, "customer_id": caller.id if caller else 1})


async def basket_for_another(caller: User | None) -> Call:
    return Call(json={**(await basket(caller)).json, "customer_id": (await make_user()).id})


async def basket_for_nobody(caller: User | None) -> Call:
    return Call(json={**(await basket(caller)).json, "customer_id": 4711})


def own(**columns: Any) -> Callable[[User | None], Awaitable[Call]]:
    async def prepare(caller: User | None) -> Call:
        action = columns.get("action")
        order = await make_order(caller or await make_user(), status=columns.get("status", Status.PENDING))
        return Call({"order_id": order.id, "action": action}, json=await _body(columns))

    return prepare


def anothers(**columns: Any) -> Callable[[User | None], Awaitable[Call]]:
    async def prepare(_: User | None) -> Call:
        return await own(**columns)(None)

    return prepare


async def _body(columns: dict[str, Any]) -> Any:
    return {"customer_id": (await make_user()).id} if columns.get("transfer") else None


ACCESS = [
    Access(f"GET {ORDERS}", SIGNED_IN),
    Access(f"POST {ORDERS}", (401, 201, 201, 201), basket),
    Access(f"POST {ORDERS}", (401, 201, 201, 201), basket_of_their_own, "for themselves"),
    Access(f"POST {ORDERS}", (401, 422, 201, 201), basket_for_another, "for another"),
    Access(f"POST {ORDERS}", (401, 422, 422, 422), basket_for_nobody, "for nobody"),
    Access(f"GET {ORDERS}/{{order_id}}", SIGNED_IN, own(), "own"),
    Access(f"GET {ORDERS}/{{order_id}}", OTHERS, anothers(), "another's"),
    Access(f"POST {ORDERS}/{{order_id}}/transfer", STAFF, own(transfer=True), "own"),
    Access(f"POST {ORDERS}/{{order_id}}/transfer", STAFF, anothers(transfer=True), "another's"),
    *[
        Access(f"POST {ORDERS}/{{order_id}}/{{action}}", statuses, prepare(action=action, status=status), name)
        for action, status, prepare, statuses, name in (
            ("pay", Status.PENDING, own, SIGNED_IN, "pay own"),
            ("pay", Status.PENDING, anothers, OTHERS, "pay another's"),
            ("cancel", Status.PAID, own, SIGNED_IN, "cancel own"),
            ("cancel", Status.PAID, anothers, OTHERS, "cancel another's"),
            ("ship", Status.PAID, own, (401, 403, 200, 200), "ship own"),
            ("ship", Status.PAID, anothers, (401, 403, 200, 200), "ship another's"),
        )
    ],
]


async def orders(rows: int) -> Order:
    """Create as many orders as products, each of all products; returns the last one."""
    customer = await make_user()
    products = [await make_product() for _ in range(rows)]
    placed = [await Order.create(customer_id=customer.id, total=rows) for _ in range(rows)]
    for order in placed:
        for product in products:
            await OrderItem.create(order=order, product=product, product_name="Pen", quantity=1, unit_price=1)
    return placed[-1]


async def place_order(rows: int) -> Call:
    items = [{"product_id": (await make_product()).id, "quantity": 2} for _ in range(rows)]
    return Call(json={"customer_id": (await make_user()).id, "items": items})


async def place_order_once(rows: int) -> Call:
    return replace(await place_order(rows), headers={"Idempotency-Key": "k"})


async def read_order(rows: int) -> Call:
    return Call({"order_id": (await orders(rows)).id})


async def pay(rows: int) -> Call:
    return Call({"order_id": (await orders(rows)).id, "action": "pay"})


async def cancel(rows: int) -> Call:
    return Call({"order_id": (await orders(rows)).id, "action": "cancel"})


async def transfer(rows: int) -> Call:
    return Call({"order_id": (await orders(rows)).id}, json={"customer_id": (await make_user()).id})


BUDGETS = [
    Budget(f"GET {ORDERS}", 3, read_order, {"postgres": 2}),
    Budget(f"POST {ORDERS}", 6, place_order, {"postgres": 3}),
    Budget(f"POST {ORDERS}", 8, place_order_once, {"postgres": 5}),
    Budget(f"GET {ORDERS}/{{order_id}}", 4, read_order, {"postgres": 2}),
    Budget(f"POST {ORDERS}/{{order_id}}/{{action}}", 7, pay),
    Budget(f"POST {ORDERS}/{{order_id}}/{{action}}", 10, cancel),
    Budget(f"POST {ORDERS}/{{order_id}}/transfer", 8, transfer),
]

ITEM = {"product_id": "{product}", "quantity": 1}

QUERIES: list[tuple[str, str, int]] = [
    ("unknown status", f"status={CANARY}", 422),
    ("status with NUL", "status=paid%00", 422),
    ("customer beyond 64 bits", f"customer_id={INT64}", 422),
    ("customer of 5000 digits", f"customer_id={MANY_DIGITS}", 422),
    ("time without an offset", "created_from=2025-01-01T00:00:00", 422),
    ("time before the year 1 in UTC", "created_from=0001-01-01T00:00:00%2B14:00", 422),
    ("time after the year 9999 in UTC", "created_to=9999-12-31T23:59:59-12:00", 422),
    ("first time", "created_from=0001-01-01T00:00:00Z", 200),
    ("last time", "created_to=9999-12-31T23:59:59.999999Z", 200),
    ("year 10000", "created_to=10000-01-01T00:00:00Z", 422),
    ("year 0", "created_to=0000-01-01T00:00:00Z", 422),
    ("30 February", "created_to=2025-02-30T00:00:00Z", 422),
    ("leap second", "created_to=2016-12-31T23:59:60Z", 422),
    ("24 o'clock", "created_to=2025-01-01T24:00:00Z", 422),
    ("date without a time", "created_to=2025-01-01", 422),
    ("time as a small number", "created_from=0", 200),
    ("time as a huge number", "created_from=1e300", 422),
    ("time as a number of 5000 digits", f"created_from={MANY_DIGITS}", 422),
    ("time as a negative number", "created_from=-99999999999999", 422),
    ("time that is not a number", "created_from=NaN", 422),
    ("time that is infinite", "created_from=Infinity", 422),
    ("time with NUL", "created_from=2025-01-01T00:00:00Z%00", 422),
    ("time with a broken offset", "created_from=2025-01-01T00:00:00%2B99:99", 422),
    ("time with nanoseconds", "created_from=2025-01-01T00:00:00.123456789Z", 200),
    ("cursor of another list", "cursor=" + "B" * 80, 400),
]

BODIES: list[tuple[str, Any, int]] = [
    ("no items", {"items": []}, 422),
    ("items that are an object", {"items": {}}, 422),
    ("too many items", {"items": [{"product_id": number, "quantity": 1} for number in range(1, 102)]}, 422),
    ("item given twice", {"items": [ITEM, ITEM]}, 422),
    ("product beyond 64 bits", {"items": [{**ITEM, "product_id": INT64}]}, 422),
    ("product that does not exist", {"items": [{**ITEM, "product_id": INT64 - 1}]}, 422),
    ("quantity 0", {"items": [{**ITEM, "quantity": 0}]}, 422),
    ("quantity beyond 32 bits", {"items": [{**ITEM, "quantity": 2**31}]}, 422),
    ("quantity of 4000 digits", {"items": [{**ITEM, "quantity": 10**4000}]}, 422),
    ("quantity above the stock", {"items": [{**ITEM, "quantity": 10_000}]}, 409),
    ("quantity that is not a number", {"items": [{**ITEM, "quantity": CANARY}]}, 422),
    ("price of the client's choice", {"items": [{**ITEM, "unit_price": "0.01"}]}, 422),
    ("customer that does not exist", {"items": [ITEM], "customer_id": INT64 - 1}, 422),
    ("customer in a body beyond 64 bits", {"items": [ITEM], "customer_id": INT64}, 422),
    ("unknown member of an order", {"items": [ITEM], CANARY: 1}, 422),
]

HOSTILE = [
    *[
        Hostile(name=f"orders: {name}", path=f"{ORDERS}?{query}", status=status, role=Role.STAFF)
        for name, query, status in QUERIES
    ],
    *[
        Hostile(name=f"order: {name}", method="POST", path=ORDERS, json=body, status=status, role=Role.STAFF)
        for name, body, status in BODIES
    ],
    *[
        Hostile(name=f"order: {name}", method=method, path=path, status=status, role=Role.STAFF, json=body)
        for name, method, path, body, status in (
            ("id beyond 64 bits", "GET", f"{ORDERS}/{INT64}", None, 422),
            ("id of nothing", "GET", f"{ORDERS}/{INT64 - 1}", None, 404),
            ("action on an id beyond 64 bits", "POST", f"{ORDERS}/{INT64}/pay", None, 422),
            ("unknown action", "POST", f"{ORDERS}/1/{CANARY}", None, 422),
            ("action with NUL", "POST", f"{ORDERS}/1/pay%00", None, 422),
            ("transfer to nobody", "POST", ORDERS + "/{order}/transfer", {"customer_id": INT64 - 1}, 422),
            ("transfer beyond 64 bits", "POST", ORDERS + "/{order}/transfer", {"customer_id": INT64}, 422),
        )
    ],
]


async def make_rows() -> dict[str, Any]:
    """An order."""
    return {"order": (await make_order(await make_user())).id}


async def make_many() -> int:
    """Many orders, with ties and out of order; returns the customer who placed half of them."""
    one: int = (await make_user()).id
    other: int = (await make_user()).id
    await Order.bulk_create(
        [
            Order(
                customer_id=one if n % 2 else other,
                status=Status.PAID if n % 4 < 2 else Status.SHIPPED,
                total=Decimal((n * 1_299_709) % 700) / 4,
                created_at=DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3),
            )
            for n in range(2 * ROWS)
        ]
    )
    product = await make_product()
    orders = await Order.all().values_list("id", flat=True)
    await OrderItem.bulk_create(
        [
            OrderItem(order_id=number, product_id=product.id, product_name="Pen", quantity=1, unit_price=1)
            for number in orders
        ]
    )
    return one


LISTS = [
    Paged(
        ORDERS,
        "orders",
        make_many,
        queries=(
            "status=paid&order_by=-created_at",
            "status=paid&order_by=created_at",
            "customer_id={}&order_by=-created_at",
            "customer_id={}&order_by=created_at",
            "created_from=2024-01-01T00:10:00Z&order_by=-created_at",
            "created_from=2024-01-01T00:10:00Z&created_to=2024-01-01T10:00:00Z&order_by=created_at",
            "status=paid&created_from=2024-01-01T00:10:00Z&order_by=-created_at",
            "customer_id={}&created_to=2024-01-01T10:00:00Z&order_by=-created_at",
        ),
    )
]
