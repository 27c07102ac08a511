"""Customers: who may call which route, how many queries it sends, what it rejects, and what its list reads."""

from typing import Any

from app.accounts.models import Role, User
from app.accounts.seed import SIZE_PER_USER
from app.accounts.seed import seed as seed_accounts
from app.customers.seed import seed
from tests.contract.cases import API, INT64, SIGNED_IN, STAFF, Access, Budget, Call, Hostile, Paged
from tests.customers.factories import make_customer
from tortoise_kit.development.seeding import SeedPlan
from tortoise_kit.development.testing import CANARY, ROWS

CUSTOMERS = f"{API}/customers"
ONE = f"{CUSTOMERS}/{{customer_id}}"


async def oneself(caller: User | None) -> Call:
    return Call({"customer_id": caller.id if caller else 1})


async def another(_: User | None) -> Call:
    return Call({"customer_id": (await make_customer()).id}, json={"tier": "gold"})


ACCESS = [
    Access(f"GET {CUSTOMERS}", STAFF),
    Access(f"GET {ONE}", SIGNED_IN, oneself, "oneself"),
    Access(f"GET {ONE}", (401, 404, 200, 200), another, "another"),
    Access(f"PATCH {ONE}", STAFF, another),
]


async def last_of(rows: int) -> Call:
    return Call({"customer_id": [(await make_customer()).id for _ in range(rows)][-1]}, json={"tier": "gold"})


BUDGETS = [
    Budget(f"GET {CUSTOMERS}", 2, last_of),
    Budget(f"GET {ONE}", 2, last_of),
    Budget(f"PATCH {ONE}", 3, last_of),
]

QUERIES: list[tuple[str, str, int]] = [
    ("tier that means nothing", f"tier={CANARY}", 422),
    ("order by a column that is not offered", f"order_by={CANARY}", 422),
    ("invalid cursor", f"cursor={CANARY}", 400),
]
KEYS: list[tuple[str, str, int]] = [
    ("id beyond 64 bits", str(INT64), 422),
    ("id at the edge of 64 bits", str(INT64 - 1), 404),
]
BODIES: list[tuple[str, dict[str, Any], int]] = [
    ("account of the client's choice", {"user_id": 1}, 422),
    ("unknown member", {CANARY: 1}, 422),
    ("name with NUL", {"name": "a\0"}, 422),
    ("name that is too long", {"name": "n" * 101}, 422),
    ("name that is null", {"name": None}, 422),
    ("unknown tier", {"tier": CANARY}, 422),
    ("tier that is null", {"tier": None}, 422),
]

HOSTILE = [
    *[
        Hostile(name=f"customers: {name}", path=f"{CUSTOMERS}?{query}", status=status, role=Role.STAFF)
        for name, query, status in QUERIES
    ],
    *[
        Hostile(
            name=f"customer: {method} by {name}",
            method=method,
            path=f"{CUSTOMERS}/{key}",
            status=status,
            role=Role.STAFF,
            json={} if method == "PATCH" else None,
        )
        for method in ("GET", "PATCH")
        for name, key, status in KEYS
    ],
    *[
        Hostile(
            name=f"customer: {name}",
            method="PATCH",
            path=f"{CUSTOMERS}/{{customer}}",
            json=change,
            status=status,
            role=Role.STAFF,
        )
        for name, change, status in BODIES
    ],
]


async def make_rows() -> dict[str, Any]:
    """A customer to change."""
    return {"customer": (await make_customer()).id}


async def make_many() -> None:
    """Many customers, with namesakes and out of order."""
    plan = SeedPlan(size=ROWS * SIZE_PER_USER)
    await seed_accounts(plan)
    await seed(plan)


LISTS = [Paged(CUSTOMERS, "customers", make_many)]
