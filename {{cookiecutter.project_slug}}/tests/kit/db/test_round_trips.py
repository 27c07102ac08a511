"""What a query and a transaction cost in round trips to Postgres, counted on the wire."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from tests.kit.library import Author, library
from tortoise_kit.db.transactions import transaction
from tortoise_kit.development.testing import Wire, wire_to

pytestmark = pytest.mark.only("postgres")

type Work = Callable[[str], Awaitable[object]]


async def read_raw(using: str) -> None:
    await get_connection(using).execute_query("SELECT 1")


async def read_models(_using: str) -> None:
    await Author.filter(name="Ann")


async def read_in_a_transaction(using: str) -> None:
    async with in_transaction(using):
        await Author.filter(name="Ann")


async def read_in_a_nested_block(using: str) -> None:
    async with in_transaction(using), in_transaction(using):
        await Author.filter(name="Ann")


async def isolated(using: str) -> None:
    async with transaction(using=using, isolation="serializable", readonly=True):
        await Author.filter(name="Ann")


async def touch(using: str) -> None:
    await get_connection(using).execute_script("SET statement_timeout = '1h'")


@asynccontextmanager
async def library_on_a_wire(
    database_url: str, *, reset: Literal["touched", "always"] = "touched"
) -> AsyncGenerator[tuple[str, Wire]]:
    async with (
        wire_to(database_url) as wire,
        library(wire.url, pooler=None, max_size=1, reset=reset) as using,
    ):
        yield using, wire


async def round_trips(wire: Wire, using: str, work: Work) -> int:
    await work(using)  # prepares its statements
    before = wire.round_trips
    await work(using)
    return wire.round_trips - before


@pytest.mark.parametrize(
    ("work", "needed"),
    [
        (read_raw, 1),
        (read_models, 1),
        (read_in_a_transaction, 3),  # BEGIN, the query, COMMIT
        (read_in_a_nested_block, 5),
    ],
)
async def test_an_untouched_session_needs_no_round_trip_for_its_reset(
    empty_database_url: str, work: Work, needed: int
) -> None:
    async with library_on_a_wire(empty_database_url) as (using, wire):
        assert await round_trips(wire, using, work) == needed
    async with library_on_a_wire(empty_database_url, reset="always") as (using, wire):
        assert await round_trips(wire, using, work) == needed + 1


@pytest.mark.parametrize(("work", "needed"), [(isolated, 3), (touch, 2)])
async def test_isolation_needs_no_round_trip_and_a_touched_session_one(
    empty_database_url: str, work: Work, needed: int
) -> None:
    async with library_on_a_wire(empty_database_url) as (using, wire):
        assert await round_trips(wire, using, work) == needed


async def test_an_open_connection_is_acquired_and_released_without_a_wait(empty_database_url: str) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        await Author.all()
        pool: Any = get_connection(using)._pool
        waited = pool.status().acquire_seconds  # for the first connection to be opened

        async def use() -> None:
            async with pool.acquire():
                pass

        with pytest.raises(StopIteration):  # or else it yields to the event loop, where it could be cancelled
            use().send(None)
        status = pool.status()
        assert (status.idle, status.waiting, status.acquire_seconds) == (1, 0, waited)
