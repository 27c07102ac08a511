import asyncio
from typing import Any

import pytest
from tortoise import fields
from tortoise.models import Model

from tests.kit.library import Author, library
from tortoise_kit.bulk.get_or_create import get_or_create_many
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.db.transactions import transaction
from tortoise_kit.sql.budgets import query_budget


class Badge(Model):
    """Only one has the number 1."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20, unique=True)
    number = fields.IntField(default=1, unique=True)

    class Meta:
        table = "kit_badges"


async def test_rows_that_are_missing_are_created_and_all_come_in_the_order_of_their_values(
    empty_database_url: str,
) -> None:
    async with library(empty_database_url):
        ben = await Author.create(name="Ben", shelf="closed")

        with query_budget(2):
            found = await get_or_create_many(Author, "name", ["Cid", "Ben", "Ann", "Ben"])

        assert [(each.name, each.shelf) for each in found] == [("Cid", "open"), ("Ben", "closed"), ("Ann", "open")]
        assert ben.id == found[1].id < found[2].id < found[0].id  # in one order, so that callers do not deadlock
        assert await Author.all().count() == 3


async def test_without_values_nothing_is_sent(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with query_budget(0):
            assert await get_or_create_many(Author, "name", []) == []


async def test_many_callers_at_once_create_each_row_once_in_whatever_order_they_name_them(
    empty_database_url: str,
) -> None:
    names = [f"{number:02}" for number in range(50)]

    async with library(empty_database_url) as using:

        async def create(values: list[str]) -> list[Any]:
            async with transaction(using=using):
                found = await get_or_create_many(Author, "name", values)
                return sorted((each.name, each.id) for each in found)

        results = await asyncio.gather(*(create(names[::way]) for way in (1, -1) * 3))

        assert [name for name, _ in results[0]] == names
        assert results == [results[0]] * 6
        assert await Author.all().count() == len(names)


async def test_a_row_that_is_deleted_meanwhile_is_created_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with library(empty_database_url):
        await Author.create(name="Ann")
        insert, deleted = Author.bulk_create, list[int]()

        async def insert_before_another_deletes(*args: Any, **options: Any) -> None:
            await insert(*args, **options)
            if not deleted:
                deleted.append(await Author.filter(name="Ann").delete())

        monkeypatch.setattr(Author, "bulk_create", insert_before_another_deletes)

        [found] = await get_or_create_many(Author, "name", ["Ann"])

        assert deleted == [1]
        assert (await Author.get()).id == found.id


async def test_a_row_that_another_constraint_forbids_is_an_error(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await get_or_create_many(Badge, "name", ["first"])

        with pytest.raises(BulkError, match=r"^1 rows of Badge\.name can be neither created nor found\.$"):
            await get_or_create_many(Badge, "name", ["first", "second"])
