"""Requests are cancelled at every place where they can be; the same task and all others go on."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from app.accounts.models import User
from app.database import database as opened
from app.database import migrate
from app.settings import Settings
from tests.accounts.factories import make_user
from tests.kit.chaos.engines import STOCK, Engine
from tests.kit.chaos.report import Scenario
from tests.kit.chaos.service import abandon, lost_slots
from tests.kit.steps import CancelledAt, Moment
from tortoise_kit.db.transactions import transaction

POSTGRES_POINTS = 150
SQLITE_POINTS = 400
HANG_SECONDS = 2.0
STOCK_HANG_SECONDS = 0.2  # it has many
LONGEST_POINT_SECONDS = 10.0
SETTLE_SECONDS = 0.25
USERS_OF_ONE = 3  # or none

type Work = Callable[[str], Awaitable[object]]


class Refused(Exception):
    """Rolls a block back."""


async def _commits(name: str) -> None:
    async with transaction():
        await make_user(name=f"{name} 1")
        await make_user(name=f"{name} 2")
        async with transaction():
            await make_user(name=f"{name} 3")


async def _rolls_back(name: str) -> None:
    try:
        async with transaction():
            await make_user(name=f"{name} 1")
            async with transaction():
                await make_user(name=f"{name} 2")
            raise Refused  # noqa: TRY301 -- as a service function does
    except Refused:
        pass


async def _reads(_name: str) -> None:
    await User.filter(name="none").count()
    await User.filter(name="none").count()


# What is cancelled, and how many others want a connection meanwhile: 6 are more than there are.
WORKS: tuple[tuple[Work, int], ...] = ((_commits, 0), (_rolls_back, 0), (_commits, 6), (_reads, 0))
MOMENTS: tuple[Moment, ...] = ("waiting", "arrived")


@dataclass
class Damage:
    """What the cancelled tasks left behind, and how long to wait before that counts as a hang."""

    patience: float
    points: int = 0
    broken_tasks: int = 0
    hangs: int = 0
    lost_slots: int = 0
    half_written: int = 0


async def _goes_on(damage: Damage, name: str) -> bool:
    """Whether the database still serves this task; what is half there counts as damage."""
    try:
        async with asyncio.timeout(damage.patience):
            async with transaction():
                written = await User.filter(name__in=[f"{name} {number}" for number in (1, 2, 3)]).count()
            damage.half_written += written not in {0, USERS_OF_ONE}
    except TimeoutError:
        damage.hangs += 1
        return False
    except Exception:  # noqa: BLE001 -- any is the finding
        damage.broken_tasks += 1
        return False
    return True


@dataclass(frozen=True)
class Point:
    """One place to cancel a task at."""

    work: Work
    crowd: int
    moment: Moment
    step: int
    name: str


async def _cancelled(point: Point, damage: Damage) -> tuple[bool, bool]:
    """Whether there was such a step, and whether the same task could go on."""
    others = [asyncio.create_task(_commits(f"{point.name} other {number}")) for number in range(point.crowd)]
    await asyncio.sleep(0)
    cancelled = CancelledAt(point.work(point.name), point.step, point.moment)
    try:
        await cancelled
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
    except Exception:  # noqa: BLE001 -- a cancellation that comes out as another error
        damage.broken_tasks += 1
    await _end(others, damage)
    lost = await lost_slots(SETTLE_SECONDS)
    damage.lost_slots += lost
    return cancelled.waits >= point.step, not lost and await _goes_on(damage, point.name)


async def _end(others: list[asyncio.Task[None]], damage: Damage) -> None:
    if not others:
        return
    _, hanging = await asyncio.wait(others, timeout=damage.patience)
    damage.hangs += bool(hanging)
    for task in hanging:
        task.cancel()
    if hanging:
        await asyncio.wait(hanging, timeout=damage.patience)
    damage.broken_tasks += sum(task.done() and not task.cancelled() and bool(task.exception()) for task in others)


async def _cancel_at(point: Point, damage: Damage) -> tuple[bool, bool]:
    """Whether there was such a step, and whether all is well behind it, for every task."""
    damage.points += 1
    task = asyncio.create_task(_cancelled(point, damage))
    await asyncio.wait([task], timeout=LONGEST_POINT_SECONDS)
    if not task.done():
        damage.hangs += 1
        task.cancel()
        return True, False
    reached, well = task.result()
    return reached, well and await asyncio.create_task(_goes_on(damage, point.name))


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
    await migrate(Settings(environment="test", database_url=url))
    damage = Damage(STOCK_HANG_SECONDS if engine is STOCK else HANG_SECONDS)
    names = (f"tag {number}" for number in count(1))
    while damage.points < points:
        for (work, crowd), moment in product(WORKS, MOMENTS):
            way = (Point(work, crowd, moment, step, next(names)) for step in count(1))
            while await _walk(engine, url, way, damage):
                pass
    return damage


async def _walk(engine: Engine, url: str, way: Iterator[Point], damage: Damage) -> bool:
    """Go on along the steps until one does damage; whether there are more."""
    async with _database(engine, url):
        for point in way:
            reached, well = await _cancel_at(point, damage)
            if not (reached and well):
                return reached
    return False


def _judge(scenario: Scenario, damage: Damage, points: int) -> None:
    scenario.record("points", damage.points, at_least=points)
    scenario.record("lost slots", damage.lost_slots, at_most=0)
    scenario.record("hangs", damage.hangs, at_most=0)
    scenario.record("broken tasks", damage.broken_tasks, at_most=0)
    scenario.record("half written", damage.half_written, at_most=0)
    scenario.assert_bars()


async def test_cancellation_at_every_step_on_postgres(scenario: Scenario, engine: Engine, database_url: str) -> None:
    _judge(scenario, await _sweep(engine, database_url, POSTGRES_POINTS), POSTGRES_POINTS)


async def test_cancellation_at_every_step_on_sqlite(scenario: Scenario, engine: Engine, tmp_path: Path) -> None:
    _judge(scenario, await _sweep(engine, f"sqlite://{tmp_path / 'sweep.db'}", SQLITE_POINTS), SQLITE_POINTS)
