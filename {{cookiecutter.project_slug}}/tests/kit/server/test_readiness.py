"""What is known of the database without asking it for each probe."""

import asyncio
from typing import Any

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from tortoise_kit.db import ConnectionLost
from tortoise_kit.problems import Unavailable
from tortoise_kit.server import Readiness, readiness


class Check:
    """A check whose result the test sets."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.clients: list[Any] = []

    async def __call__(self, client: BaseDBAsyncClient) -> None:
        self.clients.append(client)
        await client.execute_query("SELECT 1")
        if self.error is not None:
            raise self.error


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setattr(readiness, "INTERVAL_SECONDS", 0.01)
    return Check()


async def problem_of(ready: Readiness) -> str | None:
    try:
        await ready.require()
    except Unavailable as problem:
        return problem.kind
    return None


@pytest.mark.usefixtures("db")
async def test_a_task_asks_over_another_connection_and_a_probe_asks_nothing(check: Check, database: str) -> None:
    ready = Readiness(check)
    async with ready.watched():
        first = await problem_of(ready)
        asked = len(check.clients)
        again = [await problem_of(ready) for _ in range(10)]

    assert (first, again) == (None, [None] * 10)
    assert len(check.clients) <= asked + 1
    assert (check.clients[0] is get_connection("default")) == (database == "sqlite")


@pytest.mark.usefixtures("db")
async def test_a_database_that_cannot_be_used_is_reported_at_once_and_one_that_is_silent_after_a_while(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = Readiness(check)
    async with ready.watched():
        await ready.require()
        check.error = Unavailable("It is full.", kind="database-full")
        await asyncio.sleep(0.1)
        full = await problem_of(ready)
        check.error = ConnectionLost("It is away.")
        await asyncio.sleep(0.1)
        away = await problem_of(ready)
        monkeypatch.setattr(readiness, "FORGIVEN_SECONDS", 0.05)
        silent = await problem_of(ready)
        check.error = ZeroDivisionError()
        await asyncio.sleep(0.1)
        broken = await problem_of(ready)
        check.error = None
        await asyncio.sleep(0.1)
        back = await problem_of(ready)

    assert (full, away, silent, broken, back) == ("database-full", None, "not-ready", "check-failed", None)


@pytest.mark.usefixtures("db")
async def test_outside_a_server_each_probe_asks(check: Check) -> None:
    ready = Readiness(check)
    check.error = ConnectionLost("It is away.")

    assert await problem_of(ready) == "not-ready"
    assert len(check.clients) == 1
