from typing import Any

import pytest
from httpx2 import AsyncClient

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip, paper_clip_body
from tortoise_kit.development.testing import ids, walk

URL = "/api/v1/paper-clips"
CHANGES: dict[str, Any] = {"name": "Changed"}


async def test_a_created_paper_clip_is_read_back(staff: AsyncClient) -> None:
    sent = await paper_clip_body()

    created = await staff.post(URL, json=sent)
    assert created.status_code == 201, created.text
    read = await staff.get(created.headers["Location"])

    assert read.json() == created.json()
    assert {key: read.json()[key] for key in sent} == sent


async def test_a_name_is_unique(staff: AsyncClient) -> None:
    sent = await paper_clip_body()
    await staff.post(URL, json=sent)

    answer = await staff.post(URL, json=await paper_clip_body(name=sent["name"]))

    assert answer.status_code == 409


@pytest.mark.parametrize("wrong", [{"colour_of_nothing": "red"}, {"id": 1}], ids=str)
async def test_an_invalid_paper_clip_is_rejected_and_not_stored(staff: AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await staff.post(URL, json=await paper_clip_body(**wrong))

    assert answer.status_code == 422
    assert await PaperClip.all().count() == 0


@pytest.mark.parametrize("name", CHANGES)
async def test_a_patch_changes_only_what_it_holds(staff: AsyncClient, name: str) -> None:
    url = f"{URL}/{(await make_paper_clip()).id}"
    before = (await staff.get(url)).json()

    answer = await staff.patch(url, json={name: CHANGES[name]})
    unchanged = await staff.patch(url, json={})

    assert answer.status_code == 200, answer.text
    assert answer.json() == unchanged.json() == {**before, name: CHANGES[name]}


async def test_a_deleted_paper_clip_is_gone(staff: AsyncClient) -> None:
    url = f"{URL}/{(await make_paper_clip()).id}"

    deleted = await staff.delete(url)

    assert deleted.status_code == 204
    assert [(await staff.request(method, url)).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert (await staff.patch(url, json={})).status_code == 404


async def test_the_list_is_walked_page_by_page(staff: AsyncClient) -> None:
    made = [(await make_paper_clip()).id for _ in range(5)]

    pages = ids(await walk(staff, f"{URL}?limit=2", "next"))

    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(number for page in pages for number in page) == made
