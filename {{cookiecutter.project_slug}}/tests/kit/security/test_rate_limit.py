import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tortoise_kit.problems.errors import TooManyRequests
from tortoise_kit.security import rate_limit
from tortoise_kit.security.rate_limit import RateLimiter


class Clock:
    """The time, in seconds, as a test sets it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limit, "monotonic", clock)
    return clock


async def granted(attempts: RateLimiter, key: str) -> bool:
    try:
        await attempts.hit(key)
    except TooManyRequests:
        return False
    return True


async def test_the_allowed_attempts_pass_and_the_next_one_says_when_to_retry(clock: Clock) -> None:
    attempts = RateLimiter("3/minute")
    for _ in range(3):
        await attempts.hit("ann")
        clock.now += 10

    with pytest.raises(TooManyRequests) as rejected:
        await attempts.hit("ann")

    assert rejected.value.headers == {"Retry-After": "30"}
    assert await granted(attempts, "ben")


async def test_the_window_moves_so_attempts_become_available_one_by_one(clock: Clock) -> None:
    attempts = RateLimiter("2/minute")
    await attempts.hit("ann")
    clock.now += 40
    await attempts.hit("ann")

    clock.now += 21
    assert [await granted(attempts, "ann") for _ in range(2)] == [True, False]
    clock.now += 40
    assert [await granted(attempts, "ann") for _ in range(2)] == [True, False]


async def test_a_rejected_attempt_does_not_prolong_the_wait(clock: Clock) -> None:
    attempts = RateLimiter("1/minute")
    await attempts.hit("ann")
    for _ in range(10):
        clock.now += 5
        assert not await granted(attempts, "ann")

    clock.now += 11
    assert await granted(attempts, "ann")


async def test_the_memory_is_bounded_however_many_keys_are_tried(clock: Clock) -> None:
    attempts = RateLimiter("3/minute", most_keys=100)
    for number in range(1000):
        for _ in range(5):
            await granted(attempts, f"user {number}")
        clock.now += 0.001

    remembered = attempts.attempts
    assert len(remembered) == 100
    assert {len(times) for times in remembered.values()} == {3}


async def test_the_key_whose_last_attempt_is_oldest_is_forgotten_first(clock: Clock) -> None:
    attempts = RateLimiter("2/minute", most_keys=2)
    for key in ("ann", "ann", "ben", "ben", "ann", "cem"):
        await granted(attempts, key)
        clock.now += 0.001

    assert not await granted(attempts, "ann")
    assert await granted(attempts, "ben")


@pytest.mark.parametrize("text", ["5", "often", "", "0/minute", "10001/day", "-1/minute"])
def test_an_invalid_rate_is_rejected_and_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"minute|attempts") as rejected:
        RateLimiter(text)

    assert repr(text) in str(rejected.value)


async def test_a_rate_may_span_several_units(clock: Clock) -> None:
    attempts = RateLimiter("1 per 10 minutes")
    await attempts.hit("ann")

    clock.now += 599
    assert not await granted(attempts, "ann")
    clock.now += 2
    assert await granted(attempts, "ann")


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, -1e9])
async def test_a_clock_that_is_set_changes_no_wait(jump: float, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts, before = RateLimiter("1/minute"), time.time()
    await attempts.hit("ann")
    monkeypatch.setattr(time, "time", lambda: before + jump)

    with pytest.raises(TooManyRequests) as rejected:
        await attempts.hit("ann")

    assert 58 <= int((rejected.value.headers or {})["Retry-After"]) <= 60


@given(rate=st.integers(1, 3), pauses=st.lists(st.floats(0, 90), max_size=12))
async def test_a_wait_is_never_longer_than_the_rates_period_and_is_enough(rate: int, pauses: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(rate_limit, "monotonic", clock)
        attempts = RateLimiter(f"{rate}/minute")
        for pause in pauses:
            clock.now += pause
            try:
                await attempts.hit("ann")
            except TooManyRequests as error:
                wait = int((error.headers or {})["Retry-After"])
                assert 1 <= wait <= 60
                clock.now += wait + math.ulp(clock.now)
                await attempts.hit("ann")
