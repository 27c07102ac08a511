"""Seed data: two years of orders with their events; few customers and few products account for most of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import batched, count
from typing import Any

from app.accounts.models import Role
from app.catalog.models import Product
from app.customers.models import Customer
from app.orders.models import Order, OrderEvent, OrderItem, Status
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import DATA_END, DATA_START, SeedPlan, timestamps
from tortoise_kit.models import values_of

BATCH_ORDERS = 4_000  # with items and events about 20 000 rows, held in memory at once
MAX_ITEMS, MAX_QUANTITY = 5, 4
CANCELLED_SHARE = 0.06
SKEW = 2  # the most popular tenth gets about a third of all orders

ORDER_COLUMNS = ("id", "customer_id", "status", "total", "created_at", "updated_at")
ITEM_COLUMNS = ("id", "order_id", "product_id", "product_name", "quantity", "unit_price")
EVENT_COLUMNS = ("id", "order_id", "user_id", "kind", "detail", "created_at")

type Row = tuple[Any, ...]
type Priced = tuple[int, str, Decimal]


@dataclass
class _Draft:
    """The rows of one batch, and the numbers that continue from batch to batch."""

    rng: random.Random
    customers: Sequence[int]
    products: Sequence[Priced]
    item_numbers: Iterator[int] = field(default_factory=lambda: count(1))
    event_numbers: Iterator[int] = field(default_factory=lambda: count(1))
    orders: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def add(self, number: int, placed_at: datetime) -> None:
        """Draw one order with its items and events."""
        course = list(_course(self.rng, placed_at))
        total = Decimal(0)
        customer = self._customer()
        for product_id, name, price in self._basket():
            quantity = self.rng.randint(1, MAX_QUANTITY)
            total += price * quantity
            self.items.append((next(self.item_numbers), number, product_id, name, quantity, price))
        for kind, at in course:
            who = None if kind == "shipped" else customer
            self.events.append((next(self.event_numbers), number, who, kind, {}, at))
        last, changed_at = course[-1]
        status = Status.PENDING if last == "placed" else Status(last)
        self.orders.append((number, customer, status, total, placed_at, changed_at))

    async def load(self) -> None:
        """Write the batch and start an empty one."""
        await copy_many(Order, ORDER_COLUMNS, self.orders)
        await copy_many(OrderItem, ITEM_COLUMNS, self.items)
        await copy_many(OrderEvent, EVENT_COLUMNS, self.events)
        for rows in (self.orders, self.items, self.events):
            rows.clear()

    def _customer(self) -> int:
        return self.customers[int(len(self.customers) * self.rng.random() ** SKEW)]

    def _basket(self) -> list[Priced]:
        wanted = {int(len(self.products) * self.rng.random() ** SKEW) for _ in range(self.rng.randint(1, MAX_ITEMS))}
        return [self.products[position] for position in sorted(wanted)]


async def seed(plan: SeedPlan) -> None:
    """Create orders between `DATA_START` and `DATA_END`, with their items and events."""
    customers = await values_of(Customer.filter(user__role=Role.MEMBER).order_by("id"), "id", int)
    products = await Product.all().order_by("id").values_list("id", "name", "price")
    draft = _Draft(plan.rng(__name__), customers, list(products))
    advance = plan.track("orders", plan.size)
    times = timestamps(plan.rng(f"{__name__} times"), DATA_START, DATA_END, plan.size)
    for batch in batched(enumerate(times, start=1), BATCH_ORDERS):
        for number, placed_at in batch:
            draft.add(number, placed_at)
        await draft.load()
        advance(len(batch))


def _course(rng: random.Random, placed_at: datetime) -> Iterator[tuple[str, datetime]]:
    """An order's events until `DATA_END`: placed, then paid and shipped, or cancelled."""
    paid_at = placed_at + timedelta(minutes=rng.randint(1, 1440))
    shipped_at = paid_at + timedelta(minutes=rng.randint(240, 4320))
    following = [("paid", paid_at), ("shipped", shipped_at)]
    if rng.random() < CANCELLED_SHARE:
        following[rng.randrange(2) :] = [("cancelled", placed_at + timedelta(minutes=rng.randint(1500, 4320)))]
    yield "placed", placed_at
    yield from ((kind, at) for kind, at in following if at < DATA_END)
