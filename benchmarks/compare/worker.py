"""`python -m benchmarks.compare.worker FACTORY`: one app in a process, called as a server would call it, without one.

It reads questions from standard input and writes answers to standard output, one JSON a line, until the input ends:

    {"method", "calls", "headers", "requests", "at_once"} -> {"cpu_microseconds", "instructions", "status", "body"}

CPU and instructions are this process's for one request: the app's, the driver's and the event loop's. Instructions are
null where they are not counted.
"""

import asyncio
import json
import sys
import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

from uvicorn import Config

from benchmarks.compare.counters import EventCounter


@dataclass
class Answer:
    """One answer of the app."""

    status: int = 0
    body: bytearray = field(default_factory=bytearray)

    async def take(self, message: MutableMapping[str, Any]) -> None:
        """A part of it, as ASGI sends it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")


async def call(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    """One request, as uvicorn would pass it on."""
    answer = Answer()
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        if (part := next(parts, None)) is not None:
            return part
        await asyncio.Event().wait()  # the client stays connected; a task waiting for its end is cancelled
        return {"type": "http.disconnect"}

    await app({**scope, "state": {}}, receive, answer.take)
    return answer


def scope_of(method: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """ASGI's description of a request."""
    url = urlsplit(path)
    given = {"host": "benchmark", "accept": "*/*", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": url.path,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def answer_to(app: Any, question: dict[str, Any], counter: EventCounter | None = None) -> dict[str, Any]:
    """Send the app this number of requests, some at once; returns the cost of one and the last response."""
    left, answers = iter(range(question["requests"])), [Answer()]
    calls = cycle(
        [(scope_of(question["method"], path, question["headers"]), body.encode()) for path, body in question["calls"]]
    )

    async def caller() -> None:
        for _ in left:
            answers[0] = await call(app, *next(calls))

    counted, begun = counter.read() if counter else 0, time.process_time()
    await asyncio.gather(*(caller() for _ in range(question["at_once"])))
    spent, instructions = time.process_time() - begun, counter.read() - counted if counter else None
    [last] = answers
    return {
        "cpu_microseconds": spent / question["requests"] * 1e6,
        "instructions": instructions and instructions / question["requests"],
        "status": last.status,
        "body": last.body.decode(),
    }


def instructions_counter() -> EventCounter | None:
    """None where the processor does not count them for us."""
    try:
        return EventCounter()
    except OSError:
        return None


async def serve(factory: str) -> None:
    """Answer questions until there are no more."""
    counter = instructions_counter()  # before there are threads, which it counts too
    module, _, name = factory.partition(":")
    app = getattr(import_module(module), name)()
    async with app.router.lifespan_context(app):
        while question := await asyncio.to_thread(sys.stdin.readline):
            sys.stdout.write(json.dumps(await answer_to(app, json.loads(question), counter)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]), loop_factory=Config("").get_loop_factory())
