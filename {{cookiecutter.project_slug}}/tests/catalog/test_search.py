"""Products are found by words and by attributes, alike on both databases, page by page."""

import json
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.catalog.models import Product
from tests.catalog.factories import make_category, make_product
from tortoise_kit.development.testing import recorded_statements

PRODUCTS = "/api/v1/products"


@pytest.fixture
async def lamps(db: None) -> None:
    await make_product(name="Soft red lamp", description="of steel", attributes={"colour": "red", "size": {"cm": 40}})
    await make_product(name="Red Lampshade", description="", attributes={"colour": "red", "size": {"cm": 20}})
    await make_product(name="Clamp", description="for a LÁMP", attributes={"colour": "grey", "tags": [1, 2]})


async def names(client: AsyncClient, **filters: Any) -> list[str]:
    answer = await client.get(PRODUCTS, params={"order_by": "name", **filters})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("lamp", ["Clamp", "Red Lampshade", "Soft red lamp"]),
        ("LAMP red", ["Soft red lamp"]),
        ("red LAMP", ["Red Lampshade", "Soft red lamp"]),
        ("lamp steel", ["Soft red lamp"]),
        ("amp", []),
        ("red clamp", []),
        ("a-lamp", ["Clamp"]),
        ("", ["Clamp", "Red Lampshade", "Soft red lamp"]),
        ("!?", ["Clamp", "Red Lampshade", "Soft red lamp"]),
    ],
)
async def test_a_search_matches_all_words_and_the_last_one_as_a_prefix(
    client: AsyncClient, lamps: None, q: str, found: list[str]
) -> None:
    assert await names(client, q=q) == found


@pytest.mark.parametrize("q", ["lamp & ! (", "'; DROP TABLE products --", '"', "\\", "lamp:*", "a " * 100, "é" * 200])
async def test_any_text_can_be_searched_for(client: AsyncClient, lamps: None, q: str) -> None:
    assert (await client.get(PRODUCTS, params={"q": q})).status_code == 200


async def test_a_search_follows_changes_of_a_product(staff: AsyncClient) -> None:
    category = await make_category()
    new = {"sku": "A", "name": "Table", "description": "of oak", "price": "1", "category_id": category.id}
    url = (await staff.post(PRODUCTS, json=new)).headers["Location"]
    assert await names(staff, q="oak") == ["Table"]

    await staff.patch(url, json={"description": "of pine"})
    assert (await names(staff, q="oak"), await names(staff, q="pine")) == ([], ["Table"])

    await staff.patch(url, json={"name": "Bench", "price": "2"})
    assert (await names(staff, q="table"), await names(staff, q="bench pine")) == ([], ["Bench"])


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({}, ["Clamp", "Red Lampshade", "Soft red lamp"]),
        ({"colour": "red"}, ["Red Lampshade", "Soft red lamp"]),
        ({"size": {"cm": 40.0}}, ["Soft red lamp"]),
        ({"size": {}}, ["Red Lampshade", "Soft red lamp"]),
        ({"tags": [2]}, ["Clamp"]),
        ({"tags": 2}, []),
        ({"colour": None}, []),
    ],
    ids=json.dumps,
)
async def test_attributes_are_filtered_by_containment(
    client: AsyncClient, lamps: None, attributes: dict[str, Any], found: list[str]
) -> None:
    assert await names(client, attributes=json.dumps(attributes)) == found


@pytest.mark.parametrize("text", ["", "red", "[1]", '{"a": NaN}', '{"a": 1, "a": 1}', '{"a": 9223372036854775808}'])
async def test_an_attributes_filter_must_be_a_json_object(client: AsyncClient, db: None, text: str) -> None:
    answer = await client.get(PRODUCTS, params={"attributes": text})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["query", "attributes"]


async def test_a_filtered_list_is_paged_both_ways(client: AsyncClient, db: None) -> None:
    category = await make_category()
    for number in range(7):
        kind = "lamp" if number % 2 else "chair"
        await make_product(name=f"{kind} {number}", category_id=category.id, attributes={"kind": kind})
    filters: dict[str, Any] = {"q": "la", "attributes": '{"kind": "lamp"}', "order_by": "name", "limit": 2}

    first = (await client.get(PRODUCTS, params=filters)).json()
    second = (await client.get(PRODUCTS, params={**filters, "cursor": first["next"]})).json()
    again = (await client.get(PRODUCTS, params={**filters, "cursor": second["previous"]})).json()
    other = await client.get(PRODUCTS, params={**filters, "q": "lamp", "cursor": first["next"]})

    assert [item["name"] for item in first["items"] + second["items"]] == ["lamp 1", "lamp 3", "lamp 5"]
    assert (second["next"], again["items"]) == (None, first["items"])
    assert other.status_code == 400


async def test_the_search_column_is_not_in_responses(client: AsyncClient, lamps: None) -> None:
    [product, *_] = (await client.get(PRODUCTS)).json()["items"]

    assert "search" not in product
    assert (await Product.get(id=product["id"])).search != ""


async def test_searches_share_one_statement(client: AsyncClient, lamps: None) -> None:
    texts = []
    for q in ("red", "red lamp", "'red' OR 1=1"):
        with recorded_statements() as statements:
            await client.get(PRODUCTS, params={"q": q})
        texts.append([text for text, _ in statements if "instr" in text or "tsquery" in text])

    assert texts[0]
    assert texts == [texts[0]] * 3


async def test_common_and_rare_values_are_found_alike(
    client: AsyncClient, lamps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in (0, 1_000):
        monkeypatch.setattr("tortoise_kit.pagination.selectivity.FEW", few)

        assert await names(client, q="red lamp", attributes='{"size": {"cm": 40}}') == ["Soft red lamp"]
