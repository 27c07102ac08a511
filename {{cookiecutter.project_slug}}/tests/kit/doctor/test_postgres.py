"""Faults of a Postgres database: each is found, named and ended by its remedy."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import asyncpg
import pytest
from tortoise.queryset import QuerySet

from tests.kit.doctor.examinations import cure, examined, found, run_sql
from tests.kit.library import Author, Book, library
from tortoise_kit.db.config import PoolSettings
from tortoise_kit.development.testing import count_statements, execute
from tortoise_kit.doctor import postgres_indexes, postgres_server, postgres_sessions, postgres_statements

pytestmark = pytest.mark.only("postgres")
SECONDS_MAX = 20

TABLES = (
    "CREATE TABLE authors (id int PRIMARY KEY, name text)",
    "CREATE TABLE books (id bigint PRIMARY KEY, author_id int REFERENCES authors, title text)",
    "ALTER TABLE books SET (autovacuum_enabled = false)",
    "CREATE INDEX books_author ON books (author_id)",
)
XIDS = "DO $$ BEGIN FOR i IN 1..3000 LOOP BEGIN INSERT INTO books VALUES (i); EXCEPTION WHEN data_exception THEN END;"
MANY = "INSERT INTO books SELECT i, NULL, 'title ' || i FROM generate_series(1, 20000) i"
# By kind: what plants the fault, what has it, a part of what is said of it.
FAULTS = {
    "missing-foreign-key-index": (("DROP INDEX books_author", MANY), "books", "each DELETE on authors"),
    "duplicate-index": (("CREATE INDEX second ON books (author_id)",), "second", "has the columns of books_author"),
    "dead-rows": (
        (MANY, "UPDATE books SET title = 'x'"),
        "books",
        "20,000 dead rows and 20,000 live rows; its last VACUUM was never",
    ),
    "transaction-id-age": (
        (f"{XIDS} END LOOP; END $$",),
        "",
        "rows that autovacuum has not frozen, the oldest, of ",
    ),
    "unused-index": (
        ("CREATE INDEX titles ON books (title)", MANY),
        "titles",
        "No statement has used titles on books for",
    ),
    "sequential-scans": (
        (MANY, *["SELECT id FROM books WHERE title = 'title 1'"] * 110),
        "books",
        "books was read as a whole 11",
    ),
}
SEQUENCES = {
    "serial": ("id serial PRIMARY KEY", "ALTER SEQUENCE numbered_id_seq AS bigint;"),
    "identity": ("id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY", ""),
    "small": ("id smallserial PRIMARY KEY", "ALTER SEQUENCE numbered_id_seq AS bigint;"),
}


@pytest.fixture
async def url(empty_database_url: str) -> str:
    await run_sql(empty_database_url, TABLES)
    return empty_database_url


@pytest.fixture(autouse=True)
def low_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs weeks, gigabytes or hundreds of millions of transactions is planted smaller."""
    monkeypatch.setattr(postgres_indexes, "UNUSED_SECONDS_MIN", 0.0)
    monkeypatch.setattr(postgres_indexes, "UNUSED_BYTES_MIN", 100_000)
    monkeypatch.setattr(postgres_server, "XID_AGE_MAX", 2000)
    monkeypatch.setattr(postgres_sessions, "LONG_SECONDS", 0.3)
    monkeypatch.setattr(postgres_sessions, "BLOCKED_SECONDS", 0.2)


@asynccontextmanager
async def session(url: str, *statements: str, name: str = "shop") -> AsyncGenerator[asyncpg.Connection]:
    """A session that has run these statements."""
    connection = await asyncpg.connect(url, server_settings={"application_name": name})
    try:
        for statement in statements:
            await connection.execute(statement)
        yield connection
    finally:
        connection.terminate()


def pid(connection: asyncpg.Connection) -> int:
    number: int = connection.get_server_pid()
    return number


@pytest.mark.parametrize("kind", FAULTS)
async def test_a_fault_is_found_and_its_remedy_ends_it(url: str, kind: str) -> None:
    plant, subject, part = FAULTS[kind]
    await run_sql(url, plant)

    (one,) = await found(url, kind)

    assert one.subject == (subject or url.rpartition("/")[2])
    assert part in one.seen
    await cure(url, one)
    assert await found(url, kind) == []


@pytest.mark.parametrize("column", SEQUENCES)
async def test_a_sequence_near_its_end_and_what_refers_to_it_are_widened(url: str, column: str) -> None:
    definition, part = SEQUENCES[column]
    await run_sql(
        url,
        (
            f"CREATE TABLE numbered ({definition})",
            "CREATE TABLE others (number int PRIMARY KEY REFERENCES numbered)",
            f"SELECT setval('numbered_id_seq', {30_000 if column == 'small' else 2_000_000_000})",
        ),
    )

    (one,) = await found(url, "sequence-near-end")

    assert one.subject == "numbered_id_seq"
    assert "numbered_id_seq of numbered.id is at " in one.seen
    assert part in one.remedy
    await cure(url, one)
    assert await found(url, "sequence-near-end") == []
    types = await execute(
        url,
        "SELECT DISTINCT atttypid::regtype::text FROM pg_attribute WHERE attrelid IN "
        "('numbered'::regclass, 'others'::regclass) AND attnum > 0",
    )
    assert types == [("bigint",)]


async def test_a_sequence_with_a_limit_of_its_own_loses_it(url: str) -> None:
    await run_sql(url, ("CREATE SEQUENCE tickets MAXVALUE 1000", "SELECT setval('tickets', 990)"))

    (one,) = await found(url, "sequence-near-end")

    assert "tickets is at 990 of 1,000 (99%)" in one.seen
    await cure(url, one)
    assert await found(url, "sequence-near-end") == []


async def test_an_index_whose_creation_failed_is_found_and_created_again(url: str) -> None:
    await run_sql(url, ("INSERT INTO books VALUES (1, NULL, 'a'), (2, NULL, 'a')",))
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(url, "CREATE UNIQUE INDEX CONCURRENTLY titles ON books (title)")

    (one,) = await found(url, "invalid-index")

    assert one.subject == "titles"
    assert "delete the duplicate rows first" in one.seen
    await execute(url, "DELETE FROM books WHERE id = 2")
    await cure(url, one)
    assert await found(url, "invalid-index") == []
    assert await execute(url, "SELECT indisunique FROM pg_index WHERE indexrelid = 'titles'::regclass") == [(True,)]


@pytest.mark.parametrize(
    ("key", "index", "missing"),
    [
        ("a int REFERENCES authors", "(a) WHERE a IS NOT NULL", 0),
        ("a int REFERENCES authors", "(a) WHERE a > 5", 1),
        ("a int REFERENCES authors", "(a, b)", 0),
        ("a int REFERENCES authors", "(b, a)", 1),
        ("a int REFERENCES authors", "USING hash (a)", 0),
        ("a int REFERENCES authors", "(b) INCLUDE (a)", 1),
        ("a int, FOREIGN KEY (a, b) REFERENCES pairs (x, y)", "(b, a)", 0),
        ("a int, FOREIGN KEY (a, b) REFERENCES pairs (x, y)", "(a)", 1),
        ("a int, FOREIGN KEY (a, b) REFERENCES pairs (x, y)", "(a, c, b)", 1),
    ],
    ids=str,
)
async def test_an_index_serves_a_foreign_key_by_its_first_columns(
    url: str, monkeypatch: pytest.MonkeyPatch, key: str, index: str, missing: int
) -> None:
    monkeypatch.setattr(postgres_indexes, "UNINDEXED_ROWS_MIN", 0)
    await run_sql(
        url,
        (
            "CREATE TABLE pairs (x int, y int, PRIMARY KEY (x, y))",
            f'CREATE TABLE "Referring" (b int, c int, {key})',
            f'CREATE INDEX one ON "Referring" {index}',
        ),
    )

    findings = await found(url, "missing-foreign-key-index")

    assert [each.subject for each in findings] == ['"Referring"'] * missing
    for each in findings:
        await cure(url, each)
    assert await found(url, "missing-foreign-key-index") == []


async def test_an_index_that_a_constraint_or_a_foreign_key_needs_is_neither_unused_nor_duplicate(url: str) -> None:
    await run_sql(
        url,
        (
            "ALTER TABLE books ADD CONSTRAINT once UNIQUE (title)",
            "INSERT INTO authors SELECT i FROM generate_series(1, 20000) i",
            "INSERT INTO books SELECT i, i, i FROM generate_series(1, 20000) i",
            "CREATE UNIQUE INDEX other ON books (title)",
        ),
    )

    assert await found(url, "unused-index") == []
    (one,) = await found(url, "duplicate-index")
    assert one.subject == "other"


async def test_statements_of_a_table_that_lacks_an_index_are_named_and_the_index_too(url: str) -> None:
    await count_statements(url)
    statement = "SELECT id FROM books WHERE title = $1"
    await run_sql(url, (MANY,))
    async with session(url) as connection:
        for number in range(120):
            await connection.fetch(statement, f"canary {number}")
        await connection.execute("SELECT pg_stat_force_next_flush()")

    (one,) = await found(url, "sequential-scans")

    assert "120 calls of `SELECT id FROM books WHERE title = ?`" in one.seen
    assert one.remedy.startswith('CREATE INDEX CONCURRENTLY ON books ("title");\n')
    assert "canary" not in repr(one)
    await cure(url, one)
    assert await found(url, "sequential-scans") == []
    async with session(url) as connection:
        plan = await connection.fetch("EXPLAIN SELECT id FROM books WHERE title = 'x'")
        assert "books_title_idx" in repr(plan)


async def test_where_the_columns_of_a_scan_have_an_index_its_plan_is_to_be_read(url: str) -> None:
    await count_statements(url)
    await run_sql(url, ("CREATE INDEX titles ON books (title)", MANY, "UPDATE books SET title = 'x'", "ANALYZE books"))
    async with session(url) as connection:
        for _ in range(120):
            await connection.fetch("SELECT id FROM books WHERE title = $1", "x")
        await connection.execute("SELECT pg_stat_force_next_flush()")

    (one,) = await found(url, "sequential-scans")

    explain, reset = one.remedy.splitlines()
    assert explain == "EXPLAIN (GENERIC_PLAN) SELECT id FROM books WHERE title = $1;"
    async with session(url, explain, reset):
        pass


async def use_books(url: str, work: Callable[[QuerySet[Book]], Awaitable[object]]) -> None:
    """Do this 30 times with 50 books, whose authors are others."""
    await count_statements(url)
    async with library(url):
        for number in range(50):
            await Book.create(author=await Author.create(name=f"canary {number}"), title="x")
        for _ in range(30):
            await work(Book.all().order_by("id"))


async def test_a_query_for_each_row_of_another_is_found(empty_database_url: str) -> None:
    async def fetch_one_by_one(books: QuerySet[Book]) -> None:
        for book in await books:
            await book.fetch_related("author")

    await use_books(empty_database_url, fetch_one_by_one)

    (one,) = await found(empty_database_url, "repeated-statement")

    assert 'FROM "kit_authors" WHERE "id"' in one.subject
    assert "It ran 1,500 times and returned 1.0 rows each time" in one.seen
    assert "about once for each of the 1,500 rows of 30 calls of `SELECT" in one.seen
    assert 'FROM "kit_books" ORDER BY "id" ASC' in one.seen
    assert one.remedy.startswith(".prefetch_related(")
    assert "canary" not in repr(one)


async def test_rows_that_are_prefetched_are_no_repetition(empty_database_url: str) -> None:
    await use_books(empty_database_url, lambda books: books.prefetch_related("author"))

    assert await found(empty_database_url, "repeated-statement") == []


async def test_a_row_that_each_request_reads_by_its_key_is_not_repeated(url: str) -> None:
    await count_statements(url)
    await run_sql(url, ("CREATE TABLE tickets AS SELECT generate_series(1, 50) AS i",))
    async with session(url) as connection:
        for number in range(2000):
            await connection.fetch('SELECT "name" FROM "authors" WHERE "id"=$1', number)
            if number % 50 == 0:
                await connection.fetch('SELECT "i" FROM "tickets" LIMIT $1', 50)

    assert await found(url, "repeated-statement") == []


async def test_a_slow_statement_is_found_and_its_remedy_explains_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_statements, "SLOW_MILLISECONDS", 20.0)
    await count_statements(
        url, *["SELECT name, pg_sleep(0.03) FROM (VALUES ('canary')) v (name) WHERE name <> 'x'"] * 12
    )

    (one,) = await found(url, "slow-statement")

    assert "ms on average" in one.seen
    assert "12 calls" in one.seen
    assert "canary" not in repr(one)
    assert one.remedy.startswith("EXPLAIN (GENERIC_PLAN) SELECT name, pg_sleep($1)")
    async with session(url, one.remedy):
        pass


async def test_without_the_extension_one_line_says_how_to_get_it(url: str) -> None:
    report = await examined(url)

    lines = [line for line in report.unchecked if "CREATE EXTENSION pg_stat_statements" in line]
    assert [line.partition(":")[0] for line in lines] == ["repeated statements", "slow statements"]


async def test_long_and_idle_transactions_are_found_by_pid_and_ended(url: str) -> None:
    idle = PoolSettings(idle_in_transaction_timeout=0.2)
    async with (
        session(url, "BEGIN", "SELECT 'canary'", name="a shop") as idling,
        session(url, "BEGIN") as working,
        asyncio.TaskGroup() as group,
    ):
        task = group.create_task(ignored(working.execute("SELECT pg_sleep(15), 'canary'")))
        await asyncio.sleep(0.5)

        (waste,) = await found(url, "idle-in-transaction", pool=idle)
        (long,) = await found(url, "long-transaction")

        assert (waste.subject, long.subject) == (f"pid {pid(idling)}", f"pid {pid(working)}")
        assert f"pid {pid(idling)} is idle in transaction for 0." in waste.seen
        assert "application a shop" in waste.seen
        assert f"pid {pid(working)} is active for 0." in long.seen
        assert "canary" not in repr([waste, long])
        await cure(url, waste)
        await cure(url, long)
        await task
        assert await found(url, "idle-in-transaction", pool=idle) == []
    await gone(url, "long-transaction")


async def ignored(work: Awaitable[object]) -> None:
    """What ends when its statement or session does."""
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await work


async def gone(url: str, kind: str) -> None:
    """Wait until there is no finding of this kind."""
    async with asyncio.timeout(SECONDS_MAX):
        while await found(url, kind):  # noqa: ASYNC110 -- the server says nothing by itself
            await asyncio.sleep(0.1)


async def test_the_session_at_the_head_of_a_queue_for_locks_is_found_and_ended(url: str) -> None:
    await run_sql(url, ("INSERT INTO books VALUES (1)",))
    change = "UPDATE books SET title = 'canary' WHERE id = 1"
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        head, middle, tail = [await stack.enter_async_context(session(url, "BEGIN")) for _ in range(3)]
        await head.execute(change)
        waits = [group.create_task(ignored(middle.execute(change)))]
        await asyncio.sleep(0.2)
        waits.append(group.create_task(ignored(tail.execute("ALTER TABLE books ADD COLUMN more int"))))
        await asyncio.sleep(0.4)

        (one,) = await found(url, "blocking-session")

        assert one.subject == f"pid {pid(head)}"
        assert f"pid {pid(head)} is idle in transaction for" in one.seen
        assert f"pid {pid(middle)} for 0." in one.seen
        assert f"pid {pid(tail)} for 0." in one.seen
        assert "canary" not in repr(one)
        await cure(url, one)
        await waits[0]
        await middle.execute("COMMIT")
        await waits[1]
        assert await found(url, "blocking-session") == []


async def test_pools_that_are_too_large_for_the_server_are_found_and_the_remedy_fits(url: str) -> None:
    granted = int(str((await execute(url, "SHOW max_connections"))[0][0]))

    (one,) = await found(url, "pool-too-large", pool=PoolSettings(max_size=granted), workers=2, replicas=3)

    assert "3 replicas x 2 workers x" in one.seen
    name, _, value = one.remedy.partition("=")
    assert name == "DB_POOL_MAX_SIZE"
    fitting = PoolSettings(max_size=int(value))
    assert await found(url, "pool-too-large", pool=fitting, workers=2, replicas=3) == []
    pooled = PoolSettings(max_size=granted, pooler="pgbouncer")
    assert await found(url, "pool-too-large", pool=pooled, workers=2, replicas=3) == []


async def test_a_pool_whose_connections_are_all_in_use_is_found_and_the_remedy_is_larger(url: str) -> None:
    small = PoolSettings(max_size=2)
    async with session(url, "BEGIN", name="shop"), session(url, "BEGIN", name="shop"):
        (one,) = await found(url, "pool-too-small", pool=small, application_name="shop")

        assert "All 2 connections of 1 worker are in use" in one.seen
        assert one.remedy == "DB_POOL_MAX_SIZE=4"
        large = PoolSettings(max_size=4)
        assert await found(url, "pool-too-small", pool=large, application_name="shop") == []
        assert await found(url, "pool-too-small", pool=small, application_name="another") == []


async def test_few_free_connections_are_found(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await found(url, "connections-near-limit") == []
    monkeypatch.setattr(postgres_sessions, "USED_SHARE_MAX", 0.001)

    (one,) = await found(url, "connections-near-limit")

    assert one.remedy.startswith("ALTER SYSTEM SET max_connections = ")


async def test_a_cache_that_serves_few_reads_is_found(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await found(url, "low-cache-hit-ratio") == []
    monkeypatch.setattr(postgres_server, "CACHE_READS_MIN", 0)
    monkeypatch.setattr(postgres_server, "CACHE_HIT_RATIO_MIN", 1.1)

    (one,) = await found(url, "low-cache-hit-ratio")

    assert one.remedy.startswith("ALTER SYSTEM SET shared_buffers = '")
