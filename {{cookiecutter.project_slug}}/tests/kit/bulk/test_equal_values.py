"""The database decides which values are equal: text without case, padded text, numbers, times, JSON."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise import fields
from tortoise.models import Model

from tests.kit.library import library
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.bulk.write import insert_many, upsert_many
from tortoise_kit.development.testing import execute
from tortoise_kit.models.columns import NumericField, UTCDatetimeField

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
IN_HELSINKI = NOON.astimezone(timezone(timedelta(hours=2)))


class CaseInsensitiveField(fields.CharField[str]):
    """Text that is compared without case."""

    class _db_postgres:  # noqa: N801 -- Tortoise's name
        SQL_TYPE = "CITEXT"

    class _db_sqlite:  # noqa: N801 -- Tortoise's name
        SQL_TYPE = "VARCHAR(20) COLLATE NOCASE"


class PaddedField(fields.CharField[str]):
    """Text that Postgres pads with blanks, and compares without them."""

    class _db_postgres:  # noqa: N801 -- Tortoise's name
        SQL_TYPE = "CHAR(6)"


class Entry(Model):
    id = fields.IntField(primary_key=True)
    note = fields.CharField(max_length=20, default="")
    word = CaseInsensitiveField(max_length=20, unique=True, null=True)
    padded = PaddedField(max_length=6, unique=True, null=True)
    price = NumericField(max_digits=8, decimal_places=3, unique=True, null=True)
    length = fields.DecimalField(max_digits=8, decimal_places=3, unique=True, null=True)
    weight = fields.FloatField(unique=True, null=True)
    at = UTCDatetimeField(unique=True, null=True)
    local = fields.DatetimeField(unique=True, null=True)
    code = fields.UUIDField(unique=True, null=True)
    document = fields.JSONField[Any](null=True)

    class Meta:
        table = "kit_entries"


class Tag(Model):
    """A key that is compared without case."""

    name = CaseInsensitiveField(max_length=20, primary_key=True)
    color = fields.CharField(max_length=20, db_default="grey")

    class Meta:
        table = "kit_tags"


class Shelfmark(Model):
    """A key that Postgres pads."""

    mark = PaddedField(max_length=6, primary_key=True)
    color = fields.CharField(max_length=20, db_default="grey")

    class Meta:
        table = "kit_shelfmarks"


@asynccontextmanager
async def entries(url: str) -> AsyncGenerator[None]:
    if not url.startswith("sqlite"):
        await execute(url, "CREATE EXTENSION citext")
    async with library(url, more=(__name__,)):
        await execute(url, "CREATE UNIQUE INDEX kit_documents ON kit_entries (document)")  # Tortoise makes none
        yield


ON_BOTH = {
    "word": ("Ada", "ADA"),
    "price": (Decimal("1.5"), Decimal("1.500")),
    "length": (Decimal("1.5"), "1.500"),
    "weight": (0.0, -0.0),
    "at": (NOON, IN_HELSINKI),
    "code": (UUID(int=10), "00000000-0000-0000-0000-00000000000A"),
}
# SQLite compares the text of what was stored.
ON_POSTGRES = {
    "padded": ("ab", "ab   "),
    "local": (NOON, IN_HELSINKI),
    "document": ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
}


async def find_again(column: str, first: Any, second: Any) -> None:
    other = await Entry.create()
    [key] = await upsert_many(Entry, [{column: first, "note": "old"}], conflict=(column,))
    assert await upsert_many(Entry, [{column: second, "note": "new"}], conflict=(column,)) == [key]
    assert await upsert_many(Entry, [{column: second}], conflict=(column,), update=()) == [key]
    assert dict(await Entry.all().values_list("id", "note")) == {other.id: "", key: "new"}

    with pytest.raises(BulkError, match="same"):
        await upsert_many(Entry, [{column: first, "note": "a"}, {column: second, "note": "b"}], conflict=(column,))
    assert (await Entry.get(id=key)).note == "new"


@pytest.mark.parametrize("column", ON_BOTH)
async def test_an_equal_value_finds_its_row(empty_database_url: str, column: str) -> None:
    async with entries(empty_database_url):
        await find_again(column, *ON_BOTH[column])


@pytest.mark.only("postgres")
@pytest.mark.parametrize("column", ON_POSTGRES)
async def test_a_value_that_is_equal_on_postgres_finds_its_row(empty_database_url: str, column: str) -> None:
    async with entries(empty_database_url):
        await find_again(column, *ON_POSTGRES[column])


@pytest.mark.parametrize(("model", "key", "stored"), [(Tag, "name", "Red"), (Shelfmark, "mark", "Red")])
async def test_rows_keep_the_order_of_keys_that_the_database_stores_in_another_way(
    empty_database_url: str, model: Any, key: str, stored: str
) -> None:
    async with entries(empty_database_url):
        rows = await insert_many([model(**{key: stored}), model(**{key: "Blue"})])
        keys = await upsert_many(model, [{key: "Blue", "color": "b"}, {key: stored, "color": "r"}], conflict=(key,))

        assert [row.color for row in rows] == ["grey", "grey"]
        assert [(await model.get(pk=each)).color for each in keys] == ["b", "r"]


async def test_a_row_that_is_not_updated_keeps_its_spelling(empty_database_url: str) -> None:
    async with entries(empty_database_url):
        await upsert_many(Entry, [{"word": "Ada"}], conflict=("word",))
        await upsert_many(Entry, [{"word": "ADA"}], conflict=("word",), update=())

        assert (await Entry.get()).word == "Ada"


CALLS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "A", "b", "B", "Bc", "bC", "", " "]), min_size=1, max_size=4),
        st.sampled_from([(), ("note",)]),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
async def test_any_spelling_finds_its_row(shared_entries: None, calls: list[Any]) -> None:
    await Entry.all().delete()
    known: dict[str, int] = {}
    for number, (words, update, batch_size) in enumerate(calls):
        before = await Entry.all().order_by("id").values("id", "word", "note")
        work = upsert_many(
            Entry,
            [{"word": word, "note": str(number)} for word in words],
            conflict=("word",),
            update=update,
            batch_size=batch_size,
        )
        if len({word.lower() for word in words}) < len(words):
            with pytest.raises(BulkError, match="same"):
                await work
            assert await Entry.all().order_by("id").values("id", "word", "note") == before
            continue
        keys = await work
        assert [known.setdefault(word.lower(), key) for word, key in zip(words, keys, strict=True)] == keys
        assert {each.word.lower(): each.id for each in await Entry.all()} == known


@pytest.fixture
async def shared_entries(empty_database_url: str) -> AsyncGenerator[None]:
    async with entries(empty_database_url):
        yield
