import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from app.catalog.models import Product
from app.cli.seed import fill
from app.orders.models import Order, OrderEvent, OrderItem, Status
from app.orders.schemas import OrderCreate
from app.settings import PROJECT_FILE
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.orders.contract import ORDERS
from tests.support.clients import UserClient
from tortoise_kit.problems import Conflict, Problem, Unprocessable
from tortoise_kit.sql import query_budget, recorded_queries


async def place(staff: AsyncClient, product: Product, quantity: int = 1, **members: Any) -> Response:
    customer_id = members.pop("customer_id", None) or (await make_user()).id
    items = [{"product_id": product.id, "quantity": quantity}]
    return await staff.post(ORDERS, json={"customer_id": customer_id, "items": items, **members})


async def stock_of(product: Product) -> int:
    return (await Product.get(id=product.id)).stock


async def test_an_order_takes_stock_at_todays_price(staff: AsyncClient) -> None:
    lamp, chair = await make_product(price="9.90", stock=5), await make_product(price="50.00", stock=5)
    customer = await make_user()
    items = [{"product_id": lamp.id, "quantity": 2}, {"product_id": chair.id, "quantity": 1}]

    answer = await staff.post(ORDERS, json={"customer_id": customer.id, "items": items})

    assert answer.status_code == 201, answer.text
    assert (answer.json()["status"], answer.json()["total"]) == ("pending", "69.80")
    assert [item["unit_price"] for item in answer.json()["items"]] == ["9.90", "50.00"]
    assert (await stock_of(lamp), await stock_of(chair)) == (3, 4)
    assert (await staff.get(answer.headers["Location"])).json() == answer.json()


async def test_too_little_stock_is_a_conflict_that_names_the_product_and_takes_nothing(
    staff: AsyncClient,
) -> None:
    plenty, scarce = await make_product(stock=5), await make_product(stock=1)
    items = [{"product_id": plenty.id, "quantity": 2}, {"product_id": scarce.id, "quantity": 2}]

    answer = await staff.post(ORDERS, json={"customer_id": (await make_user()).id, "items": items})

    assert answer.status_code == 409
    assert answer.json()["detail"] == f"Product {scarce.sku} has only 1 left; items[1] asks for more."
    assert (await stock_of(plenty), await stock_of(scarce)) == (5, 1)
    assert await Order.all().count() == 0


async def test_a_total_that_an_order_cannot_hold_is_rejected_and_takes_nothing(staff: AsyncClient) -> None:
    product = await make_product(price="9999999999.99", stock=1000)

    fitting, too_large = await place(staff, product, 100), await place(staff, product, 101)

    assert (fitting.status_code, fitting.json()["total"]) == (201, "999999999999.00")
    assert (too_large.status_code, too_large.json()["type"]) == (422, "urn:problem:out-of-range")
    assert too_large.json()["detail"] == "The request leads to a value of total that is out of range."
    assert (await Order.all().count(), await stock_of(product)) == (1, 900)


async def test_an_order_whose_stock_has_no_room_left_cannot_be_cancelled(staff: AsyncClient) -> None:
    product = await make_product(stock=1)
    order = (await place(staff, product)).json()
    await Product.filter(id=product.id).update(stock=2**31 - 1)

    answer = await staff.post(f"{ORDERS}/{order['id']}/cancel")

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:problem:out-of-range")
    assert (await Order.get(id=order["id"])).status is Status.PENDING
    assert await stock_of(product) == 2**31 - 1


async def test_simultaneous_orders_never_sell_more_than_the_stock(staff: AsyncClient) -> None:
    product = await make_product(stock=5)
    customers = [await make_user() for _ in range(8)]

    answers = await asyncio.gather(*(place(staff, product, customer_id=each.id) for each in customers))

    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 3
    assert await stock_of(product) == 0


@pytest.mark.only("postgres")  # SQLite locks no rows
async def test_products_are_locked_in_the_order_of_their_keys(staff: AsyncClient) -> None:
    products = [await make_product() for _ in range(3)]
    items = [{"product_id": product.id, "quantity": 1} for product in reversed(products)]

    with recorded_queries() as log:
        placed = await staff.post(ORDERS, json={"items": items})
        await staff.post(f"{ORDERS}/{placed.json()['id']}/cancel")

    locks = [query.text for query in log.queries if 'FROM "products"' in query.text]
    assert len(locks) == 2
    assert 'ORDER BY "id" FOR NO KEY UPDATE' in locks[0]
    assert locks[1].endswith('ORDER BY "id" ASC FOR UPDATE OF "products"')


async def test_an_order_for_a_missing_product_or_customer_is_rejected(staff: AsyncClient) -> None:
    product = await make_product()
    missing = await staff.post(
        ORDERS, json={"customer_id": (await make_user()).id, "items": [{"product_id": 4711, "quantity": 1}]}
    )

    assert missing.status_code == 422
    assert (await place(staff, product, customer_id=4711)).status_code == 422
    assert await stock_of(product) == 10


async def test_an_order_is_paid_then_shipped_and_each_step_is_recorded(staff: AsyncClient) -> None:
    number = (await place(staff, await make_product())).json()["id"]

    paid = await staff.post(f"{ORDERS}/{number}/pay")
    shipped = await staff.post(f"{ORDERS}/{number}/ship")

    assert (paid.json()["status"], shipped.json()["status"]) == ("paid", "shipped")
    kinds = [event.kind for event in await OrderEvent.filter(order_id=number).order_by("id")]
    assert kinds == ["placed", "paid", "shipped"]


@pytest.mark.parametrize("actions", [["ship"], ["pay", "pay"], ["pay", "ship", "cancel"], ["cancel", "pay"]], ids=str)
async def test_an_action_in_the_wrong_order_is_a_conflict(staff: AsyncClient, actions: list[str]) -> None:
    number = (await place(staff, await make_product())).json()["id"]

    answers = [await staff.post(f"{ORDERS}/{number}/{action}") for action in actions]

    assert [answer.status_code for answer in answers] == [200] * (len(actions) - 1) + [409]


async def test_an_order_cancelled_twice_at_once_returns_its_stock_once(staff: AsyncClient) -> None:
    product = await make_product(stock=5)
    number = (await place(staff, product, quantity=2)).json()["id"]

    answers = await asyncio.gather(*(staff.post(f"{ORDERS}/{number}/cancel") for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await stock_of(product) == 5


async def test_a_transfer_changes_the_customer_and_records_the_previous_one(staff: AsyncClient) -> None:
    order = (await place(staff, await make_product())).json()
    other = await make_user()

    answer = await staff.post(f"{ORDERS}/{order['id']}/transfer", json={"customer_id": other.id})

    assert answer.json()["customer_id"] == other.id
    event = await OrderEvent.get(order_id=order["id"], kind="transferred")
    assert event.detail == {"from": order["customer_id"], "to": other.id}


async def test_a_transfer_to_a_missing_or_inactive_account_is_rejected(staff: AsyncClient) -> None:
    number = (await place(staff, await make_product())).json()["id"]

    for customer_id in (4711, (await make_user(is_active=False)).id):
        answer = await staff.post(f"{ORDERS}/{number}/transfer", json={"customer_id": customer_id})

        assert (answer.status_code, answer.json()["type"]) == (422, "urn:problem:customer-missing")


@pytest.mark.parametrize("path", ["/4711", "/4711/pay", "/4711/transfer"])
async def test_a_missing_order_is_not_found(staff: AsyncClient, path: str) -> None:
    method = "GET" if path == "/4711" else "POST"

    answer = await staff.request(method, f"{ORDERS}{path}", json={"customer_id": 1} if "transfer" in path else None)

    assert answer.status_code == 404


async def test_a_product_with_orders_cannot_be_deleted(staff: AsyncClient) -> None:
    product = await make_product()
    await place(staff, product)

    assert (await staff.delete(f"/api/v1/products/{product.id}")).status_code == 409


async def test_orders_are_filtered_by_status_customer_and_time(staff: AsyncClient) -> None:
    product = await make_product()
    first, second = (await place(staff, product)).json(), (await place(staff, product)).json()
    await staff.post(f"{ORDERS}/{second['id']}/pay")

    async def listed(**filters: Any) -> list[int]:
        answer = await staff.get(ORDERS, params=filters)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await listed() == [second["id"], first["id"]]
    assert await listed(status="paid") == [second["id"]]
    assert await listed(customer_id=first["customer_id"]) == [first["id"]]
    assert await listed(created_from=tomorrow.isoformat()) == []
    assert await listed(created_to=tomorrow.isoformat(), status="pending") == [first["id"]]


async def test_the_same_time_in_another_zone_filters_the_same(staff: AsyncClient) -> None:
    created = (await place(staff, await make_product())).json()["created_at"]
    elsewhere = datetime.fromisoformat(created).astimezone(tz=None).isoformat()
    far_east = datetime.fromisoformat(created).astimezone(UTC).isoformat().replace("+00:00", "Z")

    for moment in (created, elsewhere, far_east):
        items = (await staff.get(ORDERS, params={"created_from": moment})).json()["items"]
        assert len(items) == 1


SEEDED = 300
TRAILS = {
    ("placed",): Status.PENDING,
    ("placed", "paid"): Status.PAID,
    ("placed", "paid", "shipped"): Status.SHIPPED,
    ("placed", "cancelled"): Status.CANCELLED,
    ("placed", "paid", "cancelled"): Status.CANCELLED,
}


async def test_seeded_orders_add_up_and_their_events_lead_to_their_status(db: None) -> None:
    await fill(SEEDED)

    orders = await Order.all().prefetch_related("items", "events")

    assert len(orders) == SEEDED
    for order in orders:
        assert order.total == sum(item.unit_price * item.quantity for item in order.items)
        assert len({item.product_id for item in order.items}) == len(order.items)
        trail = sorted(order.events, key=lambda event: event.created_at)
        assert TRAILS[tuple(event.kind for event in trail)] is order.status
        assert (trail[0].created_at, trail[-1].created_at) == (order.created_at, order.updated_at)


async def test_seeded_orders_have_every_status_and_mostly_few_customers(db: None) -> None:
    await fill(SEEDED)

    orders = await Order.all()

    assert {order.status for order in orders} >= {Status.SHIPPED, Status.CANCELLED}
    by_customer = sorted(
        (sum(o.customer_id == c for o in orders) for c in {o.customer_id for o in orders}), reverse=True
    )
    assert sum(by_customer[: len(by_customer) // 4]) > len(orders) / 3


RECIPE = (PROJECT_FILE.parent / "docs" / "database.md").read_text(encoding="utf-8").partition("## An order by one ")[2]


@pytest.mark.only("postgres")
async def test_the_recipe_of_one_statement_places_orders_as_the_service_does(staff: UserClient) -> None:
    recipe: dict[str, Any] = {}
    exec(RECIPE.partition("```python\n")[2].partition("```")[0], recipe)  # noqa: S102 -- the page's code
    place_at_once = recipe["place_order_at_once"]
    lamp, chair = await make_product(price="9.90", stock=60), await make_product(price="50.00", stock=60)

    async def buy(*wanted: tuple[int, int]) -> int | type[Exception]:
        items = [{"product_id": product, "quantity": quantity} for product, quantity in wanted]
        new = OrderCreate.model_validate({"items": items})
        try:
            return int(await place_at_once(new, staff.user, customer_id=staff.user.id))
        except Problem as problem:
            return type(problem)

    with query_budget(exactly=1):
        first = await buy((chair.id, 1), (lamp.id, 2))
    rest = await asyncio.gather(*(buy((lamp.id, 1 + at % 3), (chair.id, 1)) for at in range(79)))

    shown = (await staff.get(f"{ORDERS}/{first}")).json()
    assert (shown["status"], shown["total"], shown["customer_id"]) == ("pending", "69.80", staff.user.id)
    assert [(item["product_id"], item["quantity"]) for item in shown["items"]] == [(lamp.id, 2), (chair.id, 1)]
    assert [(event["kind"], event["user_id"], event["detail"]) for event in shown["events"]] == [
        ("placed", staff.user.id, {})
    ]
    placed = {each for each in (first, *rest) if isinstance(each, int)}
    assert {each for each in rest if not isinstance(each, int)} == {Conflict}
    assert placed == {order.id for order in await Order.all()}
    assert await OrderEvent.all().count() == len(placed)
    for product in (lamp, chair):
        sold = [item.quantity for item in await OrderItem.filter(product_id=product.id)]
        assert sum(sold) + await stock_of(product) == 60
    assert await buy((chair.id, 1), (4711, 1)) is Unprocessable
