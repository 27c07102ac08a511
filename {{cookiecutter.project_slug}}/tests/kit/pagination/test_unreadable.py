"""Rows that another program wrote: null for what cannot be read, a log line that names it, and a page goes on."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.exceptions import IncompleteInstanceError
from tortoise.models import Model

from tests.kit.library import library
from tortoise_kit.pagination.bodies import item_body, page_body
from tortoise_kit.pagination.pages import paginate
from tortoise_kit.pagination.rows import UnreadableKeyError
from tortoise_kit.schemas.models import ReadSchema

SECRETS = [b"s" * 32]


class Mood(StrEnum):
    GOOD = "good"


class Trace(Model):
    id = fields.IntField(primary_key=True)
    at = fields.DatetimeField()
    day = fields.DateField(null=True)
    mood = fields.CharEnumField(Mood, max_length=20)
    number = fields.IntField()
    notes = fields.JSONField[Any]()
    code = fields.UUIDField()
    price = fields.DecimalField(max_digits=8, decimal_places=2)
    takes = fields.TimeDeltaField()  # Postgres cannot write it as JSON

    class Meta:
        table = "kit_traces"


class TraceRead(ReadSchema, model=Trace):
    """A trace, whose JSON Pydantic writes on both databases."""


BROKEN = {
    "sqlite": {
        "at": "'20000-01-01 00:00:00+00:00'",
        "day": "'the ides of March'",
        "mood": "'bad'",
        "number": "'many'",
        "notes": "'{broken'",
        "code": "'x'",
        "price": "'much'",
    },
    "postgres": {"at": "'20000-01-01'", "day": "'0044-03-15 BC'", "mood": "'bad'"},
}
BROKEN_TOO = {"sqlite": {"at": "'-0044-03-15'"}, "postgres": {"at": "'0044-03-15 BC'", "day": "'20000-01-01'"}}


async def traces(count: int) -> None:
    for number in range(1, count + 1):
        await Trace.create(
            id=number,
            at=datetime(2024, 1, number, tzinfo=UTC),
            day=date(2024, 1, number),
            mood=Mood.GOOD,
            number=number,
            notes={},
            code=UUID(int=number),
            price=number,
            takes=timedelta(1),
        )


async def damage(row: int, columns: dict[str, str]) -> None:
    for column, value in columns.items():
        await get_connection("library").execute_query(f'UPDATE kit_traces SET "{column}" = {value} WHERE id = {row}')


async def page(order: str, cursor: str | None = None, limit: int = 2) -> Any:
    got = await page_body(
        Trace.all(), TraceRead, order_by=[order], limit=limit, cursor=cursor, scope="", secrets=SECRETS
    )
    return json.loads(got.content)


@pytest.mark.parametrize("which", [BROKEN, BROKEN_TOO])
async def test_a_page_goes_on_with_null_and_a_log_line_that_names_row_and_column(
    empty_database_url: str, database: str, caplog: pytest.LogCaptureFixture, which: dict[str, dict[str, str]]
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await traces(5)
        before = [await page("id"), await page("id", (await page("id"))["next"])]
        columns = which[database]
        await damage(2, columns)
        caplog.clear()

        after = [await page("id"), await page("id", before[0]["next"])]

        assert before[0]["next"] == after[0]["next"]
        assert before[1] == after[1]
        assert after[0]["items"][0] == before[0]["items"][0]
        assert after[0]["items"][1] == {**before[0]["items"][1], **dict.fromkeys(columns)}
        said = " ".join(record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)
        assert "Trace 2 was written by another program" in said
        assert all(column in said for column in columns)
        assert not any(value.strip("'") in said for value in columns.values())


async def test_a_single_row_is_shown_in_the_same_way(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await traces(1)
        before = json.loads(await item_body(Trace.filter(id=1), TraceRead) or b"")
        await damage(1, BROKEN[database])

        after = json.loads(await item_body(Trace.filter(id=1), TraceRead) or b"")

        assert after == {**before, **dict.fromkeys(BROKEN[database])}


async def test_such_a_model_is_not_saved_over_what_could_not_be_read(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await traces(1)
        await damage(1, BROKEN[database])
        [trace] = (await paginate(Trace.all(), order_by=["id"], limit=1, secrets=SECRETS)).items

        with pytest.raises(IncompleteInstanceError):
            await trace.save()


async def test_only_a_page_that_ends_at_an_unreadable_sort_key_is_an_error_that_names_it(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await traces(5)
        await damage(2, {"at": BROKEN[database]["at"]})

        assert len((await page("at", limit=5))["items"]) == 5
        with pytest.raises(UnreadableKeyError, match="Trace 2 is sorted by at"):
            for order in ("at", "-at"):  # one of them begins with the row
                await page(order, limit=1)
