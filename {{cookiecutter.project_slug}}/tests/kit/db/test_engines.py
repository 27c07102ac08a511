"""The engines: every connection is returned, every wait ends, every error is typed."""

import asyncio
import contextlib
import gc
import socket
import threading
import time
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from tests.kit.library import Author, Book, Ticket, library
from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines import asyncpg_backend, sqlite_backend
from tortoise_kit.db.errors import (
    ConnectionLost,
    Constraint,
    ConstraintViolation,
    LockNotAvailable,
    PoolTimeout,
    QueryTimeout,
)
from tortoise_kit.db.transactions import start_task, transaction
from tortoise_kit.upstream import asyncpg as upstream

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def slots_in_use(using: str) -> int:
    client: Any = get_connection(using)
    if client.capabilities.dialect == "sqlite":
        return sum(each._lock.locked() for each in (client, client.reader) if each)
    return upstream.slots_in_use(client)


async def test_a_transaction_builds_and_runs_statements_as_its_client_does(empty_database_url: str) -> None:
    """Upstream has two classes for each database, and one of them may lack what the other was given."""
    async with library(empty_database_url) as using:
        client: Any = get_connection(using)
        async with transaction(using=using):
            inside: Any = get_connection(using)

            assert inside is not client
            assert (inside.query_class, inside.executor_class) == (client.query_class, client.executor_class)


@pytest.mark.parametrize("failure", [ZeroDivisionError, asyncio.CancelledError])
async def test_a_begin_that_fails_or_is_cancelled_returns_its_connection(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    async with library(empty_database_url, max_size=1) as using:

        async def begin(_client: object) -> None:
            raise failure

        for engine in (asyncpg_backend, sqlite_backend):
            monkeypatch.setattr(engine.Transaction, "begin", begin)
        for _ in range(3):
            with pytest.raises(failure):
                async with transaction(using=using):
                    raise AssertionError
        monkeypatch.undo()

        assert await slots_in_use(using) == 0
        await Author.create(name="Ann")


async def test_a_commit_that_fails_returns_its_connection_and_stores_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with library(empty_database_url, max_size=1) as using:

        async def commit(_client: object) -> None:
            raise ConnectionLost

        for engine in (asyncpg_backend, sqlite_backend):
            monkeypatch.setattr(engine.Transaction, "commit", commit)
        with pytest.raises(ConnectionLost):
            async with transaction(using=using):
                await Author.create(name="Ann")
        monkeypatch.undo()

        assert await slots_in_use(using) == 0
        assert await Author.all().count() == 0


async def test_the_wait_for_a_connection_ends(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1, acquire_timeout=0.1) as using:
        holding, done = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with transaction(using=using):
                holding.set()
                await done.wait()

        task = asyncio.create_task(hold())
        await holding.wait()
        begun = time.monotonic()
        for _ in range(2):
            with pytest.raises(PoolTimeout):
                await Author.create(name="Ann")
        with pytest.raises(PoolTimeout):
            async with transaction(using=using):
                raise AssertionError
        waited = time.monotonic() - begun
        done.set()
        await task

        assert waited < 3
        assert await Author.all().count() == 0


@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_a_statement_that_takes_too_long_is_cancelled_and_its_connection_stays_usable(
    empty_database_url: str, *, inside: bool
) -> None:
    async with library(empty_database_url, max_size=1, statement_timeout=0.1, command_timeout=0.2) as using:
        with pytest.raises(QueryTimeout):
            if inside:
                async with transaction(using=using):
                    await Author.create(name="Ann")
                    await get_connection(using).execute_query(ENDLESS)
            else:
                await get_connection(using).execute_query(ENDLESS)

        assert await slots_in_use(using) == 0
        assert await Author.all().count() == 0


async def test_a_cancelled_statement_stops(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1, statement_timeout=None, command_timeout=None) as using:
        task = asyncio.create_task(get_connection(using).execute_query(ENDLESS))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task

        async with asyncio.timeout(5):
            assert await Author.all().count() == 0


async def test_a_cancelled_insert_of_many_rows_stores_no_row(empty_database_url: str) -> None:
    async with library(empty_database_url, max_size=1) as using:
        insert = 'INSERT INTO "kit_books" ("title") VALUES ($1)'
        if get_connection(using).capabilities.dialect == "sqlite":
            insert = insert.replace("$1", "?")
        task = asyncio.create_task(get_connection(using).execute_many(insert, [["x"]] * 200_000))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert await Book.all().count() == 0
        async with transaction(using=using):
            await Book.create(title="y")


async def test_violations_report_the_kind_of_constraint(empty_database_url: str) -> None:
    async with library(empty_database_url):
        await Author.create(name="Ann")

        kinds = []
        for violate in (
            lambda: Author.create(name="Ann"),
            lambda: Book.create(title="x", author_id=4711),
            lambda: Author.filter(name="Ann").update(fee=None),
        ):
            with pytest.raises(ConstraintViolation) as violation:
                await violate()
            kinds.append(violation.value.kind)
            assert "Ann" not in str(violation.value)

        assert kinds == [Constraint.UNIQUE, Constraint.REFERENCE, Constraint.NOT_NULL]


@pytest.mark.only("postgres")
async def test_a_constraint_violated_at_commit_is_reported_as_one(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        (row,) = await get_connection(using).execute_query_dict(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'kit_books'::regclass AND contype = 'f'"
        )
        await get_connection(using).execute_script(
            f"ALTER TABLE kit_books ALTER CONSTRAINT {row['conname']} DEFERRABLE INITIALLY DEFERRED"
        )

        with pytest.raises(ConstraintViolation) as violation:
            async with transaction(using=using):
                await Book.create(title="x", author_id=4711)

        assert violation.value.kind is Constraint.REFERENCE
        assert await slots_in_use(using) == 0


@pytest.mark.only("postgres")
async def test_a_lock_that_is_not_granted_in_time_has_its_own_error(empty_database_url: str) -> None:
    async with library(empty_database_url, pooler=None, lock_timeout=0.1) as using:
        await Author.create(name="Ann")
        async with transaction(using=using):
            await Author.filter(name="Ann").update(fee=1)

            async def rival() -> None:
                async with transaction(using=using):
                    await Author.filter(name="Ann").update(fee=2)

            with pytest.raises(LockNotAvailable):
                await start_task(rival())


@pytest.mark.parametrize(
    "url",
    [
        "postgres://nobody@127.0.0.1:1/nothing",
        "postgres://nobody@nowhere.invalid/nothing",
        "sqlite:///nowhere/at/all.db",
    ],
)
async def test_an_unreachable_database_is_a_lost_connection_each_time(url: str) -> None:
    threads = set(threading.enumerate())
    engine = sqlite_backend if url.startswith("sqlite") else asyncpg_backend
    credentials = connection(url, pool=PoolSettings(), application_name="test")["credentials"]
    client: Any = engine.client_class(connection_name="nowhere", **credentials)
    async with asyncio.timeout(5):
        for _ in range(2):
            with pytest.raises(ConnectionLost):
                await client.execute_query("SELECT 1")
        with pytest.raises(ConnectionLost):
            async with client._in_transaction():
                raise AssertionError
        await client.close()
        for thread in set(threading.enumerate()) - threads:
            if "connection_worker" in thread.name:  # aiosqlite's, of a failed open; it still calls this loop
                await asyncio.to_thread(thread.join)


@pytest.mark.only("postgres")
async def test_callers_of_a_silent_server_time_out_at_the_same_time(database: str) -> None:
    """Stock opens the pool for one after the other: the third caller waits three times as long as the first."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"postgres://nobody@127.0.0.1:{listening.getsockname()[1]}/nothing"
    limits = PoolSettings(min_size=0, max_size=2, connect_timeout=5, acquire_timeout=0.3)
    client: Any = asyncpg_backend.client_class(
        connection_name="silent", **connection(url, pool=limits, application_name="test")["credentials"]
    )
    async with asyncio.timeout(3):
        callers = [client.execute_query("SELECT 1") for _ in range(20)]
        errors = await asyncio.gather(*callers, return_exceptions=True)
    await client.close()
    listening.close()

    assert {type(error) for error in errors} == {ConnectionLost}


@pytest.mark.only
async def test_a_cancelled_connect_leaves_no_error_that_asyncio_reports() -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    for turns in range(40):  # of the loop, until one falls between the connection and its TLS request
        connecting = asyncio.create_task(asyncpg.connect(host="127.0.0.1", port=port, user="ann", database="shop"))
        for _ in range(turns):
            await asyncio.sleep(0)
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await asyncio.sleep(0.01)
    server.close()
    gc.collect()

    assert not reported


async def test_a_wrong_statement_is_an_operational_error_that_names_the_fault(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(OperationalError, match="kit_nothing"):
            await get_connection(using).execute_query("SELECT * FROM kit_nothing")


@pytest.mark.only("postgres")
@pytest.mark.parametrize("what", ["transaction", "listener", "old"])
async def test_a_connection_with_leftovers_is_cleaned_before_its_next_use(empty_database_url: str, what: str) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        client: Any = get_connection(using)
        async with client.acquire_connection() as held:
            session = await held.fetchval("SELECT pg_backend_pid()")
            if what == "transaction":
                await held.execute("BEGIN; CREATE TABLE kit_left_open ()")
            elif what == "listener":
                held.add_log_listener(print)
            else:
                await client._pool.expire_connections()
            noisy = pytest.warns(asyncpg.InterfaceWarning) if what == "listener" else contextlib.nullcontext()
            with noisy:
                await client._pool.release(held)

        (row,) = await client.execute_query_dict(
            "SELECT pg_backend_pid() AS session, to_regclass('kit_left_open') IS NULL AS rolled_back"
        )
        assert row["rolled_back"]
        assert (row["session"] == session) is (what != "old")
        async with client.acquire_connection() as held:
            assert not held._con._log_listeners


async def test_a_model_with_only_a_generated_key_gets_a_row(empty_database_url: str) -> None:
    """Tortoise sends an empty statement, and stores nothing."""
    async with library(empty_database_url) as using:
        created = await Ticket.create()
        saved = Ticket()
        await saved.save()
        async with transaction(using=using):
            inside = await Ticket.create()
            with contextlib.suppress(ZeroDivisionError):
                async with transaction(using=using):
                    await Ticket.create()
                    raise ZeroDivisionError
        chosen = await Ticket.create(id=4711)
        await Ticket.bulk_create([Ticket(), Ticket()])
        found, new = await Ticket.get_or_create(id=4711)

        ids = {ticket.id for ticket in await Ticket.all()}
        assert len(ids) == 6
        assert {created.id, saved.id, inside.id, chosen.id} < ids
        assert (found.id, new) == (4711, False)


@pytest.mark.only("postgres")
@pytest.mark.parametrize("max_size", [1, 2])
async def test_a_connection_that_is_released_to_another_pool_goes_back_to_its_own_with_an_error(
    empty_database_url: str, max_size: int
) -> None:
    async with (
        library(empty_database_url, pooler=None, max_size=max_size, name="first") as first,
        library_on_the_same(empty_database_url) as second,
    ):
        await second.execute_query("SELECT 1")
        client: Any = second
        owner: Any = get_connection(first)
        await owner.execute_query("SELECT 1")
        connection = await owner._pool.acquire()
        with pytest.raises(asyncpg.InterfaceError, match=r"'first' of .* 'second' of .* not a member of this pool"):
            await client._pool.release(connection)
        with pytest.raises(asyncpg.InterfaceError, match="no pool"):
            await client._pool.release(object())

        assert await slots_in_use(first) == upstream.slots_in_use(client) == 0
        await owner.execute_query("SELECT 1")


@contextlib.asynccontextmanager
async def library_on_the_same(url: str) -> AsyncGenerator[Any]:
    """Another pool, outside of Tortoise's configuration."""
    entry = connection(url, pool=PoolSettings(), application_name="second")
    client = asyncpg_backend.client_class(connection_name="second", **entry["credentials"])
    try:
        yield client
    finally:
        await client.close()


@pytest.mark.only("postgres")
async def test_a_transaction_returns_its_connection_to_the_pool_that_it_came_from(empty_database_url: str) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        client: Any = get_connection(using)
        before = client._pool
        async with transaction(using=using):
            await Author.create(name="Ann")
            client._pool = None  # as if it was closed and opened again meanwhile
            await client.create_connection(with_db=True)

        assert before.get_idle_size() == 1
        assert await slots_in_use(using) == 0
        await before.close()


@pytest.mark.only("sqlite")
async def test_writers_of_two_processes_wait_for_each_other_instead_of_failing(empty_database_url: str) -> None:
    """Two clients of one file are to SQLite what two processes are."""
    async with library(empty_database_url, lock_timeout=5) as using:
        await Author.create(name="Ann")
        first = get_connection(using)
        second = sqlite_backend.client_class(connection_name="second", file_path=first.filename, busy_timeout=5000)  # type: ignore[attr-defined]

        async def increment(client: Any) -> None:
            for _ in range(20):
                async with client._in_transaction() as opened:
                    (row,) = await opened.execute_query_dict("SELECT fee FROM kit_authors")
                    await opened.execute_query("UPDATE kit_authors SET fee = ?", [int(float(row["fee"])) + 1])

        await asyncio.gather(increment(first), increment(second))
        await second.close()

        assert (await Author.get()).fee == 40
