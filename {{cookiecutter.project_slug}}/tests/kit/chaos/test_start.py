"""The service, in a separate process, starts before its database server."""

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.kit.chaos.proxy import proxy_to
from tests.kit.chaos.server import Server
from tests.service.test_start import as_a_stranger, assert_alive_and_unavailable
from tests.support.processes import eventually_ready, run, serving
from tortoise_kit.development.testing import new_name, new_postgres_database

RECOVERY_SECONDS = 5.0


@asynccontextmanager
async def _stopped(server: Server) -> AsyncGenerator[None]:
    await server.stop()
    try:
        yield
    finally:
        await server.start()


async def test_a_server_that_is_started_later_is_used_without_a_restart(server: Server) -> None:
    name = new_name()
    url = urlsplit(server.url)._replace(path=f"/{name}").geturl()
    async with new_postgres_database(server.url, name):
        await run("migrations", "upgrade", database_url=url)
        async with AsyncExitStack() as stack:
            async with _stopped(server):
                _, client = await stack.enter_async_context(serving(url, ready=HTTPStatus.SERVICE_UNAVAILABLE))
                await assert_alive_and_unavailable(client, "not-ready")
            started = time.monotonic()
            await eventually_ready(client)
            asked = await as_a_stranger(client)
            recovery = time.monotonic() - started

    assert asked.status_code == HTTPStatus.UNAUTHORIZED
    assert recovery < RECOVERY_SECONDS


async def test_the_service_starts_while_the_network_swallows_every_byte_for_the_server(
    database_url: str,
) -> None:
    await run("migrations", "upgrade", database_url=database_url)
    async with proxy_to(database_url) as proxy:
        proxy.swallow()
        async with serving(proxy.url(database_url), ready=HTTPStatus.SERVICE_UNAVAILABLE) as (_, client):
            await assert_alive_and_unavailable(client, "not-ready")
            await proxy.forward()
            await eventually_ready(client)
