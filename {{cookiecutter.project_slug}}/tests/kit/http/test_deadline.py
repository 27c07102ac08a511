import asyncio
import time
import weakref
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tortoise_kit.development.testing import Exchange, without_garbage_collector
from tortoise_kit.http.deadline import WATCH_AFTER_SECONDS, DeadlineExceededError, DeadlineMiddleware, allow_seconds
from tortoise_kit.http.problems import install_problems

SOON = 0.1  # a deadline, in seconds; by then the watch for a disconnect has begun
LATE = 0.5
NEVER = 30.0


def limited(app: ASGIApp, *, seconds: float = SOON, cleanup_seconds: float = 1.0) -> DeadlineMiddleware:
    return DeadlineMiddleware(app, seconds=seconds, cleanup_seconds=cleanup_seconds)


async def answer(send: Send, body: bytes = b"done") -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def test_a_late_request_is_cancelled_and_gets_a_503_to_retry() -> None:
    ended: list[BaseException] = []

    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(NEVER)
        except BaseException as error:
            ended.append(error)
            raise

    exchange, app = Exchange(), limited(slow)
    await exchange.run(app)

    assert [type(error) for error in ended] == [asyncio.CancelledError]
    assert (exchange.status, exchange.headers[b"retry-after"]) == (503, b"1")
    assert exchange.headers[b"content-type"] == b"application/problem+json"
    assert exchange.problem.keys() == {"type", "title", "status", "detail", "request_id"}
    assert (exchange.problem["type"], exchange.problem["request_id"]) == ("urn:problem:deadline-exceeded", "test")


async def test_a_request_in_time_is_not_changed() -> None:
    async def quick(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        await answer(send)

    exchange, app = Exchange(), limited(quick)
    await exchange.run(app)
    await asyncio.sleep(SOON * 1.5)

    assert (exchange.status, exchange.body) == (200, b"done")


@pytest.mark.parametrize("seconds", [0, WATCH_AFTER_SECONDS * 1.5], ids=["quick", "watched"])
async def test_a_completed_request_leaves_nothing_to_the_garbage_collector(seconds: float) -> None:
    async def handler(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await answer(send)

    exchange = Exchange()
    with without_garbage_collector():
        await asyncio.create_task(exchange.run(limited(handler, seconds=LATE)))
        await asyncio.sleep(0)  # the watcher ends
        held = weakref.ref(exchange)
        del exchange

        assert held() is None


async def test_a_deadline_inside_another_works() -> None:
    async def quick(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send)

    exchange = Exchange()
    await exchange.run(limited(limited(quick), seconds=LATE))

    assert (exchange.status, exchange.body) == (200, b"done")


async def test_the_handlers_own_timeout_error_passes() -> None:
    async def impatient(_scope: Scope, _receive: Receive, _send: Send) -> None:
        async with asyncio.timeout(SOON / 2):
            await asyncio.sleep(NEVER)

    exchange, app = Exchange(), limited(impatient)
    with pytest.raises(TimeoutError):
        await exchange.run(app)

    assert exchange.sent == []


async def test_a_response_that_has_begun_is_interrupted_by_an_error() -> None:
    async def trickle(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b".", "more_body": True})
            await asyncio.sleep(SOON / 10)

    exchange = Exchange()
    with pytest.raises(DeadlineExceededError):
        await exchange.run(limited(trickle))

    assert exchange.status == 200
    assert exchange.sent[-1]["more_body"]


async def test_a_disconnect_cancels_the_handler_and_sends_nothing() -> None:
    cancelled = asyncio.Event()

    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(NEVER)
        finally:
            cancelled.set()

    exchange, app = Exchange(), limited(slow, seconds=NEVER)
    asyncio.get_running_loop().call_later(SOON, exchange.leave)
    async with asyncio.timeout(LATE):
        await exchange.run(app)

    assert cancelled.is_set()
    assert exchange.sent == []


async def test_at_most_one_chunk_of_a_body_is_read_ahead_of_the_handler() -> None:
    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(NEVER)

    exchange = Exchange(b"a", b"b", b"c")
    await exchange.run(limited(slow, seconds=SOON * 2))

    assert exchange.status == 503
    assert exchange.reads == 1


async def test_a_disconnect_ends_a_stream() -> None:
    app, closed = FastAPI(), asyncio.Event()

    async def ticks() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"."
                await asyncio.sleep(SOON / 10)
        finally:
            closed.set()

    app.get("/")(lambda: StreamingResponse(ticks()))
    exchange = Exchange()
    asyncio.get_running_loop().call_later(SOON, exchange.leave)
    async with asyncio.timeout(LATE):
        await exchange.run(limited(app, seconds=NEVER))

    assert closed.is_set()


async def test_a_stream_that_waits_for_nothing_can_be_stopped() -> None:
    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b".", "more_body": True})

    exchange = Exchange()
    with pytest.raises(DeadlineExceededError):
        await exchange.run(limited(endless))


async def test_a_slowly_read_body_arrives_whole_and_in_order() -> None:
    pieces = [bytes([number]) * 3 for number in range(20)]
    app = FastAPI()

    async def echo(request: Request) -> StreamingResponse:
        received = []
        async for piece in request.stream():
            received.append(piece)
            await asyncio.sleep(0.01)
        assert not await request.is_disconnected()
        return StreamingResponse(iter(received))

    app.post("/")(echo)
    exchange = Exchange(*pieces, method="POST")
    await exchange.run(limited(app, seconds=NEVER))

    assert exchange.body == b"".join(pieces)


async def test_work_after_the_response_has_no_deadline() -> None:
    app, done = FastAPI(), asyncio.Event()
    install_problems(app)

    async def later() -> None:
        await asyncio.sleep(SOON * 2)
        done.set()

    def accept(tasks: BackgroundTasks) -> str:
        tasks.add_task(later)
        return "accepted"

    app.get("/")(accept)
    exchange, middleware = Exchange(), limited(app)
    await exchange.run(middleware)

    assert exchange.status == 200
    assert done.is_set()


async def test_a_dependency_is_cancelled_and_cleans_up_before_the_response() -> None:
    app, events = FastAPI(), list[str]()

    async def transaction() -> AsyncIterator[None]:
        try:
            yield
        except asyncio.CancelledError:
            await asyncio.sleep(SOON / 2)  # a rollback takes a while
            events.append("rolled back")
            raise

    async def slow(_transaction: Annotated[None, Depends(transaction)]) -> None:
        await asyncio.sleep(NEVER)

    app.get("/")(slow)
    exchange = Exchange()
    await exchange.run(limited(app))

    assert exchange.status == 503
    assert events == ["rolled back"]


async def test_a_cleanup_that_hangs_is_cancelled_too() -> None:
    async def stubborn(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(NEVER)
        finally:
            try:
                await asyncio.sleep(NEVER)
            finally:
                await asyncio.sleep(NEVER)

    exchange = Exchange()
    start = time.monotonic()
    await exchange.run(limited(stubborn, cleanup_seconds=0.05))

    assert exchange.status == 503
    assert time.monotonic() - start < LATE


async def test_a_cancellation_from_outside_passes_through() -> None:
    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(NEVER)
        finally:
            await asyncio.sleep(SOON)

    for seconds, wait in ((NEVER, SOON), (SOON, SOON * 1.5)):  # before the deadline, and while cleaning up after it
        exchange = Exchange()
        request = asyncio.create_task(exchange.run(limited(slow, seconds=seconds)))
        await asyncio.sleep(wait)
        request.cancel()
        await asyncio.wait([request])

        assert request.cancelled()
        assert exchange.sent == []


async def test_the_task_of_a_stopped_request_stays_usable() -> None:
    async def slow(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(NEVER)

    async def two_requests() -> int:
        await Exchange().run(limited(slow))
        async with asyncio.timeout(LATE):
            await Exchange().run(limited(slow))
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert await asyncio.create_task(two_requests()) == 0


async def test_a_response_sent_in_spite_of_the_cancellation_stands() -> None:
    async def deaf(_scope: Scope, _receive: Receive, send: Send) -> None:
        try:
            await asyncio.sleep(NEVER)
        except asyncio.CancelledError:
            await answer(send, b"after all")

    exchange = Exchange()
    await exchange.run(limited(deaf))

    assert (exchange.status, exchange.body) == (200, b"after all")


async def test_the_client_of_a_route_in_a_thread_gets_its_response_in_time() -> None:
    app = FastAPI()
    app.get("/")(lambda: time.sleep(LATE))
    exchange = Exchange()
    start = time.monotonic()
    await exchange.run(limited(app))
    taken = time.monotonic() - start
    await asyncio.sleep(LATE)  # the thread runs on

    assert exchange.status == 503
    assert taken < LATE


@pytest.mark.parametrize("begin", [0.0, SOON], ids=["at once", "later"])
async def test_a_route_may_extend_its_deadline(begin: float) -> None:
    app = FastAPI()

    async def export(request: Request) -> str:
        await asyncio.sleep(begin)
        allow_seconds(request, LATE)
        await asyncio.sleep(SOON * 3)
        return "exported"

    async def too_much(request: Request) -> None:
        allow_seconds(request, SOON * 2)
        await asyncio.sleep(NEVER)

    app.get("/")(export)
    app.get("/too-much")(too_much)
    exchange, late = Exchange(), Exchange(path="/too-much")
    await exchange.run(limited(app, seconds=SOON * 3))
    await late.run(limited(app))
    await Exchange().run(app)  # and without a deadline it changes nothing

    assert (exchange.status, late.status) == (200, 503)
