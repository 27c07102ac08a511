"""Whatever is done to orders, in any order and all at once: no piece is lost, and none comes from nowhere."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from httpx2 import AsyncClient, Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog.models import Product
from app.orders.models import Order, OrderEvent, Status
from app.orders.service import TRANSITIONS
from tests.accounts.factories import make_user
from tests.catalog.factories import make_category, make_product
from tests.orders.contract import ORDERS
from tests.support.clients import UserClient

STOCK, PRODUCTS = 5, 3
LOOSE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}

PATHS = {
    (): Status.PENDING,
    ("cancelled",): Status.CANCELLED,
    ("paid",): Status.PAID,
    ("paid", "cancelled"): Status.CANCELLED,
    ("paid", "shipped"): Status.SHIPPED,
}


@dataclass(frozen=True)
class Place:
    """An order with a quantity of each product."""

    quantities: tuple[int, ...]


@dataclass(frozen=True)
class Act:
    """Something done to one of the orders so far, counted around them."""

    which: int
    action: str


STEPS = st.one_of(
    st.builds(Place, st.tuples(*[st.integers(0, 3)] * PRODUCTS).filter(any)),
    st.builds(Act, st.integers(0, 9), st.sampled_from([*TRANSITIONS.transitions, "transfer"])),
)


@dataclass
class Shop:
    """What a client does to a shop with a few new products."""

    client: AsyncClient
    products: list[Product]
    orders: list[int] = field(default_factory=list)
    customer_id: int = 0

    async def take(self, step: Place | Act) -> Response | None:
        """Send a step; None if there is no order that it could be done to."""
        if isinstance(step, Place):
            wanted = zip(self.products, step.quantities, strict=True)
            items = [{"product_id": product.id, "quantity": number} for product, number in wanted if number]
            answer = await self.client.post(ORDERS, json={"items": items})
            if answer.status_code == 201:
                self.orders.append(answer.json()["id"])
            return answer
        if not self.orders:
            return None
        path = f"{ORDERS}/{self.orders[step.which % len(self.orders)]}/{step.action}"
        body = {"customer_id": self.customer_id} if step.action == "transfer" else None
        return await self.client.post(path, json=body)

    async def stocks(self) -> list[int]:
        return [(await Product.get(id=product.id)).stock for product in self.products]

    async def assert_nothing_is_lost(self) -> None:
        orders = await Order.filter(id__in=self.orders).prefetch_related("items")
        sold: Counter[int] = Counter()
        for order in orders:
            if order.status is not Status.CANCELLED:
                sold.update({item.product_id: item.quantity for item in order.items})
        assert [
            stock + sold[product.id] for stock, product in zip(await self.stocks(), self.products, strict=True)
        ] == [STOCK] * PRODUCTS

    async def assert_trails_lead_to_statuses(self) -> None:
        for number in self.orders:
            kinds = [event.kind for event in await OrderEvent.filter(order_id=number).order_by("id")]
            assert kinds[0] == "placed"
            path = tuple(kind for kind in kinds[1:] if kind != "transferred")
            assert PATHS[path] is (await Order.get(id=number)).status


async def new_shop(client: AsyncClient) -> Shop:
    category = await make_category()
    products = [await make_product(stock=STOCK, category_id=category.id) for _ in range(PRODUCTS)]
    return Shop(client, products, customer_id=(await make_user()).id)


@dataclass
class Expectation:
    """What a shop should answer to one step after the other, in plain Python."""

    stocks: list[int] = field(default_factory=lambda: [STOCK] * PRODUCTS)
    orders: list[tuple[Status, Sequence[int]]] = field(default_factory=list)
    given_away: set[int] = field(default_factory=set)

    def status_of(self, step: Place | Act) -> int | None:
        return self._place(step) if isinstance(step, Place) else self._act(step) if self.orders else None

    def _place(self, step: Place) -> int:
        if any(wanted > stock for wanted, stock in zip(step.quantities, self.stocks, strict=True)):
            return 409
        self.stocks = [stock - wanted for wanted, stock in zip(step.quantities, self.stocks, strict=True)]
        self.orders.append((Status.PENDING, step.quantities))
        return 201

    def _act(self, step: Act) -> int:
        number = step.which % len(self.orders)
        status, quantities = self.orders[number]
        if step.action == "transfer":
            refused = status is Status.CANCELLED or number in self.given_away
            self.given_away.add(number)
            return 409 if refused else 200
        allowed = {
            "pay": {Status.PENDING: Status.PAID},
            "ship": {Status.PAID: Status.SHIPPED},
            "cancel": {Status.PENDING: Status.CANCELLED, Status.PAID: Status.CANCELLED},
        }[step.action]
        if status not in allowed:
            return 409
        self.orders[number] = (allowed[status], quantities)
        if allowed[status] is Status.CANCELLED:
            self.stocks = [stock + back for stock, back in zip(self.stocks, quantities, strict=True)]
        return 200


@settings(max_examples=25, **LOOSE)  # type: ignore[arg-type]  # of several types
@given(steps=st.lists(STEPS, max_size=20))
async def test_steps_in_sequence_match_a_plain_model(staff: UserClient, steps: list[Place | Act]) -> None:
    shop, expected = await new_shop(staff), Expectation()

    for step in steps:
        answer = await shop.take(step)
        assert (answer.status_code if answer else None) == expected.status_of(step), step

    assert await shop.stocks() == expected.stocks
    assert [(await Order.get(id=number)).status for number in shop.orders] == [status for status, _ in expected.orders]
    await shop.assert_nothing_is_lost()
    await shop.assert_trails_lead_to_statuses()


@settings(max_examples=15, **LOOSE)  # type: ignore[arg-type]  # of several types
@given(first=st.lists(STEPS, min_size=1, max_size=4), steps=st.lists(STEPS, max_size=16))
async def test_simultaneous_steps_lose_no_stock_and_skip_no_status(
    staff: UserClient, first: list[Place | Act], steps: list[Place | Act]
) -> None:
    shop = await new_shop(staff)
    for step in first:
        await shop.take(step)

    answers = await asyncio.gather(*(shop.take(step) for step in steps))

    assert {answer.status_code for answer in answers if answer} <= {200, 201, 409}
    await shop.assert_nothing_is_lost()
    await shop.assert_trails_lead_to_statuses()
