"""A selective filter matches the same rows whether they are few or many; only the cost differs."""

import pytest
from tortoise.context import TortoiseContext

from tests.kit.specimens import Specimen, specimen, store
from tortoise_kit.models.json_filter import containing
from tortoise_kit.models.search import matching, searchable
from tortoise_kit.pagination.selectivity import selective_filter
from tortoise_kit.sql.compiled import compiled


@pytest.mark.parametrize("few", [2, 3, 1_000])
async def test_a_filter_matches_the_same_rows_whether_they_are_few_or_many(
    tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch, database: str, few: int
) -> None:
    monkeypatch.setattr("tortoise_kit.pagination.selectivity.FEW", few)
    with tables:
        stories = ["red lamp", "red chair", "blue lamp", "red lampshade", "lamp"]
        await store(specimen(at, story=searchable(story), notes={"at": at}) for at, story in enumerate(stories))
        words = matching("story", "lam")
        assert words is not None

        found = await selective_filter(Specimen.exclude(id=2), words)
        both = await selective_filter(found, containing("notes", '{"at": 3}'))

        assert [row.id for row in await found.order_by("id")] == [0, 3, 4]
        assert [row.id for row in await both] == [3]
        assert ("ARRAY(SELECT" in compiled(found).text) is (database == "postgres" and few > 3)
