"""Every list: pages by links, in every order that it offers, each page from a range of an index."""

import re
from functools import cache, partial
from operator import itemgetter
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.accounts.models import Role, User
from app.cli.seed import fill
from app.main import create_app
from app.settings import DEVELOPMENT_SECRET, Settings
from tests.accounts.factories import make_user
from tests.contract.cases import SERVICE, Paged, contract_of, listed, of_features, routes
from tests.support.clients import UserClient, new_client
from tortoise_kit.development.testing import analyze, assert_index_serves, delete_all_rows, ids, orders_of_lists, walk

AMOUNT = re.compile(r"-?\d+\.\d+$")  # as JSON has them, in text
LISTS: dict[str, list[Paged]] = listed("LISTS")
ACCEPT = 'Or add accepted={{"ORDER": "REASON"}} to the list, {place}.'


@cache
def offered() -> dict[str, list[str]]:
    return orders_of_lists(create_app(Settings(environment="test")).openapi())


def in_order(items: list[dict[str, Any]], order_by: str) -> list[dict[str, Any]]:
    """The items sorted, in Python; None is the largest value, and the last key decides the direction of the id."""
    keys = order_by.split(",")
    rows = sorted(items, key=itemgetter("id"), reverse=keys[-1].startswith("-"))
    for key in reversed(keys):
        unusual = " nulls last" if key.startswith("-") else " nulls first"
        place = partial(place_of, key.removeprefix("-").partition(" ")[0], -1 if key.endswith(unusual) else 1)
        rows.sort(key=place, reverse=key.startswith("-"))
    return rows


def place_of(column: str, null: int, item: dict[str, Any]) -> tuple[int, Any]:
    value = item[column]
    return (null, 0) if value is None else (0, float(value) if AMOUNT.match(str(value)) else value)


@pytest.mark.parametrize("feature", of_features())
async def test_a_walk_by_links_visits_every_row_once_and_returns_by_the_same_pages(
    app: FastAPI, db: None, feature: str
) -> None:
    if LISTS.get(feature):
        await fill(150)
    async with await new_client(app, Role.ADMIN) as admin:
        for paged in LISTS.get(feature, []):
            path, made = paged.path, await paged.make_many() if "{" in paged.path else None
            for order_by in offered()[path]:
                forwards = await walk(admin, paged.url(made, f"limit=17&order_by={order_by}"), "next")
                backwards = await walk(admin, str(forwards[-1].url), "prev")

                items = [item for answer in forwards for item in answer.json()["items"]]
                assert len(items) > 17, f"{path}: app/{feature}/seed.py creates too few rows for a second page"
                assert len({item["id"] for item in items}) == len(items), (path, order_by)
                assert items == in_order(items, order_by), (path, order_by)
                assert ids(backwards) == ids(forwards)[::-1], (path, order_by)
                assert [len(page) for page in ids(forwards[:-1])] == [17] * (len(forwards) - 1)


@pytest.mark.parametrize("feature", of_features(SERVICE))
def test_every_list_is_in_the_contract_of_its_feature(feature: str) -> None:
    paths = {path for route in routes()[feature] if (path := route.partition(" ")[2]) in offered()}
    missing = sorted(paths - {paged.path for paged in LISTS.get(feature, [])})
    lines = [f'    Paged("{path}", "{path.rpartition("/")[2].replace("-", "_")}", make_many),' for path in missing]

    if lines:
        pytest.fail("\n".join([f"Add to LISTS in {contract_of(feature)}:", *lines]), pytrace=False)
    assert {paged.path for paged in LISTS.get(feature, [])} <= paths


@pytest.mark.parametrize("feature", of_features())
async def test_an_index_serves_each_order_of_every_list(app: FastAPI, db: None, feature: str) -> None:
    for paged in LISTS.get(feature, []):
        await assert_indexes_serve(app, paged)
        await delete_all_rows()


async def assert_indexes_serve(app: FastAPI, paged: Paged) -> None:
    """Each order and query of a list is a range of an index, or accepted with a reason."""
    made = await paged.make_many()
    await analyze()
    failures = {}
    async with UserClient(app, made if isinstance(made, User) else await make_user(role=Role.ADMIN)) as reader:
        for query in (*(f"order_by={order}" for order in offered()[paged.path]), *paged.queries):
            try:
                await assert_index_serves(reader, paged.url(made, query), table=paged.table)
            except AssertionError as failure:
                failures[query.removeprefix("order_by=")] = str(failure)

    unexpected = [failure for query, failure in failures.items() if query not in paged.accepted]
    if unexpected:
        pytest.fail("\n".join([*dict.fromkeys(unexpected), ACCEPT.format(place=paged.place)]), pytrace=False)
    served = [query for query in paged.accepted if query not in failures]
    assert not served, f"{paged.place}: an index serves {served}: remove it from accepted."


def test_a_new_secret_signs_cursors_and_the_old_one_is_still_accepted() -> None:
    old = create_app(Settings(environment="test")).state.cursor_secrets
    secrets = (SecretStr("n" * 32), SecretStr(DEVELOPMENT_SECRET))
    rotated = create_app(Settings(environment="test", secret_keys=secrets)).state.cursor_secrets

    assert rotated[1:] == old
    assert rotated[0] not in old
