"""Who may do what with orders, their own and another's."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.accounts.models import User
from app.orders import service
from app.orders.models import Order, Status
from app.orders.schemas import OrderCreate
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.support.roles import USERS_READ, Given, Rule

ORDERS = "/api/v1/orders"
OTHERS = (401, 404, 200, 200)
"""The statuses for another's order."""


async def make_order(customer: User, **columns: Any) -> Order:
    """An order of one new product."""
    items = [{"product_id": (await make_product()).id, "quantity": 1}]
    order = await service.place_order(OrderCreate.model_validate({"items": items}), customer_id=customer.id)
    if columns:
        await order.update_from_dict(columns).save(update_fields=list(columns))
    return order


async def basket(_caller: User | None) -> Given:
    return Given(json={"items": [{"product_id": (await make_product()).id, "quantity": 1}]})


async def basket_of_their_own(caller: User | None) -> Given:
    return Given(json={**(await basket(caller)).json, "customer_id": caller.id if caller else 1})


async def basket_for_another(caller: User | None) -> Given:
    return Given(json={**(await basket(caller)).json, "customer_id": (await make_user()).id})


async def basket_for_nobody(caller: User | None) -> Given:
    return Given(json={**(await basket(caller)).json, "customer_id": 4711})


def own(**columns: Any) -> Callable[[User | None], Awaitable[Given]]:
    async def prepare(caller: User | None) -> Given:
        action = columns.get("action")
        order = await make_order(caller or await make_user(), status=columns.get("status", Status.PENDING))
        return Given(path={"order_id": order.id, "action": action}, json=await _body(columns))

    return prepare


def anothers(**columns: Any) -> Callable[[User | None], Awaitable[Given]]:
    async def prepare(_caller: User | None) -> Given:
        return await own(**columns)(None)

    return prepare


async def _body(columns: dict[str, Any]) -> Any:
    return {"customer_id": (await make_user()).id} if columns.get("transfer") else None


RULES = [
    Rule("GET", ORDERS, USERS_READ),
    Rule("POST", ORDERS, (401, 201, 201, 201), basket),
    Rule("POST", ORDERS, (401, 201, 201, 201), basket_of_their_own, "for themselves"),
    Rule("POST", ORDERS, (401, 422, 201, 201), basket_for_another, "for another"),
    Rule("POST", ORDERS, (401, 422, 422, 422), basket_for_nobody, "for nobody"),
    Rule("GET", f"{ORDERS}/{{order_id}}", USERS_READ, own(), "own"),
    Rule("GET", f"{ORDERS}/{{order_id}}", OTHERS, anothers(), "another's"),
    Rule("POST", f"{ORDERS}/{{order_id}}/transfer", USERS_READ, own(transfer=True), "own"),
    Rule("POST", f"{ORDERS}/{{order_id}}/transfer", OTHERS, anothers(transfer=True), "another's"),
    *[
        Rule("POST", f"{ORDERS}/{{order_id}}/{{action}}", statuses, prepare(action=action, status=status), name)
        for action, status, prepare, statuses, name in (
            ("pay", Status.PENDING, own, USERS_READ, "pay own"),
            ("pay", Status.PENDING, anothers, OTHERS, "pay another's"),
            ("cancel", Status.PAID, own, USERS_READ, "cancel own"),
            ("cancel", Status.PAID, anothers, OTHERS, "cancel another's"),
            ("ship", Status.PAID, own, (401, 403, 200, 200), "ship own"),
            ("ship", Status.PAID, anothers, (401, 403, 200, 200), "ship another's"),
        )
    ],
]
