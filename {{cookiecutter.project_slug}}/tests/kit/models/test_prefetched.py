import pytest

from tests.kit.library import Author, Book, library
from tortoise_kit.models.prefetched import set_prefetched
from tortoise_kit.sql.budgets import query_budget


async def test_a_relation_with_known_rows_sends_no_query(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        ann = await Author.create(name="Ann")
        books = [await Book.create(title=title, author=ann) for title in ("B", "A")]
        set_prefetched(ann, "books", books)

        with query_budget(0):
            assert [book.title for book in ann.books] == ["B", "A"]


@pytest.mark.parametrize("name", ["name", "nothing"])
async def test_the_error_names_what_is_not_a_to_many_relation(empty_database_url: str, name: str) -> None:
    async with library(empty_database_url, name="default"):
        with pytest.raises(TypeError, match=rf"Author\.{name} is not a to-many relation"):
            set_prefetched(Author(name="Ann"), name, [])
