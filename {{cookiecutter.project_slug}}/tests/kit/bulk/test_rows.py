"""What is written in bulk reads back as it was, for every type of column."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.exceptions import IntegrityError, OperationalError, ValidationError
from tortoise.models import Model

from tests.kit.library import Author, Book, Kind, Label, Loan, Shelf, Ticket, library
from tortoise_kit.bulk.batches import POSTGRES_PARAMETERS
from tortoise_kit.bulk.copy import copy_many
from tortoise_kit.bulk.rows import BulkError
from tortoise_kit.bulk.write import insert_many, update_many, upsert_many
from tortoise_kit.db.transactions import transaction
from tortoise_kit.sql.budgets import query_budget
from tortoise_kit.sql.recording import recorded_queries
from tortoise_kit.upstream.tortoise import driver_connection

PLACE = ("shelf", "number")


class ShelfPlan(Model):
    """Only Postgres has a table for it."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20, unique=True)
    widths = ArrayField("INT")

    class Meta:
        table = "kit_shelf_plans"


# Postgres stores no NUL and no half of a surrogate pair.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "huge": st.integers(-(2**63), 2**63 - 1),
    "small": st.integers(-(2**15), 2**15 - 1),
    "kind": st.sampled_from(Kind),
    "title": TEXT.filter(lambda text: len(text) <= 20),
    "text": TEXT,
    "open": st.booleans(),
    "fee": st.decimals(-(10**9) + 1, 10**9 - 1, places=3),
    "weight": st.floats(allow_nan=False, allow_infinity=False),
    "at": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "on": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "takes": st.timedeltas(timedelta(days=-(10**5)), timedelta(days=10**5)),
    "notes": st.dictionaries(TEXT, JSON, max_size=3) | st.lists(JSON, max_size=3),
    "code": st.uuids(),
    "scan": st.binary(max_size=20),
}
VALUES = st.fixed_dictionaries({name: st.none() | values for name, values in COLUMNS.items()})
LOANS = st.lists(VALUES, min_size=1, max_size=8)
EXAMPLES = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def placed(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"shelf": Shelf.OPEN, "number": number, **each} for number, each in enumerate(values)]


async def stored(keys: list[Any], names: Any) -> list[dict[str, Any]]:
    """What Tortoise reads from these rows."""
    found = await Loan.in_bulk(keys, "id")
    return [{name: getattr(found[key], name) for name in names} for key in keys]


@EXAMPLES
@given(values=LOANS, batch_size=st.integers(1, 5))
async def test_inserted_objects_read_back_as_they_were(
    empty_database_url: str, values: list[dict[str, Any]], batch_size: int
) -> None:
    async with library(empty_database_url):
        await Loan.all().delete()
        objects = await insert_many((Loan(**row) for row in placed(values)), batch_size=batch_size)

        assert await stored([loan.id for loan in objects], values[0]) == values
        assert [{name: getattr(loan, name) for name in values[0]} for loan in objects] == values


@EXAMPLES
@given(values=LOANS, newer=LOANS, batch_size=st.integers(1, 5))
async def test_upserted_rows_read_back_as_they_were_last_written(
    empty_database_url: str, values: list[dict[str, Any]], newer: list[dict[str, Any]], batch_size: int
) -> None:
    async with library(empty_database_url):
        await Loan.all().delete()
        first = await upsert_many(Loan, placed(values), conflict=PLACE, batch_size=batch_size)

        second = await upsert_many(Loan, placed(newer)[::-1], conflict=PLACE, batch_size=batch_size)

        assert await stored(second, ("number", *newer[0])) == [
            {"number": number, **each} for number, each in list(enumerate(newer))[::-1]
        ]
        assert second[::-1][: len(first)] == first[: len(second)], "the same place has the same key"
        assert await Loan.all().count() == max(len(values), len(newer))


@EXAMPLES
@given(pairs=st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8), batch_size=st.integers(1, 5))
async def test_updated_objects_read_back_as_they_were_last_written(
    empty_database_url: str, pairs: list[tuple[dict[str, Any], dict[str, Any]]], batch_size: int
) -> None:
    async with library(empty_database_url):
        await Loan.all().delete()
        loans = await insert_many([Loan(**row) for row in placed([old for old, _ in pairs])])
        for loan, (_, new) in zip(loans, pairs, strict=True):
            loan.update_from_dict(new)

        changed = await update_many(loans, tuple(COLUMNS), batch_size=batch_size)

        assert changed == len(pairs)
        assert await stored([loan.id for loan in loans], COLUMNS) == [new for _, new in pairs]


async def test_rows_get_what_save_would_have_stored(empty_database_url: str) -> None:
    """On SQLite a time and a decimal are text: one written in another way would not be found."""
    async with library(empty_database_url) as using:
        elsewhere = datetime.fromisoformat("2024-02-29T12:30:00+05:00")
        row: dict[str, Any] = {"name": "a", "born_at": elsewhere, "fee": Decimal("1.5"), "added_at": elsewhere}

        await Author.create(**row)
        await upsert_many(Author, [{**row, "name": "b"}], conflict=("name",))
        [author] = await insert_many([Author(**{**row, "name": "c"})])
        author.fee = Decimal("1.50")
        await update_many([author], ("born_at", "fee"))

        query = "SELECT DISTINCT born_at, fee FROM kit_authors"
        assert len(await get_connection(using).execute_query_dict(query)) == 1


async def test_objects_with_only_a_generated_key_are_inserted(empty_database_url: str) -> None:
    async with library(empty_database_url):
        tickets = await insert_many(Ticket() for _ in range(3))

        keys = sorted(ticket.id for ticket in tickets)
        assert keys == sorted(ticket.id for ticket in await Ticket.all())
        assert len(set(keys)) == 3


async def test_any_number_of_rows_is_one_statement(database: str, empty_database_url: str) -> None:
    async with library(empty_database_url):
        with query_budget(exactly=3 if database == "postgres" else 4):  # SQLite then reads the keys
            authors = await insert_many(Author(name=f"{number}") for number in range(1000))
            await upsert_many(Author, [{"name": author.name} for author in authors], conflict=("name",))
            for author in authors:
                author.fee = Decimal(7)
            await update_many(authors, ("fee",))

        assert len(authors) == await Author.filter(fee=7).count() == 1000


@pytest.mark.only("postgres")
async def test_on_postgres_the_sql_is_the_same_for_any_number_of_rows(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with recorded_queries() as log:
            for count in (1, 2, 40):
                await insert_many(Book(title=f"{number}") for number in range(count))

        assert len({statement.text for statement in log.queries}) == 1


@pytest.mark.only("postgres")
async def test_the_database_rejects_text_that_is_too_long_instead_of_truncating_it(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Tortoise's validator, a cast to the column's length would silently truncate."""
    async with library(empty_database_url):
        [book] = await insert_many([Book(title="a")])
        monkeypatch.setattr(Book._meta.fields_map["title"], "validators", [])

        with pytest.raises(OperationalError):
            await insert_many([Book(title="x" * 51)])
        book.title = "x" * 51
        with pytest.raises(OperationalError):
            await update_many([book], ("title",))

        assert [each.title for each in await Book.all()] == ["a"]


async def test_a_validator_of_the_model_rejects_a_row_before_anything_is_sent(empty_database_url: str) -> None:
    async with library(empty_database_url):
        rows = [{"id": 1, "title": "a"}, {"id": 2, "title": "x" * 51}]

        with query_budget(0):
            for write in (upsert_many(Book, rows, conflict=("id",)), insert_many(Book(**row) for row in rows)):
                with pytest.raises(ValidationError, match="title: Length"):
                    await write
            with pytest.raises(ValidationError, match="title: Value must not be None"):
                await upsert_many(Book, [{"id": 1, "title": None}], conflict=("id",))


@pytest.mark.only("postgres")
async def test_columns_of_arrays_are_written(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        rows = [{"name": f"{number}", "widths": list(range(number))} for number in range(5)]

        plans = await insert_many([ShelfPlan(**row) for row in rows], batch_size=2)
        newer = [{**row, "widths": [9]} for row in rows]
        assert await upsert_many(ShelfPlan, newer, conflict=("name",)) == [plan.id for plan in plans]
        plans[0].widths, plans[1].widths = [1, 2], []
        await update_many(plans[:2], ("widths",))

        assert [plan.widths for plan in await ShelfPlan.all().order_by("name")] == [[1, 2], [], [9], [9], [9]]


@pytest.mark.only("postgres")
async def test_more_parameters_than_asyncpg_takes_need_several_statements(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        count = POSTGRES_PARAMETERS // 2 + 1

        with query_budget(exactly=2):
            await insert_many((ShelfPlan(name=f"{number}", widths=[]) for number in range(count)), batch_size=count)

        assert await ShelfPlan.all().count() == count


@pytest.mark.only("sqlite")
async def test_a_statement_has_no_more_parameters_than_sqlite_was_built_for(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Ticket.all().count()
        driver_connection(get_connection(using)).parameters_max = 10

        with query_budget(exactly=9):  # of three rows with three columns
            await insert_many(Book(title=f"{number}", copies=number) for number in range(25))


async def test_upsert_updates_the_named_fields_and_the_time_of_the_last_change(empty_database_url: str) -> None:
    async with library(empty_database_url):
        [old] = await insert_many([Loan(shelf=Shelf.OPEN, number=1, title="old", text="old", copies=5)])
        row = {"shelf": Shelf.OPEN, "number": 1, "title": "new", "text": "new"}

        [key] = await upsert_many(Loan, [row], conflict=PLACE, update=("title",))

        new = await Loan.get(id=key)
        assert (key, new.title, new.text, new.copies) == (old.id, "new", "old", 5)
        assert new.added_at == old.added_at
        assert new.changed_at > old.changed_at


async def test_upsert_without_fields_to_update_returns_the_keys_of_existing_rows(empty_database_url: str) -> None:
    async with library(empty_database_url):
        [old] = await insert_many([Loan(shelf=Shelf.OPEN, number=1, title="old")])
        rows = [{"shelf": Shelf.OPEN, "number": number, "title": "new"} for number in (2, 1)]

        keys = await upsert_many(Loan, rows, conflict=PLACE, update=())

        assert keys[1] == old.id
        assert await Loan.all().order_by("number").values_list("number", "title") == [(1, "old"), (2, "new")]
        assert (await Loan.get(id=old.id)).changed_at == old.changed_at


async def test_upsert_by_the_primary_key(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await insert_many([Book(id=5, title="old")])

        keys = await upsert_many(Book, [{"id": 6, "title": "b"}, {"id": 5, "title": "a"}], conflict=("id",))

        assert keys == [6, 5]
        assert await Book.all().order_by("id").values_list("id", "title") == [(5, "a"), (6, "b")]


async def test_upsert_without_a_unique_constraint_is_an_error(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(OperationalError):
            await upsert_many(Book, [{"title": "a"}], conflict=("title",))


@pytest.mark.only("postgres")
async def test_parallel_upserts_of_the_same_rows_wait_instead_of_deadlocking(empty_database_url: str) -> None:
    async with library(empty_database_url):
        rows = [{"name": f"{number}"} for number in range(200)]

        async def write(each: list[dict[str, Any]]) -> list[int]:
            return await upsert_many(Author, each, conflict=("name",), batch_size=20)

        answers = await asyncio.gather(*(write(rows[::direction]) for direction in (1, -1) * 4))

        assert all(answer[::direction] == answers[0] for answer, direction in zip(answers, (1, -1) * 4, strict=True))


async def test_an_update_returns_the_number_of_rows_found(empty_database_url: str) -> None:
    async with library(empty_database_url):
        books = await insert_many([Book(title="a"), Book(title="b")])
        await Book.filter(id=books[1].id).delete()

        assert await update_many(books, ("title",)) == 1
        assert await update_many(books[1:], ("title",)) == 0


async def test_an_update_sets_the_time_of_the_last_change_in_rows_and_objects(empty_database_url: str) -> None:
    async with library(empty_database_url):
        loans = await insert_many(Loan(shelf=Shelf.OPEN, number=number) for number in range(2))
        before = loans[0].changed_at

        await update_many(loans[:1], ("title",))

        found = await Loan.all().order_by("number")
        assert found[0].changed_at == loans[0].changed_at > before
        assert found[1].changed_at == loans[1].changed_at
        assert [loan.added_at for loan in found] == [loan.added_at for loan in loans]


async def test_an_update_writes_only_the_named_fields(empty_database_url: str) -> None:
    async with library(empty_database_url):
        [book] = await insert_many([Book(title="a", copies=3)])
        book.title, book.copies = "b", 9

        assert await update_many([book], ("title",)) == 1

        assert await Book.all().values_list("title", "copies") == [("b", 3)]


async def test_no_rows_send_no_statement(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with query_budget(0):
            assert await insert_many([]) == []
            assert await upsert_many(Book, [], conflict=("id",)) == []
            assert await update_many([], ("title",)) == 0


async def test_a_rejected_row_rolls_back_all_batches(empty_database_url: str) -> None:
    async with library(empty_database_url):
        ann, ben = authors = await insert_many([Author(name="Ann"), Author(name="Ben")])

        with pytest.raises(IntegrityError):
            await upsert_many(Author, [{"id": 100, "name": "Cid"}, {"id": ann.id, "name": "Ben"}], conflict=("id",))
        ann.name = ben.name = "Cid"
        with pytest.raises(IntegrityError):
            await update_many(authors, ("name",), batch_size=1)

        assert [author.name for author in await Author.all().order_by("name")] == ["Ann", "Ben"]


async def test_takes_part_in_an_open_transaction(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        [book] = await insert_many([Book(title="a")])

        with pytest.raises(ZeroDivisionError):
            async with transaction(using=using):
                await upsert_many(Book, [{"id": book.id, "title": "c"}, {"id": 100, "title": "b"}], conflict=("id",))
                book.title = "d"
                await update_many([book], ("title",))
                raise ZeroDivisionError

        assert [book.title for book in await Book.all()] == ["a"]


async def test_mistakes_raise_errors_before_anything_is_sent(empty_database_url: str) -> None:
    async with library(empty_database_url):
        [saved] = await insert_many([Book(title="a")])
        mistakes = (
            (
                upsert_many(Book, [{"author": 1}], conflict=("id",)),
                "Book has no column for 'author'; it has id, title, copies, author_id",
            ),
            (
                upsert_many(Book, [{"title": "a"}, {"copies": 1}], conflict=("id",)),
                "Row 1 has copies, and row 0 title; all must have the same",
            ),
            (upsert_many(Book, [{"title": "a"}], conflict=("isbn",)), "Book has no column for 'isbn'"),
            (
                upsert_many(Book, [{"title": "a"}], conflict=("id",)),
                r"Book\.id identifies a row, and these rows have no id",
            ),
            (
                upsert_many(Book, [{"id": 1, "title": t} for t in "ab"], conflict=("id",)),
                r"Rows 0 and 1 have the same Book\.id; pass each row once",
            ),
            (
                upsert_many(Loan, [{"shelf": "open", "number": None}], conflict=PLACE),
                r"Row 0 has a NULL in Loan\.shelf\+number",
            ),
            (
                upsert_many(Book, [{"id": 1, "title": "a"}], conflict=("id",), update=("copies",)),
                r"Book\.copies is to be updated, and the rows have no value for it",
            ),
            (update_many([saved], ()), "There is nothing to update: name a field of Book other than its key"),
            (update_many([Book(title="b")], ("title",)), "A Book is not saved yet"),
            (update_many([saved, saved], ("title",)), r"Rows 0 and 1 have the same Book\.id"),
            (update_many([saved, Author(name="a")], ("title",)), "One statement is for one model"),
        )
        for work, message in mistakes:
            with query_budget(0), pytest.raises(BulkError, match=message):
                await work


async def test_equal_values_written_differently_are_the_same_row(empty_database_url: str) -> None:
    async with library(empty_database_url):
        code = uuid4()
        await copy_many(Label, ("code",), [(code,)])

        with pytest.raises(BulkError, match="Rows 0 and 1"):
            await upsert_many(Label, [{"code": code}, {"code": str(code)}], conflict=("code",))
        assert await upsert_many(Label, [{"code": str(code), "text": "new"}], conflict=("code",)) == [code]
