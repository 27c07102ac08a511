"""Fixtures of the whole suite: every test that reaches the database runs on SQLite and on Postgres.

The schema comes from the shipped migrations, commits are real, and after each test one statement deletes all rows.
Which databases: `--db sqlite`, `--db postgres`, or both by default; a test for one alone is marked
`only("postgres")`. A Postgres server comes from a wheel, or from `TEST_DATABASE_URL`; a missing one is an error.
Where that one is PgBouncer in transaction mode, `TEST_DATABASE_DIRECT_URL` names the server behind it.
"""

import logging
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from xdist.remote import Producer

from app.accounts.models import Role
from app.database import migrate
from app.main import create_app
from app.settings import Settings
from tests.support import canary
from tests.support.clients import UserClient, new_client
from tests.support.databases import (
    DIRECT_URL,
    POOLER,
    assert_nothing_leaked,
    delete_all_rows,
    new_postgres_database,
    through_pooler,
)
from tests.support.processes import DatabaseScheduling

DATABASES = ("sqlite", "postgres")
SERVER_SCRIPT = Path(__file__).parent / "support" / "postgres.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=DATABASES, help="run the database tests on this database alone")
    parser.addoption("--quick", action="store_true", help="leave out what starts servers and commands of its own")
    parser.addoption("--accept-api", action="store_true", help="write the API down as it is: its clients are told")
    parser.addoption("--accept-api-of", metavar="FEATURE", help="the same of one feature alone")
    parser.addoption("--chaos-report", metavar="FILE", help="write the figures of the chaos tests here, as JSON lines")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("database", only.args if only else DATABASES, indirect=True, scope="session")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> DatabaseScheduling:
    return DatabaseScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if _is_wanted(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _is_wanted(item)])
    items[:] = kept


def _is_wanted(item: pytest.Item) -> bool:
    chosen = item.config.getoption("--db")
    if item.config.getoption("--quick") and item.get_closest_marker("slow"):
        return False
    return chosen is None or _database_of(item) in {chosen, None}


def _database_of(item: pytest.Item) -> object:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database") if callspec else None


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"  # one event loop for the whole run, so that the pool can be shared


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The URL of a Postgres server on which databases may be created."""
    if url := DIRECT_URL or os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with subprocess.Popen(  # noqa: S603 -- a script of this suite
        [sys.executable, str(SERVER_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C ends the suite first, which then ends the server
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        if url := server.stdout.readline().strip():
            yield url
        else:
            pytest.fail(server.stderr.read(), pytrace=False)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: `sqlite` or `postgres`."""
    return str(request.param)


@pytest.fixture(scope="session")
async def session_database_url(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[str]:
    """A database for the whole run, still without tables."""
    if database == "sqlite":
        yield f"sqlite://{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
        return
    async with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def empty_database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[str]:
    """A database for one test, without tables."""
    if database == "sqlite":
        yield f"sqlite://{tmp_path / 'empty.db'}"
        return
    async with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
async def app(session_database_url: str) -> AsyncGenerator[FastAPI]:
    """The service, started, on a migrated database."""
    EXECUTOR_CACHE.clear()  # Tortoise keeps SQL per connection name, whatever the database behind it
    settings = Settings(
        environment="test",
        database_url=through_pooler(session_database_url),
        database_migration_url=session_database_url,
        db_pooler=POOLER,
        login_rate_per_account="10000/minute",  # tests of the limits make apps of their own
        login_rate_per_address="10000/minute",
    )
    await migrate(settings)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app
    EXECUTOR_CACHE.clear()


@pytest.fixture(scope="session", autouse=True)
def canary_is_watched() -> Generator[None]:
    """All clients' answers and all that is logged are looked at, from the first test to the last."""
    with pytest.MonkeyPatch.context() as patch:
        listener = canary.watch(patch)
        yield
        logging.getLogger().removeHandler(listener)


@pytest.fixture(autouse=True)
def nothing_is_given_away(canary_is_watched: None) -> Generator[None]:
    """After each test: no problem repeated what was sent or told of the database, and no secret was logged."""
    canary.found.clear()
    yield
    assert not canary.found, canary.found


@pytest.fixture(autouse=True)
def check_for_leaks(request: pytest.FixtureRequest) -> None:
    """After each test that reaches the service: every pool slot is back, no transaction is left open."""
    if "app" in request.fixturenames:
        request.getfixturevalue("nothing_leaks")


@pytest.fixture
async def nothing_leaks(app: FastAPI) -> AsyncGenerator[None]:
    yield
    await assert_nothing_leaked()


@pytest.fixture
async def db(app: FastAPI) -> AsyncGenerator[None]:
    """The service's database, with empty tables again after the test."""
    yield
    await delete_all_rows()


@pytest.fixture
async def client(app: FastAPI, db: None) -> AsyncGenerator[AsyncClient]:
    """Calls the service in process, as nobody."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.fixture
async def customer(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as a customer, `customer.user`."""
    async with await new_client(app, Role.CUSTOMER) as client:
        yield client


@pytest.fixture
async def staff(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as staff, `staff.user`."""
    async with await new_client(app, Role.STAFF) as client:
        yield client


@pytest.fixture
async def admin(app: FastAPI, db: None) -> AsyncGenerator[UserClient]:
    """Calls the service in process, as an admin, `admin.user`."""
    async with await new_client(app, Role.ADMIN) as client:
        yield client
