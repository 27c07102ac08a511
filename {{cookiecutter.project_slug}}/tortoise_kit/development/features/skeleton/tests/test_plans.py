from datetime import timedelta

import pytest
from httpx import AsyncClient

from tests.support.plans import ROWS, analyze, assert_index_serves, offered
from tortoise_kit.development.features.skeleton.paper_clips.models import PaperClip
from tortoise_kit.development.seeding import DATA_START

[URL] = LISTS = ("/api/v1/paper-clips",)
TEXT = "x" * 200  # so that the planner does not find the whole table as near as a few of its rows


@pytest.fixture
async def many(db: None) -> None:
    """Many paper clips, with ties and in no order of their own."""
    moments = [DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3) for n in range(ROWS)]
    names = [f"name {(n * 104_729) % ROWS}" for n in range(ROWS)]
    await PaperClip.bulk_create(
        [PaperClip(name=names[n], description=TEXT, created_at=moments[n]) for n in range(ROWS)]
    )
    await analyze()


async def test_an_index_serves_each_order_of_the_list(client: AsyncClient, many: None) -> None:
    for order in offered()[URL]:
        await assert_index_serves(client, f"{URL}?order_by={order}", table="paper_clips")
