"""The servers that tests start end with the test, or with the suite, and their workers with them."""

import sys

import anyio
import httpx2
import pytest

from app.settings import PROJECT_FILE
from tests.support.processes import STOP_SECONDS, serving, upgrade

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]  # starts processes, whatever the database

SUITE = """
import asyncio, sys
from tests.support.processes import serving

async def main():
    async with serving(sys.argv[1], "--workers", "2") as (_, client):
        print(client.base_url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def nobody_listens(url: httpx2.URL) -> None:
    with anyio.fail_after(STOP_SECONDS), pytest.raises(OSError, match="All connection attempts failed"):
        while True:
            stream = await anyio.connect_tcp(url.host, url.port or 80)
            await stream.aclose()
            await anyio.sleep(0.01)  # until the system has cleared the processes away


async def test_a_server_of_a_test_leaves_no_worker_behind(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    async with serving(empty_database_url, "--workers", "2") as (_, client):
        pass

    await nobody_listens(client.base_url)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
async def test_a_suite_that_is_killed_leaves_no_server_behind(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    suite = await anyio.open_process([sys.executable, "-c", SUITE, empty_database_url], cwd=PROJECT_FILE.parent)
    async with suite:
        assert suite.stdout is not None
        url = (await suite.stdout.receive()).decode().strip()
        suite.kill()

    await nobody_listens(httpx2.URL(url))
