import asyncio
import signal
from collections.abc import Generator

import anyio
import pytest

from tortoise_kit.http.graceful_shutdown import GracefulShutdown


@pytest.fixture
def heard() -> Generator[list[int]]:
    """The signals that the server's own handler got."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


async def test_the_server_gets_one_delayed_sigterm(heard: list[int]) -> None:
    with GracefulShutdown(0.05) as drain:
        assert not drain.begun
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert (drain.begun, heard) == (True, [])
        with anyio.fail_after(5):
            while not heard:  # noqa: ASYNC110 -- a signal handler sets it
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)

        assert heard == [signal.SIGTERM]


async def test_without_a_delay_the_server_gets_sigterm_at_once(heard: list[int]) -> None:
    begun: list[str] = []
    with GracefulShutdown(0, on_begin=lambda: begun.append("begun")) as drain:
        signal.raise_signal(signal.SIGTERM)

        assert (drain.begun, begun, heard) == (True, ["begun"], [signal.SIGTERM])


async def test_the_servers_handler_is_restored_afterwards(heard: list[int]) -> None:
    with GracefulShutdown(60):
        pass
    signal.raise_signal(signal.SIGTERM)

    assert heard == [signal.SIGTERM]


async def test_outside_the_main_thread_it_does_nothing(heard: list[int]) -> None:
    def enter() -> None:
        with GracefulShutdown(60) as drain:
            assert not drain.begun

    await asyncio.to_thread(enter)
    signal.raise_signal(signal.SIGTERM)

    assert heard == [signal.SIGTERM]
