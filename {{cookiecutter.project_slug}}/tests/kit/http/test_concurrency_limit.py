import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from tortoise_kit.development.testing import Exchange
from tortoise_kit.http.concurrency_limit import ConcurrencyLimitMiddleware, RequestsInFlight


async def test_a_request_above_the_limit_is_rejected_at_once_and_may_be_retried() -> None:
    go_on = asyncio.Event()

    async def busy(_scope: Scope, _receive: Receive, send: Send) -> None:
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    app = ConcurrencyLimitMiddleware(busy, limit=2, exempt={"/health"}, in_flight=RequestsInFlight())
    served = [Exchange(), Exchange(), Exchange(path="/health")]
    async with asyncio.TaskGroup() as tasks:
        for exchange in served:
            tasks.create_task(exchange.run(app))
        await asyncio.sleep(0)
        rejected = Exchange()
        await rejected.run(app)
        counted = app.in_flight.count
        go_on.set()
    again = Exchange()
    await again.run(app)

    assert (rejected.status, rejected.headers[b"retry-after"]) == (503, b"1")
    assert rejected.problem.keys() == {"type", "title", "status", "detail", "request_id"}
    assert rejected.problem["type"] == "urn:problem:overloaded"
    assert [exchange.status for exchange in (*served, again)] == [200] * 4
    assert counted == 2
    assert app.in_flight == RequestsInFlight()


async def test_a_request_that_fails_frees_its_place() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    app = ConcurrencyLimitMiddleware(broken, limit=1, exempt=(), in_flight=RequestsInFlight())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await Exchange().run(app)

    assert app.in_flight == RequestsInFlight()
