"""What orders refuse."""

from typing import Any

from app.accounts.models import Role
from tests.accounts.factories import make_user
from tests.orders.roles import make_order
from tests.support.hostile import CANARY, INT64, MANY_DIGITS, Hostile

ORDERS = "/api/v1/orders"
ITEM = {"product_id": "{product}", "quantity": 1}

QUERIES: list[tuple[str, str, int]] = [
    ("status that is none", f"status={CANARY}", 422),
    ("status with NUL", "status=paid%00", 422),
    ("customer beyond 64 bits", f"customer_id={INT64}", 422),
    ("customer of 5000 digits", f"customer_id={MANY_DIGITS}", 422),
    ("moment without an offset", "created_from=2025-01-01T00:00:00", 422),
    ("moment before the year 1 in UTC", "created_from=0001-01-01T00:00:00%2B14:00", 422),
    ("moment after the year 9999 in UTC", "created_to=9999-12-31T23:59:59-12:00", 422),
    ("first moment", "created_from=0001-01-01T00:00:00Z", 200),
    ("last moment", "created_to=9999-12-31T23:59:59.999999Z", 200),
    ("year 10000", "created_to=10000-01-01T00:00:00Z", 422),
    ("year 0", "created_to=0000-01-01T00:00:00Z", 422),
    ("30 February", "created_to=2025-02-30T00:00:00Z", 422),
    ("leap second", "created_to=2016-12-31T23:59:60Z", 422),
    ("24 o'clock", "created_to=2025-01-01T24:00:00Z", 422),
    ("moment with a date alone", "created_to=2025-01-01", 422),
    ("moment as a small number", "created_from=0", 200),
    ("moment as a huge number", "created_from=1e300", 422),
    ("moment as a number of 5000 digits", f"created_from={MANY_DIGITS}", 422),
    ("moment as a negative number", "created_from=-99999999999999", 422),
    ("moment that is not a number", "created_from=NaN", 422),
    ("moment that is infinite", "created_from=Infinity", 422),
    ("moment with NUL", "created_from=2025-01-01T00:00:00Z%00", 422),
    ("moment with a broken offset", "created_from=2025-01-01T00:00:00%2B99:99", 422),
    ("moment with nanoseconds", "created_from=2025-01-01T00:00:00.123456789Z", 200),
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
    ("quantity that is no number", {"items": [{**ITEM, "quantity": CANARY}]}, 422),
    ("price of the client's choice", {"items": [{**ITEM, "unit_price": "0.01"}]}, 422),
    ("customer that does not exist", {"items": [ITEM], "customer_id": INT64 - 1}, 422),
    ("customer in a body beyond 64 bits", {"items": [ITEM], "customer_id": INT64}, 422),
    ("unknown member of an order", {"items": [ITEM], CANARY: 1}, 422),
]

REQUESTS = [
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
