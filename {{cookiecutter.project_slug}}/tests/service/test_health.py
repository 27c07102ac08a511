import sys

import anyio
from httpx import ASGITransport, AsyncClient

from app.main import create_app
from app.settings import Settings

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


async def test_a_running_service_is_alive_and_ready(client: AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    assert (await client.get("/health/ready")).json() == {"status": "ok"}


async def test_live_does_not_need_the_database() -> None:
    stopped = create_app(Settings(environment="test"))
    async with AsyncClient(transport=ASGITransport(stopped), base_url="http://test") as client:
        assert (await client.get("/health/live")).status_code == 200


async def test_a_start_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    with anyio.fail_after(30):
        ended = await anyio.run_process(
            [sys.executable, "-W", "error", "-c", START_TWICE, empty_database_url], check=False
        )

    assert (ended.stdout, ended.stderr) == (b"1\n", b"")


POOL = "/api/v1/staff/pool"


async def test_staff_see_the_numbers_of_each_pool(staff: AsyncClient, database: str) -> None:
    pools = (await staff.get(POOL)).json()["pools"]

    if database == "sqlite":
        assert pools == []
        return
    (pool,) = pools
    assert pool.keys() == {
        "name",
        "size",
        "idle",
        "in_use",
        "waiting",
        "max_size",
        "acquired",
        "acquire_seconds",
    }
    assert pool["name"] == "default"
    assert 1 <= pool["size"] <= pool["max_size"]
    assert pool["size"] == pool["idle"] + pool["in_use"]
    assert pool["waiting"] == 0
    assert pool["acquired"] >= 1
    assert pool["acquire_seconds"] >= 0


async def test_the_numbers_move_with_the_requests(staff: AsyncClient, database: str) -> None:
    answers = [(await staff.get(POOL)).json()["pools"] for _ in range(2)]

    if database == "postgres":
        before, after = (answer[0]["acquired"] for answer in answers)
        assert after > before
