from typing import Any, assert_type

import pytest
from tortoise.exceptions import ConfigurationError

from tests.kit.library import Author, Book, Shelf, library
from tortoise_kit.models.values import values_of
from tortoise_kit.sql.budgets import query_budget


async def test_the_values_of_a_column_have_their_type_and_the_order_of_the_rows(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        ann = await Author.create(name="Ann")
        for title, author in (("B", ann), ("A", None)):
            await Book.create(title=title, author=author)

        titles = await values_of(Book.all().order_by("title"), "title", str)
        authors = await values_of(Book.all().order_by("title"), "author_id", int, null=True)
        shelves = await values_of(Author.all(), "shelf", Shelf)
        await Book.create(title="A")
        different = await values_of(Book.all().distinct().order_by("title"), "title", str)

        assert assert_type(titles, list[str]) == ["A", "B"]
        assert assert_type(authors, list[int | None]) == [None, ann.id]
        assert assert_type(shelves, list[Shelf]) == [Shelf.OPEN]
        assert different == ["A", "B"]


@pytest.mark.parametrize(
    ("column", "kind", "options", "message"),
    [
        ("title", int, {}, r"Book\.title has values of <class 'str'>: call values_of\(…, 'title', str\)"),
        ("title", str, {"null": True}, r"call values_of\(…, 'title', str\)"),
        ("author_id", int, {}, r"call values_of\(…, 'author_id', int, null=True\)"),
        ("author", int, {}, r"Book\.author is no column: name a field that is one, such as id"),
        ("author__name", str, {}, r"Book\.author__name is no column"),
    ],
)
async def test_another_type_than_the_column_has_is_refused_before_a_query(
    empty_database_url: str, column: str, kind: type[Any], options: dict[str, Any], message: str
) -> None:
    async with library(empty_database_url, name="default"):
        with query_budget(0), pytest.raises(ConfigurationError, match=message):
            await values_of(Book.all(), column, kind, **options)
