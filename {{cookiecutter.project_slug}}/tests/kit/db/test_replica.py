"""Routing and falling back, with a second database in the replica's place, so that the rows show which one was read.

With a real streaming replica: tests/kit/chaos.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext

from tests.kit.library import Author
from tortoise_kit.db.config import PoolSettings, tortoise_config
from tortoise_kit.db.engines.replica_asyncpg_backend import Freshness
from tortoise_kit.db.transactions import transaction
from tortoise_kit.development.testing import new_postgres_database

pytestmark = pytest.mark.only("postgres")


@asynccontextmanager
async def library_with_replica(primary: str, replica: str) -> AsyncGenerator[None]:
    """Ann is on the primary, Bob on what stands in for the replica."""
    config = tortoise_config(
        primary,
        models=["tests.kit.library"],
        app="library",
        pool=PoolSettings(max_size=2),
        replica_url=replica,
        replica_max_lag=1.0,
    )
    async with TortoiseContext() as context:
        await context.init(config)
        client: Any = get_connection("default")
        await client.execute_script(client.schema_generator(client).get_create_schema_sql(safe=False))
        await client.execute_script(
            "INSERT INTO kit_authors (name, notes, shelf, fee, added_at) VALUES ('Ann','{}','open',0,now())"
        )
        yield


@pytest.fixture
async def other_database_url(postgres_server: str) -> AsyncGenerator[str]:
    async with new_postgres_database(postgres_server) as url:
        async with TortoiseContext() as context:
            await context.init(tortoise_config(url, models=["tests.kit.library"], app="library"))
            await context.generate_schemas()
            await Author.create(name="Bob")
        yield url


async def names() -> list[str]:
    return [author.name for author in await Author.all().order_by("name")]


async def in_a_request(*work: Any) -> list[Any]:
    """Run the steps in one task, as a request does."""

    async def run() -> list[Any]:
        return [await step() for step in work]

    return await asyncio.create_task(run())


async def add(name: str) -> None:
    await Author.create(name=name)


async def names_in_transaction() -> list[str]:
    async with transaction():
        return await names()


async def test_reads_go_to_the_replica_and_all_else_to_the_primary(
    empty_database_url: str, other_database_url: str
) -> None:
    async with library_with_replica(empty_database_url, other_database_url):
        assert await in_a_request(names) == [["Bob"]]
        assert await in_a_request(names_in_transaction, names) == [["Ann"], ["Bob"]]
        assert await in_a_request(lambda: add("Cid"), names) == [None, ["Ann", "Cid"]]
        assert await in_a_request(names) == [["Bob"]]


async def test_while_the_replica_is_away_reads_go_to_the_primary(
    empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with library_with_replica(empty_database_url, "postgres://nobody@127.0.0.1:1/nothing"):
        with caplog.at_level(logging.WARNING):
            assert await in_a_request(names, names) == [["Ann"]] * 2

    assert caplog.text.count("replica.left") == 1


def test_the_lag_is_the_time_since_the_primary_was_where_the_replica_is() -> None:
    freshness = Freshness(samples=3)
    for second in range(5):
        freshness.note(float(second), 100 * second)

    assert freshness.lag(4.0, 400) == 0.0
    assert freshness.lag(4.5, 350) == 1.5
    assert freshness.lag(4.0, 199) == float("inf")
