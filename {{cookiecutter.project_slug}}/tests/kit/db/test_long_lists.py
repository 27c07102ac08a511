"""Lists of keys that are longer than a statement has parameters, on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tortoise.functions import Count

from tests.kit.library import Author, Book, Kind, Label, Loan, Shelf, library
from tortoise_kit.bulk.write import insert_many
from tortoise_kit.sql.recording import recorded_queries

MANY = 33_000  # Postgres takes 32 767 parameters, SQLite 32 766


def values(kind: str) -> list[Any]:
    """Many values that no row has."""
    since = datetime(2000, 1, 1, tzinfo=UTC)
    found: dict[str, list[Any]] = {
        "number": list(range(10, MANY)),
        "title": [f"{at} '\"{{" for at in range(MANY)],
        "code": [UUID(int=at + 10) for at in range(MANY)],
        "at": [since + timedelta(seconds=at) for at in range(MANY)],
        "fee": [Decimal(at) / 1000 for at in range(200, MANY)],
        "weight": [at / 7 for at in range(10, MANY)],
        "on": [since.date() + timedelta(days=at) for at in range(MANY)],
        "shelf": [Shelf.OPEN] * MANY,
        "kind": [Kind.LONG] * MANY,
        "takes": [timedelta(seconds=at) for at in range(10, MANY)],
    }
    return found[kind]


@pytest.fixture
def loan() -> dict[str, Any]:
    at = datetime(1999, 1, 1, 12, 30, tzinfo=UTC)
    return {
        "shelf": Shelf.CLOSED,
        "number": 1,
        "kind": Kind.SHORT,
        "title": "é '\"{}",
        "fee": Decimal("0.125"),
        "weight": 0.1 + 0.2,
        "at": at,
        "on": at.date(),
        "takes": timedelta(microseconds=1),
        "code": UUID(int=1),
    }


async def test_a_filter_takes_a_list_of_any_length_and_any_type(empty_database_url: str, loan: dict[str, Any]) -> None:
    async with library(empty_database_url):
        first, other = await insert_many([Loan(**loan), Loan(shelf=Shelf.CLOSED, number=2)])
        for name, value in loan.items():
            several = values(name)

            assert await Loan.filter(**{f"{name}__in": several}) == [], name
            assert [each.id for each in await Loan.filter(**{f"{name}__in": [*several, value]}, id=first.id)] == [
                first.id
            ]
            without = Loan.filter(**{f"{name}__not_in": [*several, value]}).filter(id__in=[first.id, other.id])
            expected = [] if name == "shelf" else [other.id]
            assert await without.values_list("id", flat=True) == expected, name


async def test_a_long_list_is_one_parameter(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with recorded_queries() as log:
            await Book.filter(id__in=list(range(MANY)), author_id__in=list(range(MANY)))
            await Book.filter(id__in=list(range(1_000)))
        long, short = (query.text for query in log.queries)
        assert (len(long) < 300, len(short) >= 2_000) == (True, True)
        assert Book.filter(id__in=list(range(1_001))).sql(params_inline=True).count(",") > 1_000


async def test_relations_are_prefetched_for_any_number_of_rows(empty_database_url: str) -> None:
    async with library(empty_database_url):
        authors = await insert_many([Author(name=f"{at}") for at in range(MANY)])
        await insert_many([Book(title="x", author_id=each.id) for each in authors])
        [label] = await insert_many([Label(code=UUID(int=1))])
        books = await Book.all().order_by("id")
        for book in (books[0], books[-1]):
            await book.labels.add(label)

        found = await Book.all().order_by("id").prefetch_related("author", "labels")
        assert {book.author.id == book.author_id for book in found if book.author} == {True}
        assert [len(book.labels) for book in (found[0], found[1], found[-1])] == [1, 0, 1]
        owners = await Author.all().prefetch_related("books").annotate(count=Count("books"))
        assert {len(each.books) for each in owners} == {1}
