"""The faults of Tortoise 1.1.9 that the engines mend. A test that fails here says that one is mended upstream:
look whether the part of `app/kit` that it names can go.
"""

import asyncio
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError
from tortoise.transactions import in_transaction

from tests.kit.library import Author, Book, library

STOCK = {"sqlite": "tortoise.backends.sqlite", "postgres": "tortoise.backends.asyncpg"}


async def _open(using: str) -> None:
    async with in_transaction(using):
        raise AssertionError


@pytest.mark.only("postgres")
async def test_a_begin_that_fails_loses_its_pool_slot(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """asyncpg_backend.TransactionContext.__aenter__."""
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
async def test_a_begin_that_fails_keeps_the_lock(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """sqlite_backend.TransactionContext.__aenter__."""
    async with library(empty_database_url, engine=STOCK[database]) as using:

        async def begin(_client: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("tortoise.backends.sqlite.client.SqliteTransactionWrapper.begin", begin)
        with pytest.raises(ZeroDivisionError):
            await asyncio.create_task(_open(using))

        client: Any = get_connection(using)
        assert client._lock.locked()


@pytest.mark.only("postgres")
async def test_a_serialization_failure_and_a_deferred_constraint_are_raised_raw(
    empty_database_url: str, database: str
) -> None:
    """errors.translated, and the engine's commit."""
    async with library(empty_database_url, engine=STOCK[database]) as using:
        client = get_connection(using)
        with pytest.raises(asyncpg.SerializationError):
            await client.execute_script("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
        await client.execute_script("ALTER TABLE kit_books ALTER CONSTRAINT kit_books_author_id_fkey DEFERRABLE")

        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with in_transaction(using) as opened:
                await opened.execute_script("SET CONSTRAINTS ALL DEFERRED")
                await Book.create(title="x", author_id=4711)


async def test_rows_of_an_inner_block_that_raised_a_management_error_are_committed(
    empty_database_url: str, database: str
) -> None:
    """savepoints.Savepoint.__aexit__."""
    async with library(empty_database_url, engine=STOCK[database]) as using:
        async with in_transaction(using):
            with pytest.raises(TransactionManagementError):
                async with in_transaction(using):
                    await Author.create(name="Ann")
                    raise TransactionManagementError

        assert await Author.all().count() == 1


@pytest.mark.only("postgres")
async def test_a_commit_after_a_failed_statement_rolls_back_without_a_word(
    empty_database_url: str, database: str
) -> None:
    """savepoints.TransactionState.require_committable."""
    async with library(empty_database_url, engine=STOCK[database]) as using:
        async with in_transaction(using) as opened:
            await Author.create(name="Ann")
            with pytest.raises(asyncpg.PostgresError):
                await opened.execute_script("DO $$ BEGIN RAISE SQLSTATE 'P0001'; END $$")

        assert await Author.all().count() == 0


@pytest.mark.only("sqlite")
async def test_a_transaction_begins_without_the_right_to_write(empty_database_url: str, database: str) -> None:
    """sqlite_backend.Transaction.begin."""
    async with library(empty_database_url, engine=STOCK[database]) as using:
        statements: list[str] = []
        client: Any = get_connection(using)
        await client._connection.set_trace_callback(statements.append)
        async with in_transaction(using):
            await Author.all().count()

        assert "BEGIN" in statements


@pytest.mark.only("postgres")
async def test_waiting_for_a_connection_has_no_limit(empty_database_url: str, database: str) -> None:
    """asyncpg_pool.Pool._acquire: here nobody but the test ends the wait."""
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
