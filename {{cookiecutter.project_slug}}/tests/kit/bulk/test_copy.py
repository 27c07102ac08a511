import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from tests.kit.library import Author, Book, Label, Shelf, library
from tortoise_kit.bulk.copy import copy_many, link_many
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.bulk.write import insert_many, upsert_many
from tortoise_kit.sql.identifiers import writing_connection

COLUMNS = ("id", "name", "born_at", "notes", "shelf", "fee", "added_at")
TIME = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)


async def test_copies_values_as_instances_would_hold_them(empty_database_url: str) -> None:
    async with library(empty_database_url):
        rows = [(n, f"author {n}", None, {"n": n}, Shelf.CLOSED, Decimal("1.50"), TIME) for n in range(1, 8)]

        await copy_many(Author, COLUMNS, iter(rows), batch_size=3)

        assert sorted(await Author.all().values_list(*COLUMNS)) == rows


async def test_equal_values_are_stored_in_one_form(empty_database_url: str) -> None:
    """On SQLite times and decimals are text: one that is written differently would not be found."""
    async with library(empty_database_url):
        elsewhere = TIME.astimezone(timezone(timedelta(hours=5)))
        await copy_many(Author, COLUMNS, [(100, "a", elsewhere, {}, Shelf.OPEN, Decimal("1.5"), elsewhere)])
        await insert_many([Author(name="b", born_at=elsewhere, fee=Decimal("1.5"), added_at=elsewhere)])

        connection = get_connection(writing_connection(Author))
        kinds = await connection.execute_query_dict("SELECT DISTINCT born_at, fee, added_at FROM kit_authors")
        assert len(kinds) == 1


async def test_no_rows_are_copied(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await copy_many(Author, COLUMNS, [])

        assert await Author.all().count() == 0


async def test_a_rejected_row_rolls_back_the_whole_copy(empty_database_url: str) -> None:
    async with library(empty_database_url):
        rows = [(1, None, "a"), (2, None, "b"), (1, None, "c")]

        with pytest.raises(IntegrityError):
            await copy_many(Book, ("id", "author_id", "title"), rows, batch_size=1)

        assert await Book.all().count() == 0


async def test_rejects_a_column_that_the_model_lacks(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(BulkError, match="Book has no column for 'author'; it has id, title, copies, author_id"):
            await copy_many(Book, ("id", "author"), [])


async def test_links_rows_of_a_many_to_many_relation_from_either_side(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await insert_many([Book(id=key, title="a") for key in (1, 2, 3)])
        labels = await insert_many([Label(code=UUID(int=key)) for key in (7, 8)])

        await link_many(Book, "labels", ((book, label.code) for book in (1, 2) for label in labels), batch_size=3)
        await link_many(Label, "books", [(labels[1].code, 3)])

        assert sorted(await Book.all().values_list("id", "labels__code")) == [
            *((book, label.code) for book in (1, 2) for label in labels),
            (3, labels[1].code),
        ]


async def test_a_link_to_a_missing_row_or_made_twice_is_rejected_and_links_nothing(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Book.create(id=1, title="a")
        label = await Label.create(code=UUID(int=7))

        for wrong in ((2, label.code), (1, label.code)):
            with pytest.raises(IntegrityError):
                await link_many(Book, "labels", [(1, label.code), wrong], batch_size=1)
        with pytest.raises(BulkError, match="Book has no many-to-many relation 'author'; it has labels"):
            await link_many(Book, "author", [])

        assert await Book.filter(labels__code=label.code).count() == 0


async def by_copy(keys: list[int]) -> None:
    await copy_many(Book, ("title", "id"), [("a", key) for key in keys], batch_size=2)


async def by_insert(keys: list[int]) -> None:
    await insert_many([Book(id=key, title="a") for key in keys])


async def by_mixed_insert(keys: list[int]) -> None:
    await insert_many([Book(title="generated"), *(Book(id=key, title="a") for key in keys)])
    await Book.filter(title="generated").delete()


async def by_upsert(keys: list[int]) -> None:
    await upsert_many(Book, [{"id": key, "title": "a"} for key in keys], conflict=("id",))


@pytest.mark.parametrize("write", [by_copy, by_insert, by_mixed_insert, by_upsert])
@pytest.mark.parametrize("keys", [[40, 1, 7], [2_000_000], [1]], ids=str)
async def test_generated_keys_continue_after_given_ones(
    empty_database_url: str, write: Callable[[list[int]], Awaitable[None]], keys: list[int]
) -> None:
    async with library(empty_database_url):
        await write(keys)

        assert (await Book.create(title="c")).id == max(keys) + 1 + (write is by_mixed_insert)
        await Book.filter(id=min(keys)).delete()
        await write([min(keys)])  # behind: the sequence stays
        assert (await Book.create(title="d")).id == max(keys) + 2 + 2 * (write is by_mixed_insert)


async def test_plain_inserts_go_on_while_rows_with_keys_are_inserted(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=4):
        gap = itertools.count(1000, 1000)

        async def plain() -> int:
            return sum([len(await insert_many([Book(title="p")])) for _ in range(40)])

        async def keyed() -> int:
            return sum([len(await insert_many([Book(id=next(gap), title="k")])) for _ in range(40)])

        await asyncio.gather(plain(), keyed(), plain(), keyed())
        assert (await Book.create(title="last")).id > 80_000


async def test_keys_that_are_not_generated_are_no_ones_to_continue_after(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await copy_many(Label, ("code",), [(UUID(int=1),)])

        assert (await Label.get()).text == "unnamed"
