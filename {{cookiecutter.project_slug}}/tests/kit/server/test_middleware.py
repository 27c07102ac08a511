"""Places for requests that come by another server than the kit's."""

import asyncio

import pytest
from starlette.types import Receive, Scope, Send

from tortoise_kit.development.testing import Exchange
from tortoise_kit.server import AdmissionControl, AdmissionMiddleware, ServerLimits


class Busy:
    """An application that responds once it may."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})


async def test_a_request_above_the_limit_waits_and_is_served() -> None:
    busy = Busy()
    control = AdmissionControl(ServerLimits(running=2), exempt={"/health"})
    app = AdmissionMiddleware(busy, control=control)
    exchanges = [Exchange(), Exchange(), Exchange(), Exchange(path="/health")]
    async with asyncio.TaskGroup() as tasks:
        for exchange in exchanges:
            tasks.create_task(exchange.run(app))
        await asyncio.sleep(0)
        counted = control.running, control.waiting
        busy.go_on.set()

    assert counted == (2, 1)
    assert [exchange.status for exchange in exchanges] == [200] * 4
    assert (control.running, control.waiting) == (0, 0)


async def test_a_request_that_waits_too_long_is_rejected_and_may_be_retried() -> None:
    busy = Busy()
    app = AdmissionMiddleware(busy, control=AdmissionControl(ServerLimits(running=1, wait=0.01)))
    served, rejected = Exchange(), Exchange()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(served.run(app))
        await asyncio.sleep(0)
        await rejected.run(app)
        busy.go_on.set()

    assert rejected.status == 503
    assert rejected.headers[b"retry-after"] in {b"1", b"2", b"3"}
    assert rejected.problem.keys() == {"type", "title", "status", "detail", "request_id"}
    assert rejected.problem["type"] == "urn:problem:overloaded"
    assert served.status == 200
    assert app.control.rejected == {"overloaded": 1}


async def test_routes_of_a_lane_wait_for_each_other_only() -> None:
    busy = Busy()
    app = AdmissionMiddleware(busy, control=AdmissionControl(ServerLimits(running=1), lanes={1: ["POST /login"]}))
    exchanges = [Exchange(path="/login", method=method) for method in ("POST", "POST", "GET")]
    async with asyncio.TaskGroup() as tasks:
        for exchange in exchanges:
            tasks.create_task(exchange.run(app))
        await asyncio.sleep(0)
        counted = app.control.running, app.control.waiting
        busy.go_on.set()

    assert counted == (2, 1)


async def test_a_request_that_fails_or_leaves_frees_its_place() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError

    app = AdmissionMiddleware(broken, control=AdmissionControl(ServerLimits(running=1)))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await Exchange().run(app)
    waiting = AdmissionMiddleware(Busy(), control=app.control)
    tasks = [asyncio.create_task(Exchange().run(waiting)) for _ in range(3)]
    await asyncio.sleep(0)
    for task in reversed(tasks):
        task.cancel()
    await asyncio.wait(tasks)

    assert (app.control.running, app.control.waiting) == (0, 0)
