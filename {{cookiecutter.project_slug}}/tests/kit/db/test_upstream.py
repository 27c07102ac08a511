"""The faults of Tortoise 1.1.9 and asyncpg 0.32 that the kit works around, each reproduced upstream.

A test that fails here says that a fault is fixed upstream, and which part of `tortoise_kit` can go.
"""

import asyncio
import itertools
import os
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import anyio
import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction

from app.settings import PROJECT_FILE
from tests.kit.library import Author, Book, library
from tests.kit.steps import CancelledAt
from tortoise_kit.development.testing import wire_to

STOCK = {"sqlite": "tortoise.backends.sqlite", "postgres": "tortoise.backends.asyncpg"}
SOON_SECONDS = 0.5  # a fixed fault shows in milliseconds
SEEDS = range(2)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
SHOW_QUERY = """
import asyncio
from tests.kit.library import Author, library

async def main():
    async with library("sqlite://:memory:", engine="tortoise.backends.sqlite"):
        print(Author.all().sql())

asyncio.run(main())
"""

type Test = Callable[..., Awaitable[None]]


def worked_around_by(part: str) -> Callable[[Test], Test]:
    """Names the part of `tortoise_kit` that can go once the test fails."""

    def decorate(test: Test) -> Test:
        @wraps(test)
        async def run(*args: object, **kwargs: object) -> None:
            try:
                await test(*args, **kwargs)
            except (AssertionError, TimeoutError, pytest.fail.Exception) as failure:
                message = f"This is fixed upstream: tortoise_kit/{part} can go."
                raise AssertionError(message) from failure

        return run

    return decorate


async def _open(using: str) -> None:
    async with in_transaction(using):
        raise AssertionError


@pytest.mark.only("postgres")
@worked_around_by("db/engines/asyncpg_backend.py, TransactionContext.__aenter__")
async def test_a_begin_that_fails_loses_its_pool_slot(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:

        async def begin(_client: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("tortoise.backends.asyncpg.client.TransactionWrapper.begin", begin)
        with pytest.raises(ZeroDivisionError):
            await asyncio.create_task(_open(using))  # which keeps a dead connection for the rest of its life

        client: Any = get_connection(using)
        lost = client._pool.get_size() - client._pool.get_idle_size()
        client._pool.terminate()
        client._pool = None
        assert lost == 1


@pytest.mark.only("sqlite")
@worked_around_by("db/engines/sqlite_backend.py, TransactionContext.__aenter__")
async def test_a_begin_that_fails_keeps_the_lock(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:

        async def begin(_client: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("tortoise.backends.sqlite.client.SqliteTransactionWrapper.begin", begin)
        with pytest.raises(ZeroDivisionError):
            await asyncio.create_task(_open(using))

        client: Any = get_connection(using)
        assert client._lock.locked()


@pytest.mark.only("postgres")
@worked_around_by("db/translation.py, translated; db/engines/savepoints.py, TransactionMixin.commit")
async def test_a_serialization_failure_and_a_deferred_constraint_are_raised_raw(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        client = get_connection(using)
        with pytest.raises(asyncpg.SerializationError):
            await client.execute_script("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
        await client.execute_script("ALTER TABLE kit_books ALTER CONSTRAINT kit_books_author_id_fkey DEFERRABLE")

        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with in_transaction(using) as opened:
                await opened.execute_script("SET CONSTRAINTS ALL DEFERRED")
                await Book.create(title="x", author_id=4711)


@worked_around_by("db/engines/savepoints.py, Savepoint.__aexit__")
async def test_rows_of_an_inner_block_that_raised_a_management_error_are_committed(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        async with in_transaction(using):
            with pytest.raises(TransactionManagementError):
                async with in_transaction(using):
                    await Author.create(name="Ann")
                    raise TransactionManagementError

        assert await Author.all().count() == 1


@pytest.mark.only("postgres")
@worked_around_by("db/engines/transaction_state.py, TransactionState.require_committable")
async def test_a_commit_after_a_failed_statement_silently_rolls_back(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        async with in_transaction(using) as opened:
            await Author.create(name="Ann")
            with pytest.raises(asyncpg.PostgresError):
                await opened.execute_script("DO $$ BEGIN RAISE SQLSTATE 'P0001'; END $$")

        assert await Author.all().count() == 0


@pytest.mark.only("sqlite")
@worked_around_by("db/engines/sqlite_backend.py, Transaction.begin")
async def test_a_transaction_begins_deferred(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        statements: list[str] = []
        client: Any = get_connection(using)
        await client._connection.set_trace_callback(statements.append)
        async with in_transaction(using):
            await Author.all().count()

        assert "BEGIN" in statements


@pytest.mark.only("postgres")
@worked_around_by("db/engines/asyncpg_pool.py, Pool.take")
async def test_the_wait_for_a_connection_has_no_limit(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url, engine=STOCK[database], max_size=1) as using:
        holding, done = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with in_transaction(using):
                holding.set()
                await done.wait()

        task = asyncio.create_task(hold())
        await holding.wait()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await Author.all()
        done.set()
        await task


@pytest.mark.only("postgres")
@worked_around_by("db/engines/asyncpg_pool.py, Pool.reset_session and Pool.release")
async def test_each_release_costs_a_round_trip(empty_database_url: str, database: str) -> None:
    async with wire_to(empty_database_url) as wire, library(wire.url, engine=STOCK[database], pooler=None) as using:
        client = get_connection(using)
        await client.execute_query("SELECT 1")
        before = wire.round_trips
        await client.execute_query("SELECT 1")

        assert wire.round_trips - before > 1


@worked_around_by("db/engines/savepoints.py, Savepoint.__aenter__")
async def test_a_nested_block_loses_the_rows_of_one_that_another_task_opened_in_it(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        opened, written = asyncio.Event(), asyncio.Event()

        async def refuse() -> None:
            async with in_transaction(using):
                opened.set()
                await written.wait()
                raise ZeroDivisionError

        async def write() -> None:
            await opened.wait()
            async with in_transaction(using):
                await Author.create(name="Ann")
            written.set()

        async with asyncio.timeout(SOON_SECONDS), in_transaction(using):
            results = await asyncio.gather(refuse(), write(), return_exceptions=True)

        assert [type(result) for result in results] == [ZeroDivisionError, type(None)]
        assert await Author.all().count() == 0


@pytest.mark.only("sqlite")
@worked_around_by("db/engines/sqlite_connection.py, interrupt and ConnectionGuard")
async def test_a_cancelled_statement_runs_on_beside_the_next_user_of_the_connection(
    empty_database_url: str, database: str
) -> None:
    async with library(empty_database_url, engine=STOCK[database]) as using:
        rows = itertools.count()
        client: Any = get_connection(using)
        await client._connection.create_function("row", 0, rows.__next__)
        task = asyncio.create_task(client.execute_query(f"SELECT row() FROM ({ENDLESS})"))
        await _another(rows)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert not client._lock.locked()
        await _another(rows)
        await client._connection.interrupt()


async def _another(rows: "itertools.count[int]") -> None:
    """Wait until one more row was read, by whatever statement runs."""
    seen = next(rows)
    async with asyncio.timeout(SOON_SECONDS):
        while next(rows) <= seen + 2:  # noqa: ASYNC110 -- a thread reads them
            await asyncio.sleep(0.001)


@pytest.mark.only("postgres")
@worked_around_by("db/engines/asyncpg_backend.py, Transaction.execute_many (ROWS_AT_ONCE)")
async def test_a_bulk_insert_cancelled_while_it_sends_goes_on_waiting(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url, timeout=10)
    try:
        statement = await connection.prepare("SELECT $1::text")
        load = CancelledAt(statement.executemany([("x" * 100,)] * 10_000), 1, "waiting")
        task = asyncio.ensure_future(load)
        await asyncio.wait([task], timeout=SOON_SECONDS)

        assert load.waits >= 1
        assert not task.done()
    finally:
        connection.terminate()
        await asyncio.gather(task, return_exceptions=True)


@worked_around_by("models/wiring.py, prepare_models")
async def test_the_order_of_columns_differs_between_processes() -> None:
    queries = await asyncio.gather(*(_query(seed) for seed in SEEDS))

    assert len(set(queries)) > 1


async def _query(hash_seed: int) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    with anyio.fail_after(30):
        ended = await anyio.run_process([sys.executable, "-c", SHOW_QUERY], cwd=PROJECT_FILE.parent, env=environment)
    return ended.stdout
