"""`python -m benchmarks.tracing`: what a request passes through under `app/` and `tortoise_kit/`.

For each request it counts the calls of functions, the functions, the modules that they are in, and the moves from one
module to another. The service runs warm and with production settings, called in process as a server would call it.
`SERVICE=FOLDER` traces another checkout, for a comparison:

    SERVICE='../before/{{cookiecutter.project_slug}}' uv run python -m benchmarks.tracing
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, pairwise
from types import CodeType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from uvicorn import Config

from benchmarks import SERVICE
from benchmarks.compare.subjects import API
from benchmarks.compare.worker import call, scope_of
from benchmarks.environment import environment
from benchmarks.postgres import own_postgres

STAFF = {"username": "staff@example.com", "password": "development only", "grant_type": "password"}  # of the seed
FOLDERS = ("app", "tortoise_kit")
WARM_UP_REQUESTS = 5
COMMAND_SECONDS = 120
ORDER = json.dumps({"items": [{"product_id": product, "quantity": 1} for product in (4, 5, 6)]})

type Trace = list[tuple[str, str]]
"""The calls in their order: module and function."""


@contextmanager
def traced() -> Iterator[Trace]:
    """The calls of the service's functions while a block runs."""
    calls: Trace = []
    roots = tuple(f"{SERVICE / folder}/" for folder in FOLDERS)
    monitoring = sys.monitoring

    def started(code: CodeType, _offset: int) -> Any:
        if code.co_name.startswith("<") or not code.co_filename.startswith(roots):  # <genexpr>, <lambda>
            return monitoring.DISABLE
        return calls.append((code.co_filename.removeprefix(f"{SERVICE}/"), code.co_qualname))

    monitoring.use_tool_id(monitoring.PROFILER_ID, "benchmarks.tracing")
    monitoring.register_callback(monitoring.PROFILER_ID, monitoring.events.PY_START, started)
    monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.PY_START)
    try:
        yield calls
    finally:
        monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.NO_EVENTS)
        monitoring.free_tool_id(monitoring.PROFILER_ID)


def numbers(trace: Trace) -> tuple[int, int, int, int]:
    """Calls, functions, modules, and moves between modules."""
    modules = [module for module, _ in trace]
    return len(trace), len(set(trace)), len(set(modules)), sum(one != other for one, other in pairwise(modules))


def questions(next_page: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """The requests by their names; each time with a new `Idempotency-Key`."""
    keys = count()
    orders = f"{API}/orders"
    return {
        "GET /orders, first page": lambda: {"path": orders},
        "GET /orders, next page": lambda: {"path": f"{orders}?cursor={next_page}"},
        "POST /orders": lambda: {"path": orders, "body": ORDER},
        "POST /orders with Idempotency-Key": lambda: {"path": orders, "body": ORDER, "key": f"key-{next(keys)}"},
    }


async def ask(app: Any, token: str, *, path: str, body: str = "", key: str = "") -> dict[str, Any]:
    """One request of staff; returns its response's JSON."""
    headers = {
        "authorization": f"Bearer {token}",
        **({"content-type": "application/json"} if body else {}),
        **({"idempotency-key": key} if key else {}),
    }
    scope = scope_of("POST" if body else "GET", path, headers)
    answer = await call(app, scope, body.encode())
    document: dict[str, Any] = json.loads(answer.body)
    if answer.status not in range(200, 300):
        message = f"{path} returned {answer.status}: {document}"
        raise RuntimeError(message)
    return document


async def log_in(app: Any) -> str:
    """An access token of the seed's staff."""
    body = "&".join(f"{name}={value.replace('@', '%40').replace(' ', '+')}" for name, value in STAFF.items())
    scope = scope_of("POST", f"{API}/auth/token", {"content-type": "application/x-www-form-urlencoded"})
    answer = await call(app, scope, body.encode())
    return str(json.loads(answer.body)["access_token"])


async def trace() -> dict[str, Trace]:
    """The calls of each request, after some of its kind."""
    from app.main import create_app  # noqa: PLC0415  # it reads the environment, which is set by then

    app = create_app()
    found: dict[str, Trace] = {}
    async with app.router.lifespan_context(app):
        token = await log_in(app)
        page = await ask(app, token, path=f"{API}/orders")
        for name, question in questions(page["next"]).items():
            for _ in range(WARM_UP_REQUESTS):
                await ask(app, token, **question())
            with traced() as calls:
                await ask(app, token, **question())
            found[name] = calls
    return found


def show(found: dict[str, Trace], *, path: bool) -> None:
    """Print the numbers, and the modules in the order that a request enters them."""
    table = Table("request", "calls", "functions", "modules", "moves")
    for name, calls in found.items():
        table.add_row(name, *map(str, numbers(calls)))
    console = Console(width=120)
    console.print(table)
    for name, calls in found.items() if path else ():
        modules = [module for module, _ in calls]
        entered = [modules[0], *(other for one, other in pairwise(modules) if one != other)]
        console.print(f"\n{name}: {' > '.join(entered)}", highlight=False)


def main(
    database_url: Annotated[str | None, typer.Option(help="An empty database; a temporary Postgres if none.")] = None,
    *,
    path: Annotated[bool, typer.Option("--path", help="Also print the modules in the order they are entered.")] = False,
) -> None:
    """Count what some requests pass through."""
    with ExitStack() as stack:
        url = database_url or stack.enter_context(own_postgres())
        variables = environment(url, SERVICE)
        for command in (["migrations", "upgrade"], ["seed", "--size", "1000"]):
            subprocess.run(  # noqa: S603  # commands of the service
                [sys.executable, "-m", "app", *command],
                check=True,
                env={**variables, "ENVIRONMENT": "development"},
                stdout=subprocess.DEVNULL,
                timeout=COMMAND_SECONDS,
            )
        os.environ.update(variables)
        found = asyncio.run(trace(), loop_factory=Config("").get_loop_factory())
    show(found, path=path)


if __name__ == "__main__":
    typer.run(main)
