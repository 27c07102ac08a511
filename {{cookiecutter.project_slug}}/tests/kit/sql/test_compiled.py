"""SQL that is compiled once is the SQL that Tortoise builds each time."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from tortoise.context import TortoiseContext
from tortoise.exceptions import ValidationError
from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from tests.kit.specimens import NOON, Mark, Specimen, specimen, store
from tortoise_kit.development.testing import recorded_statements
from tortoise_kit.sql import compiled as module
from tortoise_kit.sql.by_key import get_by_key
from tortoise_kit.sql.compiled import compiled, first
from tortoise_kit.sql.parsing import renumbered
from tortoise_kit.upstream.querysets import build

QUERIES: dict[str, Any] = {
    "all": lambda _: Specimen.all(),
    "equal": lambda n: Specimen.filter(rank=n),
    "enum": lambda n: Specimen.filter(grade=["fine", "poor"][n % 2]),
    "range": lambda n: Specimen.filter(found_at__gte=NOON + timedelta(hours=n), price__lt=Decimal(n)),
    "null": lambda n: Specimen.filter(score=None, name__isnull=bool(n % 2)),
    "in": lambda n: Specimen.filter(rank__in=[n, n + 1], big__not_in=[n]),
    "flag": lambda n: Specimen.filter(flag=bool(n % 2)),
    "either": lambda n: Specimen.filter(Q(rank=n) | Q(score=n + 1), Q(big__gt=n)),
    "not": lambda n: Specimen.filter(~Q(rank=n), rank__not=n + 1),
    "exclude": lambda n: Specimen.exclude(rank=n),
    "like": lambda n: Specimen.filter(name__icontains=f"a{n}", story__startswith=str(n)),
    "relation": lambda n: Specimen.filter(keeper__name=f"k{n}"),
    "own key of a relation": lambda n: Specimen.filter(keeper_id=n),
    "key of a related row": lambda n: Specimen.filter(Q(marks=n) | Q(rank=n), rank__gt=n).order_by("id").limit(n),
    "keys of related rows": lambda n: Specimen.filter(marks__in=[n, n + 1], marks__not=n).limit(n),
    "no related row": lambda n: Specimen.filter(marks__isnull=bool(n % 2)),
    "annotation": lambda n: Specimen.annotate(count=Count("marks")).filter(count__gt=n).limit(n),
    "many": lambda n: Specimen.filter(marks__points=n).distinct(),
    "order": lambda n: Specimen.filter(rank__lte=n).order_by("-rank", "id").limit(n + 1),
    "empty in": lambda _: Specimen.filter(rank__in=[]),
    "between": lambda n: Specimen.filter(rank__range=[n, n + 5]),
}


@pytest.fixture(autouse=True)
def builds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    """Counts what Tortoise builds; nothing is cached yet."""
    counted = Mock(side_effect=build)
    monkeypatch.setattr(module, "compiled_texts", {})
    monkeypatch.setattr(module, "build", counted)
    return counted


@pytest.mark.parametrize("name", QUERIES)
async def test_compiled_sql_is_the_sql_that_tortoise_builds(tables: TortoiseContext, name: str) -> None:
    with tables:
        for number in (3, 4, 5, 6, 3):
            assert compiled(QUERIES[name](number))[:2] == built_by_tortoise(QUERIES[name](number))


async def test_two_querysets_with_different_sql_have_different_cache_keys(tables: TortoiseContext) -> None:
    with tables:
        for make in list(QUERIES.values()) * 2:
            assert compiled(make(1))[:2] == built_by_tortoise(make(1))


def built_by_tortoise(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    """What Tortoise builds, with the limit in the text where the kit writes it there."""
    limited = " LIMIT " in queryset.sql()
    text, parameters = build(queryset)
    if not limited or "COUNT(" in text or " JOIN " in text:
        return text, parameters
    before, _, _ = text.rpartition(" ")
    return f"{before} {parameters[-1]}", parameters[:-1]


def test_names_that_look_like_parameters_are_not_renumbered() -> None:
    text = 'SELECT "a$1" FROM "t" WHERE "a$1">=$1 AND "b"=$2'

    assert renumbered(text, 3) == 'SELECT "a$1" FROM "t" WHERE "a$1">=$4 AND "b"=$5'


async def test_first_returns_the_first_model_or_none(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2, 3)])

        found = await first(Specimen.filter(id__gte=2).order_by("id"))

        assert found is not None
        assert found.__dict__ == (await Specimen.get(id=2)).__dict__
        assert await first(Specimen.filter(id=9)) is None


async def test_sql_is_built_once_for_all_values(tables: TortoiseContext, builds: Mock) -> None:
    with tables:
        for number in (1, 2, 3):
            await first(Specimen.filter(id=number))

    assert builds.call_count == 1


async def test_what_cannot_be_compiled_is_read_by_tortoise(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(1)])
        await Mark.create(specimen_id=1, points=3)

        prefetching = await first(Specimen.all().prefetch_related("marks"))
        assert prefetching is not None
        assert [mark.points for mark in prefetching.marks] == [3]
        related = await first(Mark.filter(specimen__rank=prefetching.rank).select_related("specimen"))
        assert related is not None
        assert related.specimen.id == 1


async def test_first_sends_one_statement_of_one_row(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2, 3)])
        with recorded_statements("specimens") as statements:
            await first(Specimen.filter(rank__gte=-1))

    [(text, _)] = statements
    assert text.endswith("LIMIT 1")


async def test_a_row_by_its_key_is_the_one_that_tortoise_reads(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in (1, 2, 3)])

        with recorded_statements("specimens") as statements:
            found = await get_by_key(Specimen, 2)

        assert found is not None
        assert found.__dict__ == (await Specimen.get(id=2)).__dict__
        assert (await get_by_key(Specimen, 2, using="specimens")) == found
        assert await get_by_key(Specimen, 9) is None
        assert len(statements) == 1
        with pytest.raises(ValidationError, match="id"):
            await get_by_key(Specimen, 2**63)
