"""The servers that tests start end with the test, and their workers with them."""

import anyio
import pytest

from tests.support.processes import STOP_SECONDS, serving, upgrade

pytestmark = pytest.mark.slow  # starts processes


@pytest.mark.only("sqlite")  # processes, whatever the database
async def test_a_server_of_a_test_leaves_no_worker_behind(empty_database_url: str) -> None:
    await upgrade(empty_database_url)

    async with serving(empty_database_url, "--workers", "2") as (_, client):
        pass

    with anyio.fail_after(STOP_SECONDS), pytest.raises(OSError, match="All connection attempts failed"):
        while True:
            stream = await anyio.connect_tcp(client.base_url.host, client.base_url.port or 80)
            await stream.aclose()
            await anyio.sleep(0.01)  # until the system has cleared the processes away
