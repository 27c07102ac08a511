"""The catalog's lists: links, cursors, limits and orders as clients see them, and the indexes that serve filters."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient

from tests.catalog.contract import CATEGORIES, PRODUCTS, make_many
from tests.catalog.factories import make_category, make_product
from tortoise_kit.development.testing import (
    analyze,
    ids,
    indexes_used,
    links,
    recorded_statements,
    walk,
)


async def test_links_keep_the_filters_and_the_limit(client: AsyncClient) -> None:
    one = await make_category()
    wanted = {(await make_product(category_id=one.id, price=n)).id for n in range(5)}
    for _ in range(5):
        await make_product(price=2)

    answers = await walk(client, f"{PRODUCTS}?category={one.id}&price_min=0.5&limit=2&order_by=-price", "next")

    assert sorted(number for page in ids(answers) for number in page) == sorted(wanted)[1:]
    query = parse_qs(urlsplit(links(answers[0])["next"]).query)
    assert (query["category"], query["limit"], query["price_min"]) == ([str(one.id)], ["2"], ["0.5"])


async def test_a_cursor_is_null_only_when_there_is_no_page(client: AsyncClient) -> None:
    for _ in range(2):
        await make_category()

    whole = await client.get(CATEGORIES, params={"limit": 2})
    first = (await client.get(CATEGORIES, params={"limit": 1})).json()
    last = (await client.get(CATEGORIES, params={"limit": 1, "cursor": first["next"]})).json()

    assert (whole.json()["next"], whole.json()["previous"], links(whole)) == (None, None, {})
    assert first["previous"] is None
    assert first["next"] is not None
    assert last["previous"] is not None
    assert last["next"] is None


async def test_an_empty_list_is_a_page_without_neighbours(client: AsyncClient) -> None:
    answer = await client.get(CATEGORIES)

    assert answer.json() == {"items": [], "next": None, "previous": None}
    assert links(answer) == {}


async def test_lists_are_newest_first_by_default(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(3)]

    items = (await client.get(CATEGORIES)).json()["items"]

    assert [item["id"] for item in items] == made[::-1]


async def test_rows_created_during_a_walk_change_none_of_its_pages(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(4)]
    first = (await client.get(CATEGORIES, params={"limit": 2})).json()

    newest = (await make_category()).id
    second = (await client.get(CATEGORIES, params={"limit": 2, "cursor": first["next"]})).json()
    again = (await client.get(CATEGORIES, params={"limit": 2, "cursor": second["previous"]})).json()
    front = (await client.get(CATEGORIES, params={"limit": 2, "cursor": again["previous"]})).json()

    pages = [[item["id"] for item in page["items"]] for page in (first, second, again, front)]
    assert pages == [made[:1:-1], made[1::-1], made[:1:-1], [newest]]


async def test_a_cursor_works_with_another_limit(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(6)]
    cursor = (await client.get(CATEGORIES, params={"limit": 1})).json()["next"]

    items = (await client.get(CATEGORIES, params={"limit": 4, "cursor": cursor})).json()["items"]

    assert [item["id"] for item in items] == made[4:0:-1]


async def test_the_openapi_document_lists_orders_and_limits(client: AsyncClient) -> None:
    operation = (await client.get("/openapi.json")).json()["paths"][PRODUCTS]["get"]
    parameters = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}

    assert parameters["order_by"]["enum"] == ["created_at", "-created_at", "name", "-name", "price", "-price"]
    assert (parameters["limit"]["default"], parameters["limit"]["maximum"]) == (50, 100)


async def test_a_tampered_cursor_is_rejected_before_any_statement(client: AsyncClient) -> None:
    for _ in range(2):
        await make_category()
    cursor = (await client.get(CATEGORIES, params={"limit": 1})).json()["next"]
    changed = [cursor[:at] + ("A" if letter != "A" else "B") + cursor[at + 1 :] for at, letter in enumerate(cursor)]
    cut = [cursor[:at] for at in range(0, len(cursor), 5)]

    with recorded_statements() as statements:
        for wrong in (*changed, *cut, f"{cursor}=", f"{cursor}A", "é", "x" * 5_000, "\x00"):
            answer = await client.get(CATEGORIES, params={"cursor": wrong})

            assert (answer.status_code, answer.json()["type"]) == (400, "urn:problem:invalid-cursor"), wrong
            assert answer.headers["content-type"] == "application/problem+json"
            assert "start again without it" in answer.json()["detail"]

    assert statements == []


async def test_a_cursor_is_valid_only_for_its_list_order_and_filter(client: AsyncClient) -> None:
    one = await make_category()
    for _ in range(2):
        await make_product(category_id=one.id)
    query: dict[str, int] = {"limit": 1, "price_min": 1}
    cursor = (await client.get(PRODUCTS, params=query)).json()["next"]

    with recorded_statements() as statements:
        lists: tuple[tuple[str, dict[str, int | str]], ...] = (
            (PRODUCTS, {}),
            (PRODUCTS, {"price_min": 2}),
            (PRODUCTS, {"price_min": 1, "available": True}),
            (PRODUCTS, {"price_min": 1, "order_by": "name"}),
            (PRODUCTS, {"price_min": 1, "order_by": "created_at"}),
            (CATEGORIES, {"price_min": 1}),
        )
        for path, other in lists:
            answer = await client.get(path, params={**other, "cursor": cursor})
            assert (answer.status_code, answer.json()["type"]) == (400, "urn:problem:invalid-cursor"), (path, other)
    assert statements == []

    assert (await client.get(PRODUCTS, params={**query, "cursor": cursor})).status_code == 200


@pytest.fixture
async def catalog(db: None) -> int:
    """Many categories and products; returns the category of all products."""
    category = await make_many()
    await analyze()
    return category


FOUND_BY = {
    "q=rare": "idx_products_search",
    "q=rar": "idx_products_search",
    "q=name rare": "idx_products_search",
    'attributes={"colour": "red"}': "idx_products_attributes",
    'attributes={"number": 7}': "idx_products_attributes",
    "tag=rare": "idx_product_tag_tag_id",
}


@pytest.mark.only("postgres")
async def test_a_rare_value_is_found_by_its_own_index(client: AsyncClient, catalog: int) -> None:
    for order in ("-created_at", "price"):
        for query, index in FOUND_BY.items():
            used = await indexes_used(client, f"{PRODUCTS}?{query}&order_by={order}", table="products")

            assert any(name.startswith(index) for name in used), (query, used)


@pytest.mark.only("postgres")
async def test_a_common_value_is_read_in_the_order_of_the_list(client: AsyncClient, catalog: int) -> None:
    for query in ("q=name", "tag=tag 1", "available=true", "price_min=1"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert any(name.startswith("idx_products_created") for name in used), (query, used)


@pytest.mark.only("sqlite")
async def test_sqlite_reads_products_in_the_order_of_the_list_and_sorts_none(client: AsyncClient, catalog: int) -> None:
    for query in ("q=rare", 'attributes={"colour": "red"}', "available=false"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert [name.startswith("idx_products_created") for name in used] == [True], (query, used)


async def test_links_repeat_only_what_the_list_declares(client: AsyncClient) -> None:
    for _ in range(2):
        await make_product()

    first = await client.get(f"{PRODUCTS}?limit=1&other={'!' * 1000}&order_by=name")
    second = await client.get(links(first)["next"])

    assert parse_qs(urlsplit(links(first)["next"]).query).keys() == {"limit", "order_by", "cursor"}
    assert second.json()["items"]


async def test_a_link_that_a_proxy_could_not_pass_on_is_left_out_and_the_body_has_the_cursor(
    client: AsyncClient,
) -> None:
    for _ in range(3):
        await make_product(name="\U0001f4ce" * 200)

    long: dict[str, Any] = {"limit": 1, "order_by": "name", "q": "\U0001f4ce" * 200}
    first = await client.get(PRODUCTS, params=long)
    second = await client.get(PRODUCTS, params={**long, "cursor": first.json()["next"]})

    assert links(second) == {}
    assert second.json()["next"]


async def test_the_location_of_something_new_is_behind_the_proxys_prefix(staff: AsyncClient) -> None:
    new = {"sku": "A", "name": "Table", "price": "1", "category_id": (await make_category()).id}

    answer = await staff.post(PRODUCTS, json=new, headers={"X-Forwarded-Prefix": "/shop"})

    assert answer.headers["Location"] == f"/shop{PRODUCTS}/{answer.json()['id']}"
