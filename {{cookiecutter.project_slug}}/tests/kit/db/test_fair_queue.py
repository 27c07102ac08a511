"""The order in which callers get connections of the pool; no server is needed for that."""

import asyncio
import random
from typing import Any

import pytest

from tortoise_kit.upstream.asyncpg import FairQueue


class Holder:
    """One slot, as the queue sees it."""

    def is_connected(self) -> bool:
        return True


def queue_of(slots: int) -> FairQueue:
    queue = FairQueue(slots)
    for _ in range(slots):
        queue.put_nowait(Holder())
    return queue


async def begun(*callers: Any) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(caller) for caller in callers]
    await asyncio.sleep(0)
    return tasks


async def test_a_returned_connection_goes_to_the_longest_waiting_caller_before_a_newcomer() -> None:
    queue, order = queue_of(1), []

    async def use(name: str) -> None:
        holder = await queue.get()
        order.append(name)
        queue.put_nowait(holder)

    holder = await queue.get()
    waiting = await begun(use("first"), use("second"))
    queue.put_nowait(holder)
    await use("newcomer")
    await asyncio.gather(*waiting)

    assert order == ["first", "second", "newcomer"]
    assert queue.qsize() == 1


@pytest.mark.parametrize("given", [False, True], ids=["before it is handed over", "just after"])
async def test_a_cancelled_caller_neither_loses_a_connection_nor_blocks_the_next_one(*, given: bool) -> None:
    queue = queue_of(1)
    holder = await queue.get()
    first, second = await begun(queue.get(), queue.get())

    if given:
        queue.put_nowait(holder)
        first.cancel()
    else:
        first.cancel()
        queue.put_nowait(holder)

    assert await asyncio.wait_for(second, 1) is holder
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize("seed", range(20))
async def test_all_connections_are_returned_after_any_order_of_callers_and_cancellations(seed: int) -> None:
    queue, rng, served = queue_of(3), random.Random(seed), 0  # noqa: S311  # random order

    async def use(steps: int) -> None:
        nonlocal served
        holder = await queue.get()
        try:
            for _ in range(steps):
                await asyncio.sleep(0)
            served += 1
        finally:
            queue.put_nowait(holder)

    tasks: list[asyncio.Task[None]] = []
    for _ in range(200):
        tasks += [asyncio.create_task(use(rng.randrange(4))) for _ in range(rng.randrange(3))]
        if tasks and rng.random() < 0.4:
            rng.choice(tasks).cancel()
        await asyncio.sleep(0)
    ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)

    assert queue.qsize() == 3
    assert served == sum(each is None for each in ended) > 50
