import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tortoise.exceptions import OperationalError

from tests.kit.library import Book, Loan, Shelf, library
from tortoise_kit.bulk.increment import increment_many
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.db.transactions import transaction
from tortoise_kit.sql.budgets import query_budget

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


async def loans(count: int) -> list[Loan]:
    return [await Loan.create(shelf=Shelf.OPEN, number=number, fee=Decimal("1.500")) for number in range(count)]


async def test_rows_are_returned_as_they_are_then_by_key_without_those_that_are_missing(
    empty_database_url: str,
) -> None:
    async with library(empty_database_url):
        first, second, third = await loans(3)
        await Loan.all().update(changed_at=LONG_AGO)

        found = await increment_many(Loan, "copies", {third.id: 2, 4711: 1, first.id: -3})

        assert [(each.id, each.copies) for each in found] == [(first.id, -2), (third.id, 3)]
        assert dict(await Loan.all().values_list("id", "copies")) == {first.id: -2, second.id: 1, third.id: 3}
        assert all(datetime.now(UTC) - each.changed_at < timedelta(minutes=1) for each in found)
        assert (await Loan.get(id=second.id)).changed_at == LONG_AGO
        found[0].title = "kept"
        await found[0].save()
        assert await Loan.get(id=first.id).values("title", "copies") == {"title": "kept", "copies": -2}


@pytest.mark.parametrize(
    ("field", "amount", "result"),
    [("fee", Decimal("0.125"), Decimal("1.625")), ("fee", 2, Decimal("3.500")), ("small", 1, None)],
)
async def test_numbers_of_each_kind_are_added_to_and_null_stays_null(
    empty_database_url: str, field: str, amount: Any, result: Any
) -> None:
    async with library(empty_database_url):
        [loan] = await loans(1)

        [found] = await increment_many(Loan, field, {loan.id: amount})

        assert getattr(found, field) == getattr(await Loan.get(id=loan.id), field) == result


async def test_a_result_that_its_column_cannot_hold_is_an_error_and_changes_nothing(empty_database_url: str) -> None:
    async with library(empty_database_url):
        one, other = await loans(2)
        await Loan.filter(id=other.id).update(copies=2**31 - 1)

        with pytest.raises(OperationalError):
            await increment_many(Loan, "copies", {one.id: 1, other.id: 1})

        assert (await Loan.get(id=one.id)).copies == 1


async def test_what_is_added_is_one_statement_for_any_number_of_rows(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url) as using:
        keys = [each.id for each in await loans(5)]
        async with transaction(using=using):
            with query_budget(exactly=1 if database == "postgres" else 2):  # SQLite then reads the rows
                await increment_many(Loan, "copies", dict.fromkeys(keys, 1))
        with query_budget(0):
            assert await increment_many(Loan, "copies", {}) == []


@pytest.mark.parametrize("field", ["title", "shelf", "kind", "at", "id"])
async def test_a_field_without_numbers_is_rejected(empty_database_url: str, field: str) -> None:
    async with library(empty_database_url):
        with query_budget(0), pytest.raises(BulkError, match=rf"Loan\.{field} is no number"):
            await increment_many(Loan, field, {1: 1})
        with query_budget(0), pytest.raises(BulkError, match="no column for 'pages'"):
            await increment_many(Book, "pages", {1: 1})


async def test_simultaneous_callers_neither_lose_an_amount_nor_deadlock(empty_database_url: str) -> None:
    patient: dict[str, Any] = dict.fromkeys(
        ("acquire_timeout", "lock_timeout", "statement_timeout", "command_timeout"), 60.0
    )
    async with library(empty_database_url, max_size=5, **patient) as using:
        keys = [each.id for each in await loans(4)]
        dice = Random(4)  # noqa: S311 -- the same mix in each run

        async def take(order: list[int]) -> None:
            async with transaction(using=using):
                await increment_many(Loan, "copies", dict.fromkeys(order[:2], 1))
            await increment_many(Loan, "copies", dict.fromkeys(order, 1))

        await asyncio.gather(*(take(dice.sample(keys, 4)) for _ in range(20)))

        assert sum([each.copies for each in await Loan.all()]) == 4 + 20 * (2 + 4)
