from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from tests.kit.library import Author, Book, Label, Shelf, library
from tortoise_kit.bulk.copy import continue_keys, copy_many
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.bulk.write import insert_many
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


async def test_generated_keys_continue_after_copied_ones(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await copy_many(Book, ("id", "title"), [(1, "a"), (40, "b")])

        await continue_keys(Book)

        assert (await Book.create(title="c")).id == 41


async def test_keys_of_an_empty_table_begin_at_one(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await continue_keys(Book)
        await continue_keys(Label)  # its keys are not generated

        assert (await Book.create(title="a")).id == 1
