"""Lists as their clients see them: walks by links, cursors, limits and orders."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from pydantic import SecretStr

from app.accounts.models import Role
from app.cli.seed import fill
from app.main import create_app
from app.settings import DEVELOPMENT_SECRET, Settings
from tests.accounts.clients import new_client
from tests.catalog.factories import make_category, make_product
from tests.plans import offered
from tests.recorded import recorded

CATEGORIES = "/api/v1/categories"
PRODUCTS = "/api/v1/products"


def links(answer: Response) -> dict[str, str]:
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))}


async def walk(client: AsyncClient, url: str, rel: str) -> list[Response]:
    """Every answer from `url` on, by its links alone."""
    answers = [await client.get(url)]
    while following := links(answers[-1]).get(rel):
        assert len(answers) < 200, "a walk without an end"
        answers.append(await client.get(following))
    assert all(answer.status_code == 200 for answer in answers)
    return answers


def ids(answers: Sequence[Response]) -> list[list[int]]:
    return [[item["id"] for item in answer.json()["items"]] for answer in answers]


def is_sorted(items: list[dict[str, Any]], order_by: str) -> bool:
    column = order_by.removeprefix("-")
    places = [(float(item[column]) if column in {"price", "total"} else item[column], item["id"]) for item in items]
    return places == sorted(places, reverse=order_by.startswith("-"))


async def test_a_walk_by_links_visits_every_row_once_and_back_the_same_pages(app: FastAPI, db: None) -> None:
    await fill(150)
    async with await new_client(app, Role.STAFF) as staff:
        for path, orders in offered().items():
            for order_by in orders:
                forwards = await walk(staff, f"{path}?limit=17&order_by={order_by}", "next")
                backwards = await walk(staff, str(forwards[-1].url), "prev")

                items = [item for answer in forwards for item in answer.json()["items"]]
                assert len({item["id"] for item in items}) == len(items) > 17, (path, order_by)
                assert is_sorted(items, order_by), (path, order_by)
                assert ids(backwards) == ids(forwards)[::-1], (path, order_by)
                assert [len(page) for page in ids(forwards[:-1])] == [17] * (len(forwards) - 1)


async def test_links_keep_the_filters_and_the_limit(client: AsyncClient) -> None:
    one = await make_category()
    wanted = {(await make_product(category_id=one.id, price=n)).id for n in range(5)}
    for _ in range(5):
        await make_product(price=2)

    answers = await walk(client, f"{PRODUCTS}?category={one.id}&price_min=0.5&limit=2&order_by=-price", "next")

    assert sorted(number for page in ids(answers) for number in page) == sorted(wanted)[1:]
    query = parse_qs(urlsplit(links(answers[0])["next"]).query)
    assert (query["category"], query["limit"], query["price_min"]) == ([str(one.id)], ["2"], ["0.5"])


async def test_a_cursor_is_null_exactly_when_nothing_lies_there(client: AsyncClient) -> None:
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


async def test_lists_are_newest_first_when_nothing_else_is_asked(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(3)]

    items = (await client.get(CATEGORIES)).json()["items"]

    assert [item["id"] for item in items] == made[::-1]


async def test_rows_that_come_while_a_client_walks_are_neither_repeated_nor_in_the_way(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(4)]
    first = (await client.get(CATEGORIES, params={"limit": 2})).json()

    newest = (await make_category()).id
    second = (await client.get(CATEGORIES, params={"limit": 2, "cursor": first["next"]})).json()
    again = (await client.get(CATEGORIES, params={"limit": 2, "cursor": second["previous"]})).json()
    front = (await client.get(CATEGORIES, params={"limit": 2, "cursor": again["previous"]})).json()

    pages = [[item["id"] for item in page["items"]] for page in (first, second, again, front)]
    assert pages == [made[:1:-1], made[1::-1], made[:1:-1], [newest]]


async def test_another_limit_may_go_on_with_a_cursor(client: AsyncClient) -> None:
    made = [(await make_category()).id for _ in range(6)]
    cursor = (await client.get(CATEGORIES, params={"limit": 1})).json()["next"]

    items = (await client.get(CATEGORIES, params={"limit": 4, "cursor": cursor})).json()["items"]

    assert [item["id"] for item in items] == made[4:0:-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "order_by=slug", "order_by=--name", "order_by="])
async def test_a_limit_or_order_that_is_not_offered_is_refused(client: AsyncClient, query: str) -> None:
    assert (await client.get(f"{CATEGORIES}?{query}")).status_code == 422


async def test_the_offered_orders_and_limits_stand_in_the_openapi_document(client: AsyncClient) -> None:
    operation = (await client.get("/openapi.json")).json()["paths"][PRODUCTS]["get"]
    parameters = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}

    assert parameters["order_by"]["enum"] == ["created_at", "-created_at", "name", "-name", "price", "-price"]
    assert (parameters["limit"]["default"], parameters["limit"]["maximum"]) == (50, 100)


async def test_every_changed_cursor_is_refused_before_any_statement(client: AsyncClient) -> None:
    for _ in range(2):
        await make_category()
    cursor = (await client.get(CATEGORIES, params={"limit": 1})).json()["next"]
    changed = [cursor[:at] + ("A" if letter != "A" else "B") + cursor[at + 1 :] for at, letter in enumerate(cursor)]
    cut = [cursor[:at] for at in range(0, len(cursor), 5)]

    with recorded() as statements:
        for wrong in (*changed, *cut, f"{cursor}=", f"{cursor}A", "é", "x" * 5_000, "\x00"):
            answer = await client.get(CATEGORIES, params={"cursor": wrong})

            assert (answer.status_code, answer.json()["type"]) == (400, "urn:problem:invalid-cursor"), wrong
            assert answer.headers["content-type"] == "application/problem+json"
            assert "start again without it" in answer.json()["detail"]

    assert statements == []


async def test_a_cursor_serves_its_own_list_order_and_filter_alone(client: AsyncClient) -> None:
    one = await make_category()
    for _ in range(2):
        await make_product(category_id=one.id)
    query: dict[str, int] = {"limit": 1, "price_min": 1}
    cursor = (await client.get(PRODUCTS, params=query)).json()["next"]

    with recorded() as statements:
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


def test_a_new_secret_signs_and_the_old_one_is_still_accepted() -> None:
    old = create_app(Settings(environment="test")).state.cursor_secrets
    secrets = (SecretStr("n" * 32), SecretStr(DEVELOPMENT_SECRET))
    rotated = create_app(Settings(environment="test", secret_keys=secrets)).state.cursor_secrets

    assert rotated[1:] == old
    assert rotated[0] not in old
