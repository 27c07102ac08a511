import ast
import asyncio
from pathlib import Path

import pytest
from tortoise.exceptions import TransactionManagementError

import app
from tests.kit.library import Author, library
from tortoise_kit.db.errors import LockNotAvailable
from tortoise_kit.db.locks import claim_rows, lock_name, lock_row, lock_rows
from tortoise_kit.db.transactions import start_task, transaction

SOURCES = sorted(Path(str(app.__file__)).parent.rglob("*.py"))


async def test_locked_rows_cannot_be_changed_by_others_until_the_transaction_ends(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        author = await Author.create(name="Ann", fee=0)

        async def increment() -> None:
            async with transaction(using=using):
                (row,) = await lock_rows(Author.filter(id=author.id))
                row.fee += 1
                await asyncio.sleep(0.001)
                await row.save(update_fields=["fee"])

        await asyncio.gather(*(increment() for _ in range(10)))

        assert (await Author.get(id=author.id)).fee == 10


async def test_locking_a_missing_row_returns_none(empty_database_url: str) -> None:
    async with library(empty_database_url) as using, transaction(using=using):
        assert await lock_row(Author.filter(name="nobody")) is None


async def test_a_lock_needs_a_transaction_that_may_write(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(TransactionManagementError, match="lock_rows needs an open transaction"):
            await lock_rows(Author.all())
        with pytest.raises(TransactionManagementError, match="lock_name needs an open transaction"):
            await lock_name("stock", using=using)
        async with transaction(using=using, readonly=True):
            with pytest.raises(TransactionManagementError, match="read-only"):
                await lock_rows(Author.all())


async def test_workers_claim_different_rows(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        for number in range(6):
            await Author.create(name=f"{number}")
        done: list[str] = []

        async def work() -> None:
            async with transaction(using=using):
                for author in await claim_rows(Author.filter(shelf="open").order_by("id"), 2):
                    done.append(author.name)
                    await asyncio.sleep(0.001)
                    await Author.filter(id=author.id).update(shelf="closed")

        await asyncio.gather(*(work() for _ in range(3)))

        assert sorted(done) == [f"{number}" for number in range(6)]


@pytest.mark.only("postgres")
async def test_nowait_fails_at_once_on_a_locked_row(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        await Author.create(name="Ann")

        async def rival() -> None:
            async with transaction(using=using):
                await lock_row(Author.all(), nowait=True)

        async with transaction(using=using):
            await lock_row(Author.all())
            with pytest.raises(LockNotAvailable):
                await start_task(rival())


async def test_one_transaction_at_a_time_holds_a_name(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        holders: list[int] = []

        async def work() -> None:
            async with transaction(using=using):
                await lock_name("report", using=using)
                holders.append(len(holders))
                before = len(holders)
                await asyncio.sleep(0.002)
                assert len(holders) == before

        await asyncio.gather(*(work() for _ in range(4)))

        assert len(holders) == 4


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_service_locks_rows_only_through_the_kit(source: Path) -> None:
    """Tortoise drops select_for_update() on SQLite, and before .values() and .count()."""
    calls = [node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Attribute)]
    locking = [node.lineno for node in calls if node.attr == "select_for_update"]

    assert source.name == "locks.py" or locking == [], f"{source}:{locking}: call tortoise_kit.db.locks.lock_rows"
