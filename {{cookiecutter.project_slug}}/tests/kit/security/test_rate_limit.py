"""Attempts counted in a table, on both databases."""

import asyncio
import time

import pytest
from tortoise.context import TortoiseContext

from tests.kit.specimens import Tries
from tortoise_kit.problems.errors import TooManyRequests
from tortoise_kit.security import rate_limit
from tortoise_kit.security.rate_limit import AttemptLimiter, Limit, LimitReached, Rate
from tortoise_kit.sql.recording import recorded_queries

MINUTE = Rate(3, 60)


class Clock:
    """The time, in seconds, as a test sets it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limit, "monotonic", clock)
    monkeypatch.setattr(rate_limit, "time", clock)
    return clock


def limiter() -> AttemptLimiter:
    """One as another process has it."""
    return AttemptLimiter(Tries, key=b"k" * 32)


def limit(subject: str = "ann", rate: Rate = MINUTE, *, unless_known: str = "") -> Limit:
    return Limit(subject, subject, rate, unless_known)


async def granted(*limits: Limit, attempts: AttemptLimiter | None = None) -> bool:
    try:
        await (attempts or limiter()).count(*limits)
    except LimitReached:
        return False
    return True


async def test_the_allowed_attempts_pass_and_the_next_one_says_when_to_retry(
    tables: TortoiseContext, clock: Clock
) -> None:
    with tables:
        for _ in range(3):
            assert await granted(limit())
            clock.now += 10

        with pytest.raises(TooManyRequests) as rejected:
            await limiter().count(limit())

        assert rejected.value.headers == {"Retry-After": "30"}
        assert await granted(limit("ben"))


async def test_a_window_begins_with_its_first_attempt_and_rejections_do_not_prolong_it(
    tables: TortoiseContext, clock: Clock
) -> None:
    with tables:
        passed = []
        for _ in range(14):
            passed.append(await granted(limit()))
            clock.now += 10

    assert passed == [True, True, True, False, False, False] * 2 + [True, True]


async def test_one_limit_that_is_reached_lets_none_count(tables: TortoiseContext, clock: Clock) -> None:
    with tables:
        for _ in range(3):
            await granted(limit("network"), limit("ann", Rate(100, 60)))
        for _ in range(5):
            assert not await granted(limit("network"), limit("ben", Rate(100, 60)))
        with pytest.raises(LimitReached) as rejected:
            await limiter().count(limit("ben"), limit("network"))

        assert rejected.value.limit == "network"
        assert sorted([row.attempts for row in await Tries.all()]) == [3, 3]


async def test_a_limit_is_waived_where_an_earlier_success_counts(tables: TortoiseContext, clock: Clock) -> None:
    here, elsewhere = limit("ann here"), limit("ann elsewhere")
    with tables:
        await limiter().count(here)
        await limiter().forget(here, known="ann here", known_seconds=100)
        for _ in range(3):
            await limiter().count(elsewhere, limit("ann", unless_known="ann elsewhere"))

        assert not await granted(limit("x"), limit("ann", unless_known="x"))
        assert await granted(here, limit("ann", unless_known="ann here"))
        clock.now += 50
        assert await granted(here, limit("ann", unless_known="ann here"))
        clock.now += 5
        assert await granted(here, limit("ann", unless_known="ann here"))
        clock.now += 50  # a new window, and the success counts no more
        for _ in range(3):
            await limiter().count(limit("ann"))
        assert not await granted(here, limit("ann", unless_known="ann here"))


async def test_an_attempt_can_be_taken_back(tables: TortoiseContext, clock: Clock) -> None:
    with tables:
        for _ in range(10):
            await limiter().count(limit(), limit("network"))
            await limiter().forget(limit(), limit("network"))
        await limiter().forget(limit("never counted"))

        assert {row.attempts for row in await Tries.all()} == {0}


async def test_a_flood_of_rejected_attempts_does_not_reach_the_database(tables: TortoiseContext, clock: Clock) -> None:
    attempts = limiter()
    with tables:
        for _ in range(3):
            await attempts.count(limit())
        with recorded_queries() as log:
            assert [await granted(limit(), attempts=attempts) for _ in range(50)] == [False] * 50
            assert len(log.queries) == 2
            clock.now += 61
            assert await granted(limit(), attempts=attempts)


async def test_the_memory_of_rejections_is_bounded(tables: TortoiseContext, clock: Clock) -> None:
    attempts = AttemptLimiter(Tries, key=b"k" * 32, most_rejected=5)
    with tables:
        for number in range(20):
            for _ in range(2):
                await granted(limit(f"user {number}", Rate(1, 60)), attempts=attempts)

    assert len(attempts.rejected) == 5


@pytest.mark.parametrize("jump", [-3600.0, -1e9])
async def test_no_wait_is_longer_than_the_period_when_the_clock_is_set_back(
    tables: TortoiseContext, clock: Clock, jump: float
) -> None:
    with tables:
        for _ in range(3):
            await limiter().count(limit())
        clock.now += jump

        assert [await granted(limit()) for _ in range(4)] == [True, True, True, False]


async def test_machines_whose_clocks_differ_a_little_share_a_window(tables: TortoiseContext, clock: Clock) -> None:
    passed = []
    with tables:
        for second in (0, 2, -2, 1, -1, 2):
            clock.now += second
            passed.append(await granted(limit()))
            clock.now -= second

    assert passed == [True, True, True, False, False, False]


async def test_attempts_with_many_limits_at_once_neither_deadlock_nor_pass_too_often(tables: TortoiseContext) -> None:
    a, b, c = (limit(name, Rate(4, 60)) for name in "abc")
    with tables:
        orders = [(a, b, c), (c, b, a), (b, a, c), (c, a, b)] * 5

        passed = await asyncio.gather(*(granted(*order) for order in orders))

        assert sum(passed) <= 4
        assert {row.attempts for row in await Tries.all()} <= set(range(4, 21))


async def test_the_table_holds_only_keyed_hashes(tables: TortoiseContext) -> None:
    with tables:
        await limiter().count(limit("ann@example.com"))
        await AttemptLimiter(Tries, key=b"o" * 32).count(limit("ann@example.com"))

        rows = await Tries.all()

    assert len({row.key for row in rows}) == 2
    assert {len(row.key) for row in rows} == {64}
    assert [row.expires_at - time.time() > 50 for row in rows] == [True, True]


@pytest.mark.parametrize(
    "text", ["5", "often", "", "0/minute", "10001/day", "-1/minute", "5 per 0 minutes", "5/minute;1/day", "5/month"]
)
def test_an_invalid_rate_is_rejected_and_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"minute|attempts") as rejected:
        Rate.parse(text)

    assert repr(text) in str(rejected.value)


def test_a_rate_may_span_several_units() -> None:
    assert Rate.parse("1 per 10 minutes") == Rate(1, 600)
    assert Rate.parse("5/minute") == Rate(5, 60)
    assert Rate.parse(" 20 / 2 Hours ") == Rate(20, 7_200)
