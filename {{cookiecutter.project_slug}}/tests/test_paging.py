import re
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx import AsyncClient

from tests.catalog.factories import make_category

CATEGORIES = "/api/v1/categories"


def links(header: str) -> dict[str, str]:
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


async def test_a_walk_by_links_visits_every_row_once_forwards_and_backwards(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(7)]
    pages, url = [], f"{CATEGORIES}?limit=3&order_by=created_at"
    while True:
        answer = await client.get(url)
        pages.append([item["id"] for item in answer.json()["items"]])
        if not (following := links(answer.headers.get("link", "")).get("next")):
            break
        url = following
    back = links(answer.headers["link"])["prev"]

    assert pages == [made[:3], made[3:6], made[6:]]
    assert parse_qs(urlsplit(back).query)["limit"] == ["3"]
    assert [item["id"] for item in (await client.get(back)).json()["items"]] == pages[1]


async def test_a_cursor_is_null_exactly_when_nothing_lies_there(client: AsyncClient) -> None:
    for _ in range(2):
        await make_category()

    first = (await client.get(CATEGORIES, params={"limit": 1})).json()
    last = (await client.get(CATEGORIES, params={"limit": 1, "cursor": first["next"]})).json()

    assert first["previous"] is None
    assert first["next"] is not None
    assert last["previous"] is not None
    assert last["next"] is None


async def test_lists_are_newest_first_when_nothing_else_is_asked(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(3)]

    items = (await client.get(CATEGORIES)).json()["items"]

    assert [item["id"] for item in items] == made[::-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "order_by=slug", "order_by=--name"])
async def test_a_limit_or_order_that_is_not_offered_is_refused(client: AsyncClient, query: str) -> None:
    assert (await client.get(f"{CATEGORIES}?{query}")).status_code == 422


async def test_the_offered_orders_and_limits_stand_in_the_openapi_document(client: AsyncClient) -> None:
    operation = (await client.get("/openapi.json")).json()["paths"]["/api/v1/products"]["get"]
    parameters = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}

    assert parameters["order_by"]["enum"] == ["created_at", "-created_at", "name", "-name", "price", "-price"]
    assert (parameters["limit"]["default"], parameters["limit"]["maximum"]) == (50, 100)


async def test_a_cursor_that_is_damaged_or_of_another_list_is_refused(client: AsyncClient) -> None:
    for _ in range(2):
        await make_category()
    cursor = (await client.get(CATEGORIES, params={"limit": 1})).json()["next"]

    for path, query in (
        (CATEGORIES, {"cursor": ""}),
        (CATEGORIES, {"cursor": cursor[:-2]}),
        (CATEGORIES, {"cursor": "é"}),
        (CATEGORIES, {"cursor": cursor, "order_by": "name"}),
        ("/api/v1/products", {"cursor": cursor}),
    ):
        answer = await client.get(path, params=query)

        assert answer.status_code == 400, (path, query)
        assert answer.json()["type"] == "urn:problem:invalid-cursor"
