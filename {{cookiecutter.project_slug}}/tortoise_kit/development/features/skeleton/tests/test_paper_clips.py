from typing import Any

import pytest
from httpx import AsyncClient

from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.features.skeleton.tests.factories import make_paper_clip
from tortoise_kit.development.testing import ids, walk

URL = "/api/v1/paper-clips"


async def test_a_created_paper_clip_is_read_back(staff: AsyncClient) -> None:
    sent = {"name": "First", "description": "Of its kind"}

    created = await staff.post(URL, json=sent)
    read = await staff.get(created.headers["Location"])

    assert created.status_code == 201
    assert read.json() == created.json()
    assert {key: read.json()[key] for key in sent} == sent


async def test_a_name_is_unique(staff: AsyncClient) -> None:
    await make_paper_clip(name="First")

    answer = await staff.post(URL, json={"name": "First"})

    assert answer.status_code == 409


@pytest.mark.parametrize("wrong", [{"name": "x" * 101}, {"name": None}, {"colour": "red"}, {"id": 1}], ids=str)
async def test_an_invalid_paper_clip_is_rejected_and_not_stored(staff: AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await staff.post(URL, json={"name": "First", **wrong})

    assert answer.status_code == 422
    assert await PaperClip.all().count() == 0


async def test_a_patch_changes_only_what_it_holds(staff: AsyncClient) -> None:
    paper_clip = await make_paper_clip(name="First", description="Of its kind")

    answer = await staff.patch(f"{URL}/{paper_clip.id}", json={"name": "Second"})
    unchanged = await staff.patch(f"{URL}/{paper_clip.id}", json={})

    assert (answer.status_code, answer.json()) == (200, unchanged.json())
    assert (answer.json()["name"], answer.json()["description"]) == ("Second", "Of its kind")


async def test_a_deleted_paper_clip_is_gone(staff: AsyncClient) -> None:
    url = f"{URL}/{(await make_paper_clip()).id}"

    deleted = await staff.delete(url)

    assert deleted.status_code == 204
    assert [(await staff.request(method, url)).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert (await staff.patch(url, json={"name": "Second"})).status_code == 404


async def test_the_list_is_walked_page_by_page_newest_first(client: AsyncClient) -> None:
    made = [(await make_paper_clip()).id for _ in range(5)]

    pages = ids(await walk(client, f"{URL}?limit=2", "next"))

    assert pages == [made[:2:-1], made[2:0:-1], made[:1]]
