from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from tests.kit.library import Author, Book, Label, Shelf, library
from tortoise_kit.bulk.batches import SQLITE_PARAMETERS
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.bulk.write import insert_many


async def test_every_object_has_its_key_and_is_saved(empty_database_url: str) -> None:
    async with library(empty_database_url):
        authors = await insert_many(Author(name=f"author {number}") for number in range(25))

        for author in authors:
            author.name += "!"
            await author.save()

        stored = {author.id: author.name for author in await Author.all()}
        assert stored == {author.id: author.name for author in authors}
        assert len(stored) == 25


async def test_stores_what_save_would_have_stored(empty_database_url: str) -> None:
    async with library(empty_database_url):
        given_time = datetime(1815, 12, 10, 3, 4, 5, 678901, tzinfo=UTC)
        [author] = await insert_many(
            [Author(name="Zoë", born_at=given_time, notes={"é": [1]}, shelf=Shelf.CLOSED, fee=Decimal("12.30"))]
        )

        stored = await Author.get(pk=author.pk)

        columns = ("id", "name", "born_at", "notes", "shelf", "fee", "added_at")
        assert [getattr(stored, column) for column in columns] == [getattr(author, column) for column in columns]
        assert stored.born_at == given_time


async def test_keeps_the_key_of_an_object(empty_database_url: str) -> None:
    async with library(empty_database_url):
        mixed = [Author(name="b"), Author(id=500, name="a"), Author(name="c"), Author(id=400, name="d")]

        await insert_many(mixed)

        assert [mixed[1].id, mixed[3].id] == [500, 400]
        assert {author.id: author.name for author in await Author.all()} == {a.id: a.name for a in mixed}


async def test_keeps_a_key_that_was_set_after_construction(empty_database_url: str) -> None:
    async with library(empty_database_url):
        author = Author(name="a")
        author.id = 77

        await insert_many([author])

        assert [stored.id for stored in await Author.all()] == [77]


async def test_sets_defaults_of_the_database_in_the_objects(empty_database_url: str) -> None:
    async with library(empty_database_url):
        books = await insert_many([Book(title="one"), Book(title="two", copies=9), Book(title="three")])
        labels = await insert_many([Label(code=uuid4()), Label(code=uuid4(), text="new"), Label(code=uuid4())])

        assert [(book.title, book.copies) for book in books] == [("one", 1), ("two", 9), ("three", 1)]
        assert [label.text for label in labels] == ["unnamed", "new", "unnamed"]
        assert {book.id: book.title for book in await Book.all()} == {book.id: book.title for book in books}


async def test_a_rejected_row_rolls_back_all_batches_and_sets_no_key(empty_database_url: str) -> None:
    async with library(empty_database_url):
        authors = [Author(name="a"), Author(name="b"), Author(name="a")]

        with pytest.raises(IntegrityError):
            await insert_many(authors, batch_size=1)

        assert await Author.all().count() == 0
        assert [author.pk for author in authors] == [None, None, None]


async def test_takes_part_in_an_open_transaction(empty_database_url: str) -> None:
    async with library(empty_database_url):
        async with in_transaction() as transaction:
            await insert_many([Author(name="a")])
            await transaction.rollback()

        assert await Author.all().count() == 0


async def test_rejects_objects_of_several_models(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(BulkError, match="for one model, and these are Author, Book"):
            await insert_many([Author(name="a"), Book(title="b")])


async def test_rejects_an_object_that_is_saved_already(empty_database_url: str) -> None:
    async with library(empty_database_url):
        authors = await insert_many([Author(name="a")])

        with pytest.raises(BulkError, match=r"Author \d+ is saved already"):
            await insert_many(authors)


async def test_more_values_than_one_statement_can_take_are_written(empty_database_url: str) -> None:
    async with library(empty_database_url):
        count = SQLITE_PARAMETERS // 2 + 1

        books = await insert_many((Book(title=f"{n}", copies=n) for n in range(count)), batch_size=count)

        assert await Book.filter(copies=count - 1).values_list("id", "title") == [(books[-1].id, f"{count - 1}")]
        assert await Book.all().count() == count


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 10**6)), max_size=40),
    batch_size=st.integers(1, 50),
)
async def test_any_number_of_objects_in_batches_of_any_size_reads_back_as_it_was(
    empty_database_url: str, rows: list[tuple[bool, int | None]], batch_size: int
) -> None:
    """Each object may have a key, and a number of copies."""
    async with library(empty_database_url):
        await Book.all().delete()
        books = [
            Book(
                title=f"{position}",
                **({"id": 10**6 + position} if keyed else {}),
                **({} if n is None else {"copies": n}),
            )
            for position, (keyed, n) in enumerate(rows)
        ]

        await insert_many(books, batch_size=batch_size)

        stored = await Book.all().values_list("id", "title", "copies")
        assert sorted(stored) == sorted((book.id, book.title, book.copies) for book in books)
        assert [book.copies for book in books] == [1 if copies is None else copies for _, copies in rows]
        assert all(book.id == 10**6 + position for position, book in enumerate(books) if rows[position][0])
