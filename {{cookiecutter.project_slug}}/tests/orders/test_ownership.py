from typing import Any

from app.customers.models import Customer
from app.orders.models import Order, OrderEvent, Status
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.orders.contract import ORDERS
from tests.orders.factories import make_order
from tests.support.clients import UserClient


async def listed(client: UserClient, **filters: Any) -> list[int]:
    answer = await client.get(ORDERS, params=filters)
    assert answer.status_code == 200, answer.text
    return sorted(item["id"] for item in answer.json()["items"])


async def test_a_customer_lists_only_their_own_orders(member: UserClient, staff: UserClient) -> None:
    own, other = await make_order(member.user), await make_order(await make_user())

    assert await listed(member) == [own.id]
    assert await listed(member, customer_id=member.user.id) == [own.id]
    assert await listed(member, customer_id=other.customer_id) == []
    assert await listed(staff) == [own.id, other.id]
    assert await listed(staff, customer_id=other.customer_id) == [other.id]


async def test_the_pages_of_a_customers_list_hold_only_their_own_orders(member: UserClient) -> None:
    own = []
    for _ in range(3):
        own.append((await make_order(member.user)).id)
        await make_order(await make_user())

    first = (await member.get(ORDERS, params={"limit": 2})).json()
    second = (await member.get(ORDERS, params={"limit": 2, "cursor": first["next"]})).json()

    assert [item["id"] for page in (first, second) for item in page["items"]] == own[::-1]
    assert second["next"] is None


async def test_an_order_belongs_to_the_customer_who_placed_it(member: UserClient) -> None:
    items = [{"product_id": (await make_product()).id, "quantity": 1}]

    placed = await member.post(ORDERS, json={"items": items})

    assert placed.json()["customer_id"] == member.user.id
    assert await listed(member) == [placed.json()["id"]]


async def test_staff_can_order_for_a_customer(staff: UserClient, member: UserClient) -> None:
    items = [{"product_id": (await make_product()).id, "quantity": 1}]

    placed = await staff.post(ORDERS, json={"items": items, "customer_id": member.user.id})

    assert placed.json()["customer_id"] == member.user.id


async def test_a_customer_cannot_find_out_whether_another_customer_exists(member: UserClient) -> None:
    items = [{"product_id": (await make_product()).id, "quantity": 1}]
    answers = [
        (await member.post(ORDERS, json={"items": items, "customer_id": number})).json()
        for number in ((await make_user()).id, 4711)
    ]

    assert answers[0] | {"request_id": ""} == answers[1] | {"request_id": ""}
    assert await Order.all().count() == 0


async def test_a_customer_cannot_tell_anothers_order_from_a_missing_one(member: UserClient) -> None:
    other = await make_order(await make_user())

    for path in ("", "/pay", "/cancel"):
        method = "POST" if path else "GET"
        answers = [(await member.request(method, f"{ORDERS}/{number}{path}")).json() for number in (other.id, 4711)]
        assert answers[0] | {"request_id": ""} == answers[1] | {"request_id": ""}
    assert (await Order.get(id=other.id)).customer_id == other.customer_id
    assert [event.kind for event in await OrderEvent.filter(order_id=other.id)] == ["placed"]


async def test_a_customer_pushes_no_order_onto_others_and_learns_of_none(member: UserClient) -> None:
    pending, cancelled = await make_order(member.user), await make_order(member.user, status=Status.CANCELLED)
    others = await make_order(await make_user())
    known, unknown = (await make_user()).id, 4711

    answers = [
        await member.post(f"{ORDERS}/{order_id}/transfer", json={"customer_id": customer_id})
        for order_id in (pending.id, cancelled.id, others.id, 4711)
        for customer_id in (known, unknown, member.user.id)
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert await Order.filter(customer_id=known).count() == 0


async def test_a_customer_cannot_reach_an_order_that_was_transferred(member: UserClient, staff: UserClient) -> None:
    order = await make_order(member.user)

    given = await staff.post(f"{ORDERS}/{order.id}/transfer", json={"customer_id": (await make_user()).id})

    assert given.status_code == 200
    assert (await member.get(f"{ORDERS}/{order.id}")).status_code == 404
    assert await listed(member) == []


async def test_orders_and_their_customer_outlive_the_account(member: UserClient, staff: UserClient) -> None:
    order = await make_order(member.user)

    await member.user.delete()

    assert (await staff.get(f"{ORDERS}/{order.id}")).json()["customer_id"] == member.user.id
    assert (await Customer.get(id=member.user.id)).user_id is None
