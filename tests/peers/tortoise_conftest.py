"""The `conftest.py` that Tortoise's source archive lacks, for its suite of version 1.1.

`PEERS_SUBJECT=kit` puts the kit's engines in place of Tortoise's, and leaves their names, which tests compare.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest_asyncio
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import ConnectionHandler
from tortoise.context import TortoiseContext, tortoise_test_context
from tortoise.contrib.test import truncate_all_models

ENGINES = {
    "tortoise.backends.sqlite": "tortoise_kit.db.engines.sqlite_backend",
    "tortoise.backends.asyncpg": "tortoise_kit.db.engines.asyncpg_backend",
}

discover = ConnectionHandler._discover_client_class  # noqa: SLF001 - no public hook sees every connection


def discover_of_kit(self: ConnectionHandler, db_info: dict[Any, Any]) -> type[BaseDBAsyncClient]:
    """The client class of the kit's engine for the same database."""
    return discover(self, {**db_info, "engine": ENGINES.get(db_info["engine"], db_info["engine"])})


if os.environ["PEERS_SUBJECT"] == "kit":
    from tortoise_kit.db.engines import transaction_state

    ConnectionHandler._discover_client_class = discover_of_kit  # type: ignore[method-assign]  # noqa: SLF001
    # The kit rejects transactions in async generators. Fixtures are such, and pytest-asyncio ends each of them in time.
    transaction_state._CONTEXT_MANAGER += ("setup",)  # type: ignore[assignment]  # noqa: SLF001


def new_database() -> AbstractAsyncContextManager[TortoiseContext]:
    return tortoise_test_context(
        ["tests.testmodels"],
        db_url=os.environ["TORTOISE_TEST_DB"],
        app_label="models",
        connection_label="models",
    )


@pytest_asyncio.fixture(scope="module")
async def db_module() -> AsyncGenerator[TortoiseContext]:
    async with new_database() as context:
        yield context


@pytest_asyncio.fixture
async def db(db_module: TortoiseContext) -> AsyncGenerator[TortoiseContext]:
    """The module's database, in a transaction that is rolled back."""
    transaction = db_module.db()._in_transaction()  # noqa: SLF001 - as Tortoise's own fixtures do
    await transaction.__aenter__()
    try:
        yield db_module
    finally:
        await transaction.__aexit__(Exception, Exception(), None)


@pytest_asyncio.fixture
async def db_truncate(db_module: TortoiseContext) -> AsyncGenerator[TortoiseContext]:
    """The module's database, for tests that commit."""
    yield db_module
    await truncate_all_models()


@pytest_asyncio.fixture
async def db_isolated() -> AsyncGenerator[TortoiseContext]:
    """A database for one test."""
    async with new_database() as context:
        yield context


db_simple = db_isolated
