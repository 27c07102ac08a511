"""Too many at once: for the pool's connections, and for the same rows."""

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Any

from httpx2 import AsyncClient

from app.accounts.models import User
from tests.accounts.factories import make_user
from tests.kit.chaos.engines import Engine
from tests.kit.chaos.load import NO_ANSWER, USERS, WRITERS, Request, Tally, call, call_all
from tests.kit.chaos.report import Scenario
from tests.kit.chaos.service import lost_slots, service

SLOW_REQUESTS = 200
SLOW_SECONDS = 1.0
WAIT_SECONDS = 2.0
PLACES = 5  # as many as connections, so that those who get one wait for nothing
QUEUE_SECONDS = 0.3  # below what a slow request takes
COUNTS = 300
SWAPS = 100


def _waits(tally: Tally) -> float:
    """The longest time that a request did nothing but wait for a connection."""
    return max(each.seconds - SLOW_SECONDS * (each.status == HTTPStatus.OK) for each in tally.outcomes)


async def test_slow_requests_exhaust_the_pool(scenario: Scenario, engine: Engine, database_url: str) -> None:
    # Above all of them, so that each waits for the pool and none is refused before.
    limits: dict[str, Any] = {"requests_running_max": 2 * SLOW_REQUESTS, "db_acquire_timeout_seconds": WAIT_SECONDS}
    async with service(engine, database_url, **limits) as client:
        slow = partial(client.post, f"/chaos/sleep?seconds={SLOW_SECONDS}")
        flood = asyncio.create_task(call_all([slow] * SLOW_REQUESTS, at_once=SLOW_REQUESTS))
        await asyncio.sleep(0.1)
        quick = await call(client.get(f"{USERS}?limit=1"))
        tally = await flood
        refused = [each for each in tally.outcomes if each.status == HTTPStatus.SERVICE_UNAVAILABLE]
        scenario.record("answers 200", tally.count(200), at_least=5)
        scenario.record("answers 503", len(refused))
        scenario.record("503 without Retry-After", sum(not each.retry_after for each in refused), at_most=0)
        too_early = sum(each.seconds < WAIT_SECONDS - 0.1 for each in refused)
        scenario.record("503 before the pool's limit", too_early, at_most=0)
        scenario.record("other answers", SLOW_REQUESTS - tally.count(200, 503), at_most=0)
        scenario.record("longest wait, s", _waits(tally), at_most=WAIT_SECONDS + 0.5)
        scenario.record("wait of a quick request, s", quick.seconds, at_most=WAIT_SECONDS + 0.5)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_requests_above_the_limit_wait_and_are_rejected_after_a_while(
    scenario: Scenario, engine: Engine, database_url: str
) -> None:
    async with service(engine, database_url, requests_running_max=PLACES, request_wait_seconds=QUEUE_SECONDS) as client:
        slow = partial(client.post, f"/chaos/sleep?seconds={SLOW_SECONDS}")
        tally = await call_all([slow] * 2 * PLACES, at_once=2 * PLACES)
        refused = [each for each in tally.outcomes if each.status == HTTPStatus.SERVICE_UNAVAILABLE]
        scenario.record("answers 200", tally.count(200), at_least=PLACES)
        scenario.record("answers 503", len(refused), at_least=PLACES)
        scenario.record("503 without Retry-After", sum(not each.retry_after for each in refused), at_most=0)
        longest = max((each.seconds for each in refused), default=0.0)
        scenario.record("longest refusal, s", longest, at_most=QUEUE_SECONDS + 0.5)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_read_modify_write(scenario: Scenario, engine: Engine, database_url: str) -> None:
    async with service(engine, database_url) as client:
        user = await make_user(name="0")
        tally = await call_all([partial(client.post, f"{USERS}/{user.id}/count")] * COUNTS, at_once=WRITERS)
        counted = int((await User.get(id=user.id)).name)
        scenario.record("answers 200", tally.count(200))
        scenario.record("answers 503", tally.count(503), at_most=COUNTS * 0.03)
        scenario.record("answers 500", tally.count(500), at_most=0)
        scenario.record("no answer", tally.count(NO_ANSWER), at_most=0)
        scenario.record("lost updates", tally.count(200) - counted, at_most=0)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


async def test_two_rows_in_any_order(scenario: Scenario, engine: Engine, database_url: str) -> None:
    async with service(engine, database_url) as client:
        tally = await call_all(_swaps(client, await make_user(), await make_user()), at_once=WRITERS)
        scenario.record("answers 200", tally.count(200))
        scenario.record("answers 503", tally.count(503))
        scenario.record("answers 500", tally.count(500), at_most=0)
        scenario.record("no answer", tally.count(NO_ANSWER), at_most=0)
        scenario.record("lost slots", await lost_slots(), at_most=0)
    scenario.assert_bars()


def _swaps(client: AsyncClient, one: User, two: User) -> list[Request]:
    orders = [(one.id, two.id), (two.id, one.id)] * (SWAPS // 2)
    return [partial(client.post, f"{USERS}/{first}/swap/{second}") for first, second in orders]
