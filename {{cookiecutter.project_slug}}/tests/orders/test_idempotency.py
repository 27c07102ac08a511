"""Orders that are sent again with their key."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import uuid4

import aiosqlite
import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from app.catalog.models import Product
from app.idempotency.models import IdempotencyKey
from app.main import create_app
from app.orders.models import Order, OrderEvent
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.orders.contract import ORDERS
from tests.orders.test_orders import stock_of
from tests.support.clients import UserClient
from tortoise_kit.db import ConnectionLost

KEY = "Idempotency-Key"
REPLAYED = "idempotency-replayed"
PAGE: Any = "https://www.example.com"


def basket(product: Product, quantity: int = 1) -> dict[str, Any]:
    return {"items": [{"product_id": product.id, "quantity": quantity}]}


async def send(client: AsyncClient, body: dict[str, Any], key: str = "k") -> Response:
    return await client.post(ORDERS, json=body, headers={KEY: key})


async def test_a_page_may_send_a_key_and_see_that_a_response_was_replayed() -> None:
    app = create_app(Settings(environment="test", cors_origins=PAGE))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "idempotency-key,x-request-id"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test", headers={"Origin": PAGE}) as page:
        preflight = await page.options(ORDERS, headers=asked)
        answer = await page.get("/health/live")

    assert preflight.status_code == 200
    assert "Idempotency-Replayed" in answer.headers["access-control-expose-headers"].split(", ")


async def test_an_order_sent_twice_is_placed_once_and_gets_the_same_response(member: UserClient) -> None:
    product = await make_product(stock=5)
    key = str(uuid4())

    first, second = [await send(member, basket(product, 2), key) for _ in range(2)]

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    for header in ("location", "content-type", "content-length"):
        assert first.headers[header] == second.headers[header]
    assert (REPLAYED in first.headers, second.headers[REPLAYED]) == (False, "true")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert (await member.get(second.headers["location"])).json() == second.json()
    assert (await Order.all().count(), await OrderEvent.all().count(), await stock_of(product)) == (1, 1, 3)


async def test_several_keys_in_one_request_are_rejected(member: UserClient) -> None:
    product = await make_product(stock=5)

    response = await member.post(ORDERS, json=basket(product), headers=[(KEY, "first"), (KEY, "second")])

    assert (response.status_code, "Idempotency-Key" in response.json()["detail"]) == (400, True)
    assert await stock_of(product) == 5


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "not committed"])
async def test_an_order_sent_again_after_a_lost_commit_is_placed_once(
    member: UserClient, monkeypatch: pytest.MonkeyPatch, *, committed: bool
) -> None:
    product = await make_product(stock=5)
    lose_a_commit(monkeypatch, committed=committed)

    lost, again = [await send(member, basket(product)) for _ in range(2)]

    assert (lost.status_code, "retry-after" in lost.headers) == (503, True)
    assert (again.status_code, REPLAYED in again.headers) == (201, committed)
    assert (await Order.all().count(), await OrderEvent.all().count(), await stock_of(product)) == (1, 1, 4)


def lose_a_commit(monkeypatch: pytest.MonkeyPatch, *, committed: bool) -> None:
    """Break the connection at the next COMMIT, before or after the database has carried it out."""
    losses = [ConnectionLost("The connection broke.")]

    async def lose(commit: Callable[[], Awaitable[Any]]) -> Any:
        if losses and not committed:
            raise losses.pop()
        result = await commit()
        if losses:
            raise losses.pop()
        return result

    execute, commit = asyncpg.Connection.execute, aiosqlite.Connection.commit

    def execute_and_lose(connection: asyncpg.Connection, query: str, *arguments: Any, **options: Any) -> Awaitable[Any]:
        work = partial(execute, connection, query, *arguments, **options)
        return lose(work) if query == "COMMIT;" else work()

    monkeypatch.setattr(asyncpg.Connection, "execute", execute_and_lose)
    monkeypatch.setattr(aiosqlite.Connection, "commit", lambda connection: lose(partial(commit, connection)))


async def test_a_key_cannot_be_reused_for_another_order(member: UserClient) -> None:
    product = await make_product(stock=5)
    await send(member, basket(product))

    refused = await send(member, basket(product, 2))

    assert (refused.status_code, refused.json()["type"]) == (422, "urn:problem:idempotency-key-reused")
    assert (await Order.all().count(), await stock_of(product)) == (1, 4)


async def test_two_users_may_use_the_same_key(member: UserClient, staff: UserClient) -> None:
    product = await make_product(stock=5)

    responses = [await send(client, basket(product)) for client in (member, staff)]

    assert [response.status_code for response in responses] == [201, 201]
    assert responses[0].json()["customer_id"] != responses[1].json()["customer_id"]


@pytest.mark.parametrize(
    "broken",
    [
        {"items": []},
        {"items": [{"product_id": 4711, "quantity": 1}]},
        {"customer_id": 4711, "items": [{"product_id": 4711, "quantity": 1}]},
    ],
    ids=["no items", "no such product", "for another"],
)
async def test_an_invalid_order_stores_no_key(member: UserClient, broken: dict[str, Any]) -> None:
    refused = await send(member, broken)

    assert refused.status_code == 422
    assert await IdempotencyKey.all().count() == 0


async def test_a_replayed_response_is_the_first_one_even_if_the_order_has_changed(member: UserClient) -> None:
    product = await make_product()
    placed = await send(member, basket(product))
    await member.post(f"{ORDERS}/{placed.json()['id']}/cancel")

    assert (await send(member, basket(product))).content == placed.content


async def test_a_deactivated_user_gets_no_stored_response(member: UserClient) -> None:
    product = await make_product()
    await send(member, basket(product))
    member.user.is_active = False
    await member.user.save()

    assert (await send(member, basket(product))).status_code == 401


@pytest.mark.parametrize(
    "key",
    [b"", b" ", b"x" * 256, b"a b", b"a\tb", "é".encode(), b"\x7f"],
    ids=["empty", "blank", "too long", "with a blank", "with a tab", "not ASCII", "not visible"],
)
async def test_an_invalid_key_is_rejected(member: UserClient, key: bytes) -> None:
    body = basket(await make_product())

    response = await member.post(ORDERS, json=body, headers={KEY.encode(): key})

    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert response.json()["errors"][0]["loc"] == ["header", KEY]
    assert await Order.all().count() == 0


@pytest.mark.parametrize("key", ["x" * 255, "!", "~", '"quoted"', "';--"])
async def test_a_key_may_be_any_visible_ascii(member: UserClient, key: str) -> None:
    product = await make_product()

    first, second = [await send(member, basket(product), key) for _ in range(2)]

    assert (first.status_code, second.headers[REPLAYED]) == (201, "true")


async def test_deleting_a_user_deletes_their_keys(member: UserClient) -> None:
    other = await make_user()
    await send(member, basket(await make_product()))
    await Order.all().update(customer_id=other.id)

    await member.user.delete()

    assert await IdempotencyKey.all().count() == 0


async def test_the_headers_are_documented(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    route = document["paths"][ORDERS]["post"]
    assert REPLAYED in map(str.lower, route["responses"]["201"]["headers"])
    assert route["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/OrderWithEvents")
    [header] = route["parameters"]
    assert (header["name"], header["in"], header["required"]) == (KEY, "header", False)
    [limits] = [each for each in header["schema"]["anyOf"] if each["type"] == "string"]
    assert (limits["minLength"], limits["maxLength"]) == (1, 255)
