import asyncio
from uuid import uuid4

import pytest

from tests.kit.library import Book, Label, library
from tortoise_kit.bulk.delete import delete_in_batches
from tortoise_kit.db.locks import lock_rows
from tortoise_kit.db.transactions import start_task, transaction
from tortoise_kit.sql.recording import recorded_queries


async def books(number: int) -> None:
    await Book.bulk_create([Book(title=f"{n:03}", copies=n % 2) for n in range(number)])


async def run(size: int) -> list[int]:
    return [count async for count in delete_in_batches(Book.filter(copies=1).order_by("title"), size=size)]


@pytest.mark.parametrize(
    ("number", "size", "batches"),
    [(14, 3, [3, 3, 1]), (12, 3, [3, 3, 0]), (14, 100, [7]), (0, 3, [0]), (6, 1, [1, 1, 1, 0])],
)
async def test_only_the_chosen_rows_are_deleted_in_batches(
    empty_database_url: str, number: int, size: int, batches: list[int]
) -> None:
    async with library(empty_database_url, name="default"):
        await books(number)

        assert await run(size) == batches
        assert await Book.filter(copies=0).count() == await Book.all().count() == number // 2


async def test_rows_that_a_relation_finds_several_times_are_all_deleted(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        labels = [await Label.create(code=uuid4(), text="blue") for _ in range(3)]
        for number in range(5):
            await (await Book.create(title=f"{number}")).labels.add(*labels)

        batches = [count async for count in delete_in_batches(Book.filter(labels__text="blue").order_by("id"), size=4)]

        assert sum(batches) == 5
        assert await Book.all().count() == 0


async def test_a_batch_is_one_statement_that_reads_no_row(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        await books(4)

        with recorded_queries() as log:
            await run(10)

        [query] = log.queries
        assert query.text.startswith('DELETE FROM "kit_books" WHERE "id" ')


async def test_concurrent_runs_share_the_work(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        await books(200)

        batches = await asyncio.gather(*(run(5) for _ in range(4)))
        left = await run(5)

        assert sum(sum(each) for each in [*batches, left]) == 100
        assert await Book.filter(copies=1).count() == 0


@pytest.mark.only("postgres")
async def test_locked_rows_are_skipped_without_waiting(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default", lock_timeout=1.0):
        await books(8)

        async with transaction():
            await lock_rows(Book.filter(title="003"))
            deleted = await start_task(run(10))

        assert deleted == [3]
        assert await run(10) == [1]
