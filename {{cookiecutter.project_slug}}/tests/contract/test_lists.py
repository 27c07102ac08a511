"""Every list: pages by links, in every order that it offers, each page from a range of an index."""

import re
from functools import cache
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient
from pydantic import SecretStr

from app.accounts.models import Role
from app.cli.seed import fill
from app.main import create_app
from app.settings import DEVELOPMENT_SECRET, Settings
from tests.contract.cases import Paged, listed
from tests.support.clients import new_client
from tortoise_kit.development.testing import analyze, assert_index_serves, ids, orders_of_lists, walk

AMOUNT = re.compile(r"-?\d+\.\d+$")  # as JSON has them, in text
LISTS: list[Paged] = listed("LISTS")


@cache
def offered() -> dict[str, list[str]]:
    return orders_of_lists(create_app(Settings(environment="test")).openapi())


def is_sorted(items: list[dict[str, Any]], order_by: str) -> bool:
    column = order_by.removeprefix("-")
    places = [(item[column] is None, _place(item[column]), item["id"]) for item in items]  # null is the largest
    return places == sorted(places, reverse=order_by.startswith("-"))


def _place(value: Any) -> Any:
    return 0 if value is None else float(value) if AMOUNT.match(str(value)) else value


async def test_a_walk_by_links_visits_every_row_once_and_returns_by_the_same_pages(app: FastAPI, db: None) -> None:
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


def test_every_list_of_the_service_is_here() -> None:
    assert {each.path for each in LISTS} == set(offered())


async def test_an_index_serves_each_order_of_every_list(staff: AsyncClient) -> None:
    for make_many in dict.fromkeys(paged.make_many for paged in LISTS):
        await make_many()
    await analyze()

    for paged in LISTS:
        for order in offered()[paged.path]:
            await assert_index_serves(staff, f"{paged.path}?order_by={order}", table=paged.table)


def test_a_new_secret_signs_cursors_and_the_old_one_is_still_accepted() -> None:
    old = create_app(Settings(environment="test")).state.cursor_secrets
    secrets = (SecretStr("n" * 32), SecretStr(DEVELOPMENT_SECRET))
    rotated = create_app(Settings(environment="test", secret_keys=secrets)).state.cursor_secrets

    assert rotated[1:] == old
    assert rotated[0] not in old
