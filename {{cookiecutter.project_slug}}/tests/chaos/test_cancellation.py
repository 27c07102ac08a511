"""Requests are cancelled at every place where they can be; the same task and all others go on."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from app.catalog.models import Tag
from app.database import database as opened
from app.database import migrate
from app.kit.transactions import transaction
from app.settings import Settings
from tests.chaos.engines import STOCK, Engine
from tests.chaos.report import Scenario
from tests.chaos.service import abandon, lost_slots
from tests.chaos.steps import CancelledAt, Moment

POINTS = {"postgres": 150, "sqlite": 400}
HANG_SECONDS = 1.0
SETTLE_SECONDS = 0.25
TAGS_OF_ONE = 3  # or none

type Work = Callable[[str], Awaitable[object]]


class Refused(Exception):
    """Rolls a block back."""


async def _commits(name: str) -> None:
    async with transaction():
        await Tag.create(name=f"{name} 1")
        await Tag.create(name=f"{name} 2")
        async with transaction():
            await Tag.create(name=f"{name} 3")


async def _rolls_back(name: str) -> None:
    try:
        async with transaction():
            await Tag.create(name=f"{name} 1")
            async with transaction():
                await Tag.create(name=f"{name} 2")
            raise Refused
    except Refused:
        pass


async def _is_crowded(name: str) -> None:
    """One of more transactions than there are connections."""
    others = [asyncio.create_task(_commits(f"{name} other {number}")) for number in range(6)]
    await asyncio.sleep(0)
    try:
        await _commits(name)
    finally:
        await asyncio.wait(others)


async def _reads(_name: str) -> None:
    await Tag.filter(name="none").count()
    await Tag.filter(name="none").count()


WORKS: tuple[Work, ...] = (_commits, _rolls_back, _is_crowded, _reads)
MOMENTS: tuple[Moment, ...] = ("waiting", "arrived")


@dataclass
class Damage:
    """What the cancelled tasks left behind."""

    points: int = 0
    broken_tasks: int = 0
    hangs: int = 0
    lost_slots: int = 0
    half_written: int = 0


async def _goes_on(damage: Damage, name: str) -> bool:
    """Whether the database still serves this task; what is half there counts as damage."""
    try:
        async with asyncio.timeout(HANG_SECONDS):
            async with transaction():
                written = await Tag.filter(name__in=[f"{name} {number}" for number in (1, 2, 3)]).count()
            damage.half_written += written not in {0, TAGS_OF_ONE}
    except TimeoutError:
        damage.hangs += 1
        return False
    except Exception:  # noqa: BLE001 -- any is the finding
        damage.broken_tasks += 1
        return False
    return True


async def _cancelled_once(work: Work, step: int, moment: Moment, name: str, damage: Damage) -> tuple[bool, bool]:
    """Whether there was such a step, and whether all is well behind it."""
    cancelled = CancelledAt(work(name), step, moment)
    try:
        await cancelled
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
    except Exception:  # noqa: BLE001 -- a cancellation that comes out as another error
        damage.broken_tasks += 1
    damage.points += 1
    lost = await lost_slots(SETTLE_SECONDS)
    damage.lost_slots += lost
    well = not lost and await _goes_on(damage, name)
    return cancelled.waits >= step, well and await asyncio.create_task(_goes_on(damage, name))


@asynccontextmanager
async def _database(engine: Engine, url: str) -> AsyncGenerator[None]:
    EXECUTOR_CACHE.clear()
    async with opened(engine.settings(url, db_budget="off")):
        try:
            yield
        finally:
            if engine is STOCK:
                abandon()


async def _sweep(engine: Engine, url: str, points: int) -> Damage:
    """All steps of all works, again and again; what a point damaged is not left for the next one."""
    damage, names = Damage(), count(1)
    while damage.points < points:
        for work, moment in product(WORKS, MOMENTS):
            await _all_steps(engine, url, damage, work, moment, names)
    return damage


async def _all_steps(  # noqa: PLR0913, PLR0917 -- of one sweep
    engine: Engine, url: str, damage: Damage, work: Work, moment: Moment, names: "count[int]"
) -> None:
    steps = count(1)
    reached = True
    while reached:
        async with _database(engine, url):
            well = True
            while reached and well:
                attempt = _cancelled_once(work, next(steps), moment, f"tag {next(names)}", damage)
                reached, well = await asyncio.create_task(attempt)


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
async def test_cancellation_at_every_step(
    scenario: Scenario, engine: Engine, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("database_url") if kind == "postgres" else f"sqlite://{tmp_path / 'sweep.db'}"
    await migrate(Settings(environment="test", database_url=url))

    damage = await _sweep(engine, url, POINTS[kind])

    scenario.record("points", damage.points, at_least=POINTS[kind])
    scenario.record("lost slots", damage.lost_slots, at_most=0)
    scenario.record("hangs", damage.hangs, at_most=0)
    scenario.record("broken tasks", damage.broken_tasks, at_most=0)
    scenario.record("half written", damage.half_written, at_most=0)
    scenario.assert_bars()
