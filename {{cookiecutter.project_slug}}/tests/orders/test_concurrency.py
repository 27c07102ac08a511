"""Many buyers at once, on the service as it runs in production: separate processes, two workers."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from itertools import count
from random import Random

import pytest
from httpx2 import AsyncClient, Response

from app.accounts.models import Role
from tests.orders.contract import ORDERS
from tests.orders.test_idempotency import KEY, REPLAYED
from tests.support.processes import log_in, make_account, serving, upgrade
from tortoise_kit.development.testing import new_postgres_database, wire_to

pytestmark = pytest.mark.slow  # starts processes

PRODUCTS = "/api/v1/products"
DUPLICATES, BUYERS, PIECES = 50, 20, 5
PAIRS = 60
EIGHTY = 80


_numbers = count(1)


@pytest.fixture(scope="module")
async def database_url(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[str]:
    """A database for the tests below, without tables."""
    if database == "sqlite":
        yield f"sqlite://{tmp_path_factory.mktemp('orders') / 'app.db'}"
        return
    async with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="module")
async def shop(database_url: str) -> AsyncGenerator[AsyncClient]:
    """A client of two workers, signed in as staff."""
    await upgrade(database_url)
    await make_account(Role.STAFF, database_url=database_url)
    async with serving(database_url, "--workers", "2") as (_, client):
        await log_in(client)
        yield client


async def new_products(client: AsyncClient, *stocks: int) -> list[int]:
    number = next(_numbers)
    category = await client.post("/api/v1/categories", json={"name": "Books", "slug": f"books-{number}"})
    common = {"name": "Novel", "price": "9.90", "category_id": category.json()["id"]}
    answers = [
        await client.post(PRODUCTS, json={**common, "sku": f"B-{number}-{place}", "stock": stock})
        for place, stock in enumerate(stocks)
    ]
    return [answer.json()["id"] for answer in answers]


async def buy(client: AsyncClient, *products: int, key: str | None = None) -> Response:
    body = {"items": [{"product_id": each, "quantity": 1} for each in products]}
    return await client.post(ORDERS, json=body, headers={KEY: key} if key else {})


async def stocks_of(client: AsyncClient, products: list[int]) -> list[int]:
    return [(await client.get(f"{PRODUCTS}/{each}")).json()["stock"] for each in products]


async def orders_of(client: AsyncClient, product: int) -> list[int]:
    """The newest orders of a product, by their ids."""
    listed = (await client.get(ORDERS, params={"limit": 100})).json()["items"]
    return [order["id"] for order in listed if product in {item["product_id"] for item in order["items"]}]


def statuses(answers: list[Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


async def test_fifty_simultaneous_duplicates_are_one_order_and_one_response(shop: AsyncClient) -> None:
    [product] = await new_products(shop, 100)

    answers = await asyncio.gather(*(buy(shop, product, key="the-same") for _ in range(DUPLICATES)))

    assert statuses(answers) == {201: DUPLICATES}
    assert len({(answer.content, answer.headers["location"]) for answer in answers}) == 1
    assert sum(REPLAYED in answer.headers for answer in answers) == DUPLICATES - 1
    assert await orders_of(shop, product) == [answers[0].json()["id"]]
    assert await stocks_of(shop, [product]) == [99]


async def test_the_last_five_pieces_are_sold_to_five_of_twenty_buyers(shop: AsyncClient) -> None:
    [product] = await new_products(shop, PIECES)

    answers = await asyncio.gather(*(buy(shop, product) for _ in range(BUYERS)))

    assert statuses(answers) == {201: PIECES, 409: BUYERS - PIECES}
    assert {answer.json()["type"] for answer in answers if answer.is_error} == {"urn:problem:out-of-stock"}
    assert len(await orders_of(shop, product)) == PIECES
    assert await stocks_of(shop, [product]) == [0]


async def test_simultaneous_orders_of_the_same_products_never_deadlock(shop: AsyncClient) -> None:
    products = await new_products(shop, PAIRS, PAIRS, PAIRS)
    dice = Random(PAIRS)  # noqa: S311 -- the same mix in each run

    answers = await asyncio.gather(*(buy(shop, *dice.sample(products, 3)) for _ in range(PAIRS)))

    assert statuses(answers) == {201: PAIRS}
    assert await stocks_of(shop, products) == [0, 0, 0]


async def test_of_eighty_simultaneous_orders_for_the_last_pieces_each_is_whole_or_not_there(shop: AsyncClient) -> None:
    stocks = [40, 40, 40]
    products = await new_products(shop, *stocks)
    dice = Random(EIGHTY)  # noqa: S311 -- the same mix in each run
    baskets = [
        [{"product_id": each, "quantity": dice.randint(1, 3)} for each in dice.sample(products, dice.randint(1, 3))]
        for _ in range(EIGHTY)
    ]

    answers = await asyncio.gather(*(shop.post(ORDERS, json={"items": basket}) for basket in baskets))

    placed = [answer.json() for answer in answers if answer.status_code == 201]
    assert statuses(answers).keys() <= {201, 409, 503}  # 503 where a busy machine makes an order wait for too long
    assert 0 < len(placed) < EIGHTY
    sold = Counter[int]()
    for order in placed:
        assert (await shop.get(f"{ORDERS}/{order['id']}")).json() == order
        assert [event["kind"] for event in order["events"]] == ["placed"]
        sold.update({item["product_id"]: item["quantity"] for item in order["items"]})
    left = await stocks_of(shop, products)
    assert [rest + sold[product] for rest, product in zip(left, products, strict=True)] == stocks
    assert {number for each in products for number in await orders_of(shop, each)} == {each["id"] for each in placed}


@pytest.mark.only("postgres")
async def test_an_order_is_five_round_trips(shop: AsyncClient, database_url: str) -> None:
    products = await new_products(shop, 9, 9, 9)
    async with wire_to(database_url) as wire, serving(wire.url) as (_, client):
        await log_in(client)
        await buy(client, *products)  # prepares its statements
        before = wire.round_trips

        answer = await buy(client, *products)

        assert answer.status_code == 201, answer.text
        assert wire.round_trips - before == 5  # the user, BEGIN, the stock, the order with all its rows, COMMIT


async def test_simultaneous_orders_and_cancellations_lose_no_stock(shop: AsyncClient) -> None:
    products = await new_products(shop, 10, 10)
    placed = [(await buy(shop, *products)).json()["id"] for _ in range(5)]

    cancels = [shop.post(f"{ORDERS}/{number}/cancel") for number in placed for _ in range(4)]
    answers = await asyncio.gather(*cancels, *(buy(shop, *products[::way]) for way in (1, -1) * 5))

    assert statuses(answers[: len(cancels)]) == {200: len(placed), 409: 3 * len(placed)}
    bought = statuses(answers[len(cancels) :])
    assert bought.keys() <= {201, 409}
    assert await stocks_of(shop, products) == [10 - bought[201]] * 2
