from tests.kit.library import Author, Book, Loan, library
from tortoise_kit.models.owners import owner_scope


def is_open(author: Author) -> bool:
    return author.shelf == "open"


async def test_a_user_sees_their_own_rows_and_some_users_see_all(empty_database_url: str) -> None:
    async with library(empty_database_url):
        staff = await Author.create(name="Staff", shelf="open")
        ann, ben = [await Author.create(name=name, shelf="closed") for name in ("Ann", "Ben")]
        for author in (ann, ann, ben, None):
            await Book.create(author=author, title="A")
        visible = owner_scope(Book, "author_id", sees_all=is_open)

        assert [await visible(each).count() for each in (ann, ben, staff)] == [2, 1, 4]
        assert await visible(ben).filter(author_id=ann.id).first() is None


async def test_an_owner_may_be_that_of_a_related_row(empty_database_url: str) -> None:
    async with library(empty_database_url):
        ann, ben = [await Author.create(name=name, shelf="closed") for name in ("Ann", "Ben")]
        loan = await Loan.create(shelf="open", number=1, author=ann)

        visible = owner_scope(Author, "loans__author_id", sees_all=is_open)

        assert await visible(ann).filter(loans=loan.id).exists()
        assert not await visible(ben).exists()
