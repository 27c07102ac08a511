"""Stored values that a column does not allow: shown as they are, or an error that names row and column, never null."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.transactions import in_transaction

from tests.kit.library import library
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.pagination import bodies
from tortoise_kit.pagination.bodies import item_body, page_body
from tortoise_kit.pagination.json_columns import UNREADABLE
from tortoise_kit.schemas.models import ReadSchema
from tortoise_kit.upstream.rows import UnreadableValueError

SECRETS = [b"s" * 32]


class Mood(StrEnum):
    GOOD = "good"
    SO_SO = "so'so {0}"


class Rank(IntEnum):
    LOW = 1


class Trace(Model):
    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField()
    day = fields.DateField(null=True)
    mood = fields.CharEnumField(Mood, max_length=20)
    rank = fields.IntEnumField(Rank)
    number = fields.IntField()
    small = fields.SmallIntField()
    big = fields.BigIntField()
    weight = fields.FloatField()
    name = fields.CharField(max_length=5)
    notes = fields.JSONField[Any]()
    code = fields.UUIDField()
    price = fields.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        table = "kit_traces"


class Slow(Model):
    """Columns that Postgres cannot write as JSON, so that Pydantic does on both databases."""

    id = fields.IntField(primary_key=True)
    opens = fields.TimeField()
    takes = fields.TimeDeltaField()
    scan = fields.BinaryField()
    trace: fields.ForeignKeyRelation[Trace] = fields.ForeignKeyField("library.Trace", related_name="slows")
    trace_id: int

    class Meta:
        table = "kit_slows"


wire_models(["tests.kit.library", __name__], "library")  # so that schemas see relations


class TraceRead(ReadSchema, model=Trace):
    """A trace, whose JSON Postgres writes."""


class SlowRead(ReadSchema, model=Slow):
    """Pydantic writes its JSON, and so the trace's."""

    trace: TraceRead


type Unfit = list[tuple[type[Model], str, str, Any]]
# The model, the column, the SQL of what is stored, and how it is shown if it is; None for an error.
UNFIT: dict[str, Unfit] = {
    "sqlite": [
        (Trace, "at", "'20000-01-01 00:00:00+00:00'", None),
        (Trace, "at", "'-0044-03-15'", None),
        (Trace, "day", "'the ides of March'", None),
        (Trace, "mood", "'bad'", None),
        (Trace, "rank", "7123", None),
        (Trace, "number", "'many'", None),
        (Trace, "number", "1000000000000", 10**12),
        (Trace, "small", "77123", 77123),
        (Trace, "big", "'many'", None),
        (Trace, "weight", "'heavy'", None),
        (Trace, "name", "'longer than five'", "longer than five"),
        (Trace, "notes", "'{broken'", None),
        (Trace, "code", "'x-y-z'", None),
        (Trace, "price", "'much'", None),
        (Slow, "opens", "'24:17:18'", None),
        (Slow, "takes", "'a while'", None),
        (Slow, "scan", "'a text'", "YSB0ZXh0"),
    ],
    "postgres": [
        (Trace, "at", "'20000-01-01'", None),
        (Trace, "at", "'0044-03-15 BC'", None),
        (Trace, "day", "'20000-01-01'", None),
        (Trace, "day", "'0044-03-15 BC'", None),
        (Trace, "mood", "'bad'", None),
        (Trace, "rank", "7123", None),
        (Trace, "price", "'NaN'", None),
        (Slow, "opens", "'24:00:00'", None),
        # The driver stores the last day and time that Python has as infinity.
        (Trace, "at", "'infinity'", "9999-12-31T23:59:59.999999Z"),
        (Trace, "day", "'-infinity'", "0001-01-01"),
    ],
}
SORTED_BY = dict.fromkeys(("notes", "opens", "scan"), "id")  # no list is sorted by these


async def store(count: int) -> None:
    for number in range(1, count + 1):
        trace = await Trace.create(
            id=number,
            at=datetime(2024, 1, number, tzinfo=UTC),
            day=date(2024, 1, number),
            mood=Mood.GOOD,
            rank=Rank.LOW,
            number=number,
            small=number,
            big=number,
            weight=number,
            name=str(number),
            notes={},
            code=UUID(int=number),
            price=Decimal(number),
        )
        await Slow.create(id=number, opens=time(number, tzinfo=UTC), takes=timedelta(number), scan=b"1", trace=trace)


async def damage(model: type[Model], column: str, value: str) -> None:
    sql = f'UPDATE "{model._meta.db_table}" SET "{column}" = {value} WHERE id = 2'
    await get_connection("library").execute_query(sql)


def schema_of(model: type[Model]) -> type[ReadSchema]:
    return TraceRead if model is Trace else SlowRead


async def page(model: type[Model], order: str, limit: int = 3, cursor: str | None = None) -> Any:
    shown = schema_of(model)
    got = await page_body(model.all(), shown, order_by=[order], limit=limit, cursor=cursor, scope="", secrets=SECRETS)
    return json.loads(got.content)


def readers(model: type[Model], column: str, next_page: str) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Each way to read the second row, and a page that is sorted by the column and ends at it."""

    async def item() -> Any:
        return json.loads(await item_body(model.filter(id=2), schema_of(model)) or b"")

    async def listed() -> Any:
        return (await page(model, "id"))["items"][1]

    async def following() -> Any:
        return (await page(model, "id", 1, next_page))["items"][0]

    async def in_order() -> Any:
        order = SORTED_BY.get(column, column)
        return next(each for each in (await page(model, order))["items"] if each["id"] == 2)

    return {"item": item, "list": listed, "next": following, "sorted": in_order}


@pytest.mark.parametrize("plain", [False, True])
async def test_every_reader_shows_an_unfit_value_exactly_or_names_its_row_and_column(
    empty_database_url: str,
    database: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    plain: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    if plain:
        monkeypatch.setattr(bodies, "json_sql", lambda _: None)
    async with library(empty_database_url, more=(__name__,)):
        await store(3)
        for model, column, value, shown in UNFIT[database]:
            next_page = (await page(model, "id", 1))["next"]
            before = await get_connection("library").execute_query_dict(
                f'SELECT CAST("{column}" AS text) AS old FROM "{model._meta.db_table}" WHERE id = 2'
            )
            await damage(model, column, value)
            for name, read in readers(model, column, next_page).items():
                caplog.clear()
                if shown is None:
                    await expect_error(read, model, column, value, caplog)
                else:
                    assert (await read())[column] == shown, (name, column, value)
            if shown is None:
                caplog.clear()
                await expect_stored_or_error(model, column, value, caplog)
            await damage(model, column, f"'{before[0]['old']}'")


async def expect_error(
    read: Callable[[], Awaitable[Any]],
    model: type[Model],
    column: str,
    value: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(UnreadableValueError, match=rf"{model.__name__} 2 has a value in {column} ") as caught:
        await read()
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert said == [str(caught.value)]
    assert value.strip("'") not in said[0]
    assert caught.value.__suppress_context__  # a traceback would quote the value


async def expect_stored_or_error(model: type[Model], column: str, value: str, caplog: pytest.LogCaptureFixture) -> None:
    """What plain Tortoise reads: a type that the driver converts by itself is in the model as it is stored."""

    async def get() -> Any:
        return await model.get(id=2)

    try:
        row = await get()
    except UnreadableValueError:
        caplog.clear()
        await expect_error(get, model, column, value, caplog)
    else:
        assert str(getattr(row, column)) == value.strip("'")


@pytest.mark.parametrize(("column", "value"), [("number", "1000000000000"), ("name", "'too long'")])
@pytest.mark.only("sqlite")
async def test_a_page_that_ends_at_a_value_out_of_range_is_an_error_that_names_it(
    empty_database_url: str, column: str, value: str
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store(3)
        await damage(Trace, column, value)

        assert len((await page(Trace, column))["items"]) == 3
        with pytest.raises(UnreadableValueError, match=f"Trace 2 has a value in {column}"):
            for order in (column, f"-{column}"):  # one of them begins with the row
                await page(Trace, order, 1)


async def test_a_text_that_looks_like_an_unreadable_value_is_shown(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store(2)
        await Trace.filter(id=2).update(notes=[UNREADABLE])

        assert (await page(Trace, "id"))["items"][1]["notes"] == [UNREADABLE]
        assert json.loads(await item_body(Trace.filter(id=2), TraceRead) or b"")["notes"] == [UNREADABLE]


async def test_an_unreadable_value_is_named_in_a_transaction(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store(2)
        await damage(Trace, "day", "'20000-01-01'")

        with pytest.raises(UnreadableValueError, match="Trace 2 has a value in day"):
            async with in_transaction("library"):
                await Trace.filter(id=2).select_for_update().get()


async def test_a_value_of_a_related_row_is_named_by_its_own_model_and_key(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store(2)
        await damage(Trace, "mood", "'bad'")

        for rows in (Slow.all(), Slow.all().select_related("trace"), Slow.all().prefetch_related("trace")):
            with pytest.raises(UnreadableValueError, match="Trace 2 has a value in mood"):
                await page_body(rows, SlowRead, order_by=["id"], limit=5, cursor=None, scope="", secrets=SECRETS)
