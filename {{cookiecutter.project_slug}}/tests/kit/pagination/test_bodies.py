"""The JSON that Postgres writes for a row is the JSON that Pydantic writes, and the same on both databases."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, JsonValue, computed_field, field_serializer
from tortoise.context import TortoiseContext

from tests.kit.conftest import empty
from tests.kit.specimens import Keeper, Mark, Specimen, Token, orders, rows, specimen, store
from tortoise_kit.development.testing import recorded_statements
from tortoise_kit.pagination.bodies import item_body, page_body
from tortoise_kit.pagination.cursor import InvalidCursor
from tortoise_kit.pagination.json_rows import json_sql
from tortoise_kit.pagination.pages import paginate
from tortoise_kit.schemas.models import ReadSchema, plucked

SECRETS = [b"s" * 32]
each_run = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class KeeperRead(ReadSchema, model=Keeper):
    """A row that many specimens share."""


class MarkRead(ReadSchema, model=Mark, exclude=("id", "specimen_id")):
    """One of many rows."""


class SpecimenRead(ReadSchema, model=Specimen, exclude=("span", "blob")):
    """Every type that Postgres writes as Pydantic does, and relations of both kinds."""

    notes: dict[str, JsonValue]
    keeper: KeeperRead | None
    marks: list[MarkRead]


class Shown(ReadSchema, model=Specimen, exclude=("span", "blob")):
    """The same, and a column of the related rows."""

    notes: dict[str, JsonValue]
    marks: Annotated[list[Decimal], plucked("cost")]


async def page(schema: Any, order_by: Sequence[str], cursor: str | None = None, limit: int = 3) -> Any:
    return await page_body(
        Specimen.all(), schema, order_by=order_by, limit=limit, cursor=cursor, scope="", secrets=SECRETS
    )


# What JSON and text columns may hold: all but what Postgres rejects, U+0000 and lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
documents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts | st.floats(-1e15, 1e15, allow_nan=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)
wide_rows = st.fixed_dictionaries(
    {
        "row": rows,
        "notes": documents,
        "story": texts,
        "name": st.none() | texts,
        "weight": st.none() | st.floats(allow_nan=False),
        "huge": st.decimals(-(10**20), 10**20, places=2),
        "length": st.decimals(-(10**15), 10**15, places=3),
        "found_at": st.datetimes(datetime(2, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # of the strategy
        "code": st.none() | st.uuids(),
        "points": st.lists(st.none() | st.integers(-5, 5), max_size=3),
    }
)


async def write(drawn: list[dict[str, Any]]) -> None:
    await empty()
    marks = []
    for number, each in enumerate(drawn, start=1):
        own = {name: value for name, value in each.items() if name not in {"row", "points"}}
        await store([{"id": number, **each["row"], **own}])
        marks += [Mark(specimen_id=number, points=points, cost=Decimal(points or 0) / 4) for points in each["points"]]
    await Mark.bulk_create(marks)


async def modelled(schema: Any) -> dict[int, Any]:
    """Each row as Pydantic writes it, by its id."""
    found = await Specimen.all().prefetch_related("keeper", "marks")
    for each in found:
        each.marks.related_objects.sort(key=lambda mark: mark.id)
    return {each.id: json.loads(schema.model_validate(each).model_dump_json()) for each in found}


@each_run
@given(st.lists(wide_rows, min_size=1, max_size=4), orders())
async def test_a_page_is_the_json_of_its_models(
    shared_tables: TortoiseContext, drawn: list[dict[str, Any]], order_by: list[str]
) -> None:
    with shared_tables:
        await write(drawn)
        for schema in (SpecimenRead, Shown):
            expected = await modelled(schema)
            shown, cursor = [], None
            while True:
                found = await page(schema, order_by, cursor)
                body = json.loads(found.content)
                shown += body["items"]
                assert (body["next"], body["previous"]) == (found.next, found.previous)
                if (cursor := found.next) is None:
                    break
            listed = await paginate(Specimen.all(), order_by=order_by, limit=100, secrets=SECRETS)
            assert shown == [expected[each.id] for each in listed.items]
            one = await item_body(Specimen.filter(id=1), schema)
            assert one is not None
            assert json.loads(one) == expected[1]


@pytest.mark.only("postgres")
async def test_postgres_writes_the_json_of_a_page_in_one_statement(tables: TortoiseContext) -> None:
    with tables:
        await store([specimen(number) for number in range(1, 6)])

        with recorded_statements("specimens") as statements:
            found = await page(SpecimenRead, ["-rank"])
            await item_body(Specimen.filter(id=2), SpecimenRead)

        assert [("row_to_json" in text, "kit_marks" in text) for text, _ in statements] == [(True, True)] * 2
        assert found.next is not None


async def test_pages_of_models_and_of_json_have_the_same_cursors(tables: TortoiseContext) -> None:
    """So that a service may change its database, or its schema, between two pages."""
    with tables:
        await store([specimen(number) for number in range(1, 9)])
        for order_by in (["found_at"], ["price", "-weight"], ["keeper__name"], ["code", "day"]):
            plain = await paginate(Specimen.all(), order_by=order_by, limit=3, secrets=SECRETS)
            assert (await page(SpecimenRead, order_by)).next == plain.next
            second = await page(SpecimenRead, order_by, plain.next)
            assert second.previous is not None


async def test_the_body_of_a_missing_item_is_none(tables: TortoiseContext) -> None:
    with tables:
        assert await item_body(Specimen.filter(id=5), SpecimenRead) is None


async def test_a_forged_cursor_is_rejected_before_any_statement(tables: TortoiseContext) -> None:
    with tables:
        with recorded_statements("specimens") as statements, pytest.raises(InvalidCursor):
            await page(SpecimenRead, ["rank"], "AAAA")
        assert statements == []


# --- schemas that Postgres cannot write


class WithSpan(ReadSchema, model=Specimen, exclude=("blob",)):
    """Pydantic writes a timedelta as ISO 8601."""


class WithCode(ReadSchema, model=Specimen, exclude=("blob", "span")):
    """A member with a validator."""

    name: Annotated[str | None, AfterValidator(lambda name: name and name.upper())]


class WithOtherType(ReadSchema, model=Specimen, exclude=("blob", "span")):
    """A member whose type is not the column's."""

    price: float | None


class WithComputed(ReadSchema, model=Token):
    """A computed member."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def double(self) -> int:
        return self.rank * 2  # type: ignore[attr-defined,no-any-return]


class WithSerializer(ReadSchema, model=Token):
    """A member with a serializer."""

    @field_serializer("rank", check_fields=False)
    def spelt(self, rank: int) -> str:
        return f"no. {rank}"


@pytest.mark.parametrize("schema", [WithSpan, WithCode, WithOtherType, WithComputed, WithSerializer])
async def test_pydantic_writes_a_schema_that_postgres_cannot(tables: TortoiseContext, schema: Any) -> None:
    with tables:
        await store([specimen(number) for number in range(1, 4)])
        await Token.create(code="00000000-0000-0000-0000-000000000001", rank=3)
        model = schema.__model__

        body = await item_body(model.all(), schema)

        assert json_sql(schema) is None
        assert body is not None
        [expected] = await model.all().limit(1)
        assert json.loads(body) == json.loads(schema.model_validate(expected).model_dump_json())
