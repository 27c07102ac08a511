"""Statements are recorded, counted and held to a budget, the same on both databases."""

import asyncio

import pytest
from tortoise.connection import get_connection
from tortoise.expressions import F

from tests.kit.library import Author, Book, library
from tortoise_kit.bulk.copy import copy_many
from tortoise_kit.bulk.write import insert_many
from tortoise_kit.db.transactions import start_task, transaction
from tortoise_kit.sql.budgets import QueryBudgetError, query_budget
from tortoise_kit.sql.fingerprints import Kind, fingerprint, kind_of
from tortoise_kit.sql.recording import QueryLog, Statement, instrument, recorded_queries, watched_by


async def test_every_statement_is_recorded_with_its_time_rows_and_line(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Author.create(name="Ann")

        with recorded_queries() as log:
            await Author.all()

        [statement] = log.statements
        assert statement.text.startswith("SELECT")
        assert (statement.kind, statement.rows, statement.many) == (Kind.QUERY, 1, False)
        assert statement.seconds > 0
        assert str(statement.site).startswith("tests/kit/sql/test_recording.py:")


async def test_parameters_are_not_recorded(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with recorded_queries() as log:
            await Author.create(name="canary")
            await Author.filter(name="canary").update(fee=F("fee") + 1)
            await insert_many([Author(name="canary 2")])
            await copy_many(Book, ("id", "title"), [(1, "canary 3")])

        assert log.statements
        assert "canary" not in repr(log.statements) + str(log)


async def test_begin_commit_and_savepoints_are_recorded_but_are_no_queries(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with recorded_queries() as log:
            async with transaction(using=using):
                async with transaction(using=using):
                    await Author.create(name="Ann")
                with pytest.raises(ZeroDivisionError):
                    async with transaction(using=using):
                        raise ZeroDivisionError
            with pytest.raises(ZeroDivisionError):
                async with transaction(using=using):
                    raise ZeroDivisionError

        words = [statement.text.split()[0].rstrip(";") for statement in log.statements]
        assert words == [
            *("BEGIN", "SAVEPOINT", "INSERT", "RELEASE", "SAVEPOINT", "ROLLBACK", "COMMIT"),
            *("BEGIN", "ROLLBACK"),
        ]
        assert [statement.text.split()[0] for statement in log.queries] == ["INSERT"]


async def test_raw_statements_scripts_bulk_inserts_and_copies_are_recorded(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        connection = get_connection(using)
        with recorded_queries() as log:
            await connection.execute_query("SELECT 1 AS raw")
            await connection.execute_query_dict("SELECT 2 AS raw")
            await connection.execute_script("SELECT 3 AS raw")
            await connection.execute_insert("INSERT INTO kit_books (title) VALUES ('a')", [])
            await Book.bulk_create([Book(title="a", copies=1)])
            await copy_many(Book, ("id", "title"), [(100, "b")])

        # On Postgres, the generated keys continue after the one that was given.
        copied = [("INSERT", True)]
        if connection.capabilities.dialect == "postgres":
            copied = [("COPY", True), ("WITH", False)]
        assert [(statement.text.split()[0], statement.many) for statement in log.queries] == [
            ("SELECT", False),
            ("SELECT", False),
            ("SELECT", False),
            ("INSERT", False),
            ("INSERT", True),
            *copied,
        ]


@pytest.mark.only("postgres")
async def test_prepared_statements_and_cursors_are_recorded_once(empty_database_url: str) -> None:
    async with library(empty_database_url) as using, get_connection(using).acquire_connection() as connection:
        with recorded_queries() as log:
            prepared = await connection.prepare("SELECT 1")
            await prepared.fetch()
            async with connection.transaction():
                assert [row[0] async for row in connection.cursor("SELECT 2")] == [2]

        assert [statement.text for statement in log.queries] == ["SELECT 1", "SELECT 2"]


@pytest.mark.only("postgres")
async def test_resetting_a_session_is_no_query(empty_database_url: str) -> None:
    async with library(empty_database_url, pooler=None) as using:
        with recorded_queries() as log:
            await get_connection(using).execute_query("SET work_mem = '5MB'")

        assert [statement.kind for statement in log.statements] == [Kind.SESSION, Kind.SESSION]


async def test_opening_the_connection_is_not_recorded(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await get_connection(using).close()

        with recorded_queries() as log:
            await Author.all().count()

        assert len(log.statements) == 1


async def test_a_statement_that_fails_is_recorded(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with recorded_queries() as log, pytest.raises(Exception, match="nothing"):
            await get_connection(using).execute_query("SELECT nothing")

        assert [(statement.text, statement.rows) for statement in log.statements] == [("SELECT nothing", None)]


async def test_blocks_record_only_what_is_sent_inside_them(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Author.all().count()
        with recorded_queries() as outer:
            await Author.all().count()
            with recorded_queries() as inner:
                await Author.all().count()
            await Author.all().count()
        await Author.all().count()

        assert (len(outer.statements), len(inner.statements)) == (3, 1)


async def test_tasks_that_a_block_starts_are_recorded_until_the_block_ends(empty_database_url: str) -> None:
    async with library(empty_database_url):
        counted, go_on = asyncio.Event(), asyncio.Event()

        async def count_twice() -> None:
            await Author.all().count()
            counted.set()
            await go_on.wait()
            await Author.all().count()

        with recorded_queries() as log:
            await asyncio.gather(Author.all().count(), Book.all().count())
            outliving = start_task(count_twice())
            await counted.wait()
        go_on.set()
        await outliving

        assert len(log.statements) == 3


async def test_other_tasks_are_not_recorded(empty_database_url: str) -> None:
    async with library(empty_database_url):
        go_on, done = asyncio.Event(), asyncio.Event()

        async def other() -> None:
            await go_on.wait()
            await Author.all().count()
            done.set()

        task = asyncio.create_task(other())
        with recorded_queries() as log:
            go_on.set()
            await done.wait()
        await task

        assert log.statements == []


async def test_a_prefetch_has_the_line_that_awaits_it(empty_database_url: str) -> None:
    """Tortoise prefetches in tasks, whose stacks begin in Tortoise."""
    async with library(empty_database_url):
        await Book.create(title="a", author=await Author.create(name="Ann"))

        with recorded_queries() as log:
            await Author.all().prefetch_related("books")

        first, second = (statement.site for statement in log.queries)
        assert first == second
        assert first is not None


async def read_titles(ids: list[int]) -> list[str]:
    return [(await Book.get(id=each)).title for each in ids]


async def test_an_exceeded_budget_lists_the_statements_with_counts_and_lines(empty_database_url: str) -> None:
    async with library(empty_database_url):
        ids = [book.id for book in await insert_many(Book(title=f"{n}") for n in range(3))]

        with pytest.raises(QueryBudgetError) as raised, query_budget(2):
            await Author.all().count()
            await read_titles(ids)

        message = str(raised.value)
        line = read_titles.__code__.co_firstlineno + 1
        assert message.startswith("4 queries were sent, and the budget is at most 2:\n  3 x SELECT")
        assert f"\n      3 x at tests/kit/sql/test_recording.py:{line}\n" in message
        assert "\n  1 x SELECT COUNT(*) FROM" in message


async def test_a_budget_does_not_count_begin_and_commit(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with query_budget(1) as log:
            async with transaction(using=using):
                await Author.create(name="Ann")

        assert (len(log.queries), len(log.statements)) == (1, 3)


@pytest.mark.parametrize("sent", [0, 1, 2])
async def test_an_exact_budget_allows_neither_more_nor_fewer(empty_database_url: str, sent: int) -> None:
    async with library(empty_database_url):

        async def send() -> None:
            with query_budget(exactly=1):
                for _ in range(sent):
                    await Author.all().count()

        if sent == 1:
            await send()
        else:
            with pytest.raises(QueryBudgetError, match=f"{sent} queries were sent, and the budget is exactly 1"):
                await send()


async def test_an_error_that_the_block_raises_goes_before_its_budget(empty_database_url: str) -> None:
    async with library(empty_database_url):
        with pytest.raises(ZeroDivisionError), query_budget(0):
            await Author.all().count()
            raise ZeroDivisionError


@pytest.mark.parametrize("numbers", [{}, {"most": 1, "exactly": 1}])
def test_a_budget_takes_exactly_one_number(numbers: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="pass one of them"), query_budget(**numbers):
        pass


def test_without_a_watcher_the_drivers_coroutine_is_returned_as_it_is() -> None:
    async def work() -> None:
        pass

    own = work()

    assert instrument("SELECT 1", own) is own
    own.close()


async def test_a_statement_is_not_sent_if_a_watcher_raises(empty_database_url: str) -> None:
    class Refuse(QueryLog):
        def begin(self, statement: Statement) -> None:
            raise ZeroDivisionError(statement.text)

    async with library(empty_database_url):
        with watched_by(Refuse()), pytest.raises(ZeroDivisionError):
            await Author.create(name="Ann")

        assert await Author.all().count() == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT 1", Kind.QUERY),
        ("  /* why */ -- because\n WITH x AS (SELECT 1) SELECT * FROM x", Kind.QUERY),
        ("BEGIN IMMEDIATE", Kind.TRANSACTION),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE;", Kind.TRANSACTION),
        ("commit;", Kind.TRANSACTION),
        ("ROLLBACK TO tortoise_savepoint_1", Kind.TRANSACTION),
        ("SET LOCAL lock_timeout = 1", Kind.SESSION),
        ("PRAGMA foreign_keys=ON", Kind.SESSION),
        ("", Kind.QUERY),
        ("settle", Kind.QUERY),
    ],
)
def test_the_first_word_of_a_statement_is_its_kind(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('SELECT "a1" FROM "t2" WHERE "id" IN ($1,$2, $3) LIMIT $4', 'SELECT "a1" FROM "t2" WHERE "id" IN (?) LIMIT ?'),
        ('SELECT "a1" FROM "t2" WHERE "id" IN (?,?)  LIMIT ?', 'SELECT "a1" FROM "t2" WHERE "id" IN (?) LIMIT ?'),
        ("SELECT *\nFROM t WHERE id IN (1, 22) AND x = 'it''s'", "SELECT * FROM t WHERE id IN (?) AND x = ?"),
        ("SELECT * FROM t WHERE x < 1.5 AND y = ''", "SELECT * FROM t WHERE x < ? AND y = ?"),
        ("INSERT INTO t VALUES (?1, ?2), (?3, ?4)", "INSERT INTO t VALUES (?)"),
        ('SELECT "odd ""5"" name", t1.c2 FROM t1', 'SELECT "odd ""5"" name", t1.c2 FROM t1'),
        ("SELECT $1::int[]", "SELECT ?::int[]"),
        (r"SELECT E'it\'s', $$it's$$, $x$ $$ $x$, data->>'key'", "SELECT ?, ?, ?, data->>?"),
        ("SELECT /* 'why' */ 1 -- because of 5\n, 2", "SELECT ? , ?"),
        ("SELECT 1 WHERE x IN ($1 /*, ... */)", "SELECT ? WHERE x IN (?)"),
    ],
)
def test_a_fingerprint_is_the_statement_without_its_values(text: str, expected: str) -> None:
    assert fingerprint(text) == expected


def test_lists_of_any_length_have_one_fingerprint() -> None:
    lists = [", ".join(f"${number + 1}" for number in range(count)) for count in range(1, 50)]

    assert len({fingerprint(f"SELECT name FROM t WHERE id IN ({each})") for each in lists}) == 1
