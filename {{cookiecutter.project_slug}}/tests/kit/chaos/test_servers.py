"""The servers of the chaos tests go when the suite does, also when it is killed."""

import signal
import sys
from pathlib import Path

import anyio
import asyncpg
import pytest

from app.settings import PROJECT_FILE

GONE_SECONDS = 15
# What the suite does to get its servers, in a process that can be killed.
SUITE = """
import time
from tests.kit.chaos.pgbouncer import pgbouncer_before
from tests.kit.chaos.server import running
with running("postgres") as server, pgbouncer_before(server) as bouncer:
    print(server.url, bouncer.url, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=lambda ending: ending.name)
async def test_servers_go_with_their_files_when_the_suite_ends(ending: signal.Signals) -> None:
    async with await anyio.open_process(
        [sys.executable, "-c", SUITE], cwd=PROJECT_FILE.parent, stderr=None, start_new_session=True
    ) as suite:
        assert suite.stdout is not None
        urls = (await suite.stdout.receive()).decode().split()
        connection = await asyncpg.connect(urls[0], timeout=GONE_SECONDS)
        folder = Path(await connection.fetchval("SHOW data_directory")).parent
        await connection.close()

        suite.send_signal(ending)
        with anyio.fail_after(GONE_SECONDS):
            await suite.wait()
            while folder.exists():  # noqa: ASYNC110 -- another process removes it
                await anyio.sleep(0.05)
            for url in urls:
                await _refuses(url)


async def _refuses(url: str) -> None:
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=GONE_SECONDS)
        except (OSError, asyncpg.PostgresError):
            return
        await connection.close()
        await anyio.sleep(0.05)
