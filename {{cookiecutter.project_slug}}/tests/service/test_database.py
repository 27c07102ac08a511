import logging
import os
import sys

import anyio
import pytest
from fastapi import FastAPI
from tortoise.connection import get_connection

from app.database import BudgetError, check_budget
from app.settings import PROJECT_FILE, Settings

SHOW_QUERY = """
import asyncio
from app.accounts.models import User
from app.database import database
from app.settings import Settings

async def main():
    async with database(Settings()):
        print(User.filter(id=1).order_by("name").sql())

asyncio.run(main())
"""


# In a separate process, since Tortoise keeps one context and one dialect for a whole process.
START_TWICE = """
import asyncio, sys
from app.database import database
from tortoise_kit.db import ConnectionLost
from app.settings import Settings

async def main():
    try:
        async with database(Settings(database_url="postgres://nobody:wrong@127.0.0.1:1/nothing")):
            sys.exit("started without a database")
    except ConnectionLost:
        pass
    async with database(Settings(database_url=sys.argv[1])) as context:
        print((await context.db().execute_query_dict("SELECT 1 AS one"))[0]["one"])

asyncio.run(main())
"""


async def _query(database_url: str, hash_seed: int) -> bytes:
    environment = {**os.environ, "DATABASE_URL": database_url, "PYTHONHASHSEED": str(hash_seed)}
    with anyio.fail_after(30):
        ended = await anyio.run_process([sys.executable, "-c", SHOW_QUERY], cwd=PROJECT_FILE.parent, env=environment)
    return ended.stdout


@pytest.mark.slow
@pytest.mark.only("postgres")
async def test_every_process_sends_the_same_text_for_the_same_query(empty_database_url: str) -> None:
    queries = {await _query(empty_database_url, seed) for seed in range(2)}

    assert len(queries) == 1
    assert b'"id","email","name","password_hash","role"' in queries.pop()


@pytest.mark.only("postgres")
async def test_pools_larger_than_the_server_grants_are_logged_or_stop_the_start(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    client = get_connection("default")
    for budget in ("warn", "off"):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            await check_budget(client, Settings(db_budget=budget, db_pool_max_size=50, workers=20))
        reasons = [record.__dict__["reason"] for record in caplog.records]
        assert any("1 replicas x 20 workers x 50 connections are 1000" in each for each in reasons) is (
            budget == "warn"
        )

    with pytest.raises(BudgetError, match="lower DB_POOL_MAX_SIZE"):
        await check_budget(client, Settings(db_budget="refuse", replicas=1000))


async def test_pools_within_what_the_server_grants_cause_no_warning(app: FastAPI) -> None:
    await check_budget(get_connection("default"), Settings(db_budget="refuse"))


async def test_a_start_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    with anyio.fail_after(30):
        ended = await anyio.run_process(
            [sys.executable, "-W", "error", "-c", START_TWICE, empty_database_url], check=False
        )

    said = [line for line in ended.stderr.splitlines() if b"sorts text by the locale" not in line]
    assert (ended.stdout, said) == (b"1\n", [])
