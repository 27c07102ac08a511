"""The chaos tests throw faults at their own Postgres. Only `pytest -m chaos -n 0` runs them.

A scenario runs on Tortoise's own engines and on the service's in the same run; only the latter must meet the limits.
The figures of both appear in a table at the end, and as JSON lines in the run's temporary folder or `CHAOS_REPORT`.
"""

import asyncio
import gc
import os
import re
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from rich.console import Console

from tests.kit.chaos.engines import ENGINES, STOCK, Engine
from tests.kit.chaos.pgbouncer import pgbouncer_before
from tests.kit.chaos.replica import replica_of
from tests.kit.chaos.report import Report, Scenario
from tests.kit.chaos.server import Server, running
from tortoise_kit.development.testing import new_postgres_database

HERE = Path(__file__).parent
REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("chaos")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        # The stock engines' leaks are known; the garbage collector's warnings about them say nothing new.
        leaky = pytest.mark.filterwarnings("ignore")
        engines = [pytest.param(each, marks=leaky if each is STOCK else (), id=each.name) for each in ENGINES]
        metafunc.parametrize("engine", engines)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash[REPORT]
    if report.figures:
        console = Console(width=120)
        with console.capture() as shown:
            report.show(console)
        terminalreporter.section("chaos")
        terminalreporter.write(shown.get())


@pytest.fixture(scope="session", autouse=True)
def in_one_process(request: pytest.FixtureRequest) -> None:
    """The tests measure times, and the table of figures is printed by the process that measured them."""
    if hasattr(request.config, "workerinput"):
        pytest.fail("Chaos tests must run in one process: add -n 0", pytrace=False)


@pytest.fixture(scope="session")
def chaos_report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Report]:
    report = request.config.stash[REPORT]
    yield report
    report.write(Path(os.environ.get("CHAOS_REPORT") or tmp_path_factory.getbasetemp() / "chaos.jsonl"))


@pytest.fixture
async def scenario(request: pytest.FixtureRequest, engine: Engine, chaos_report: Report) -> AsyncGenerator[Scenario]:
    name = re.sub(r"^test_|-?(stock|ours)", "", request.node.name).replace("[]", "").replace("_", " ")
    scenario = Scenario(name, engine, chaos_report)
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    if engine is STOCK:  # of ours an error that nobody awaits fails the test
        loop.set_exception_handler(lambda _loop, context: scenario.unawaited.append(context))
    yield scenario
    gc.collect()  # what leaked here is not to be found in the next test
    await asyncio.sleep(0)
    loop.set_exception_handler(handler)


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    """A Postgres one can hurt; who stops it starts it again."""
    with running("postgres") as started:
        yield started


@pytest.fixture(scope="session")
def bouncer(server: Server) -> Generator[Server]:
    with pgbouncer_before(server) as started:
        yield started


@pytest.fixture(scope="session")
def replica(server: Server) -> Generator[Server]:
    with replica_of(server) as started:
        yield started


@pytest.fixture
async def database_url(server: Server) -> AsyncGenerator[str]:
    """An empty database on it."""
    async with new_postgres_database(server.url) as url:
        yield url
