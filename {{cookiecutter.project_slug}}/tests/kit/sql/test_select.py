import pytest
from tortoise.context import TortoiseContext
from tortoise.queryset import QuerySet

from tests.kit.specimens import Mark, Specimen, specimen, store
from tortoise_kit.development.testing import recorded_statements
from tortoise_kit.sql import compiled as query_texts
from tortoise_kit.sql.select import first


async def test_the_first_row_is_a_model_and_none_where_there_is_none(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2, 3)])

        found = await first(Specimen.filter(id__gte=2).order_by("id"))

        assert found is not None
        assert found.__dict__ == (await Specimen.get(id=2)).__dict__
        assert await first(Specimen.filter(id=9)) is None


async def test_its_sql_is_built_once_for_all_values(tables: TortoiseContext, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    build = QuerySet._make_query

    def counted(queryset: QuerySet[Specimen]) -> None:
        built.append(queryset)
        build(queryset)

    monkeypatch.setattr(query_texts, "_texts", {})
    monkeypatch.setattr(QuerySet, "_make_query", counted)
    with tables:
        for number in (1, 2, 3):
            await first(Specimen.filter(id=number))

    assert len(built) == 1


async def test_a_query_that_cannot_be_known_is_tortoises_own(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(1)])
        await Mark.create(specimen_id=1, points=3)

        prefetching = await first(Specimen.all().prefetch_related("marks"))
        assert prefetching is not None
        assert [mark.points for mark in prefetching.marks] == [3]
        related = await first(Mark.filter(specimen__rank=prefetching.rank).select_related("specimen"))
        assert related is not None
        assert related.specimen.id == 1


async def test_it_sends_one_statement_of_one_row(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2, 3)])
        with recorded_statements("specimens") as statements:
            await first(Specimen.filter(rank__gte=-1))

    [(text, _)] = statements
    assert text.endswith("LIMIT 1")
