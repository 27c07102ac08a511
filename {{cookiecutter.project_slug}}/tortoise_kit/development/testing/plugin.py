"""The pytest plugin: every test that reaches the database runs on SQLite and on Postgres.

A service's `tests/conftest.py` says `pytest_plugins = ["tortoise_kit.development.testing.plugin"]` and defines:

* `app`: the service, started on `session_database_url`, once for each session; `db` and the checks for leaks use it.
* `secret_texts`, if it has any: texts that no response and no log line may hold.
* the hook `pytest_service_databases()`, if it runs on one database only: the names of those to test.
Options: `--db sqlite` or `--db postgres` runs the database tests on one database; `--quick` leaves out `slow` tests;
`--accept` writes what the tests of `tests/contract` found. A test for one database is marked `only("postgres")`, one
for any `only`. After each test that uses `db` all rows are deleted: commits are real. Postgres comes from a wheel, or
from `TEST_DATABASE_URL`; where that is PgBouncer in transaction mode, `TEST_DATABASE_DIRECT_URL` is the server behind.
`TEST_DATABASE_COLLATION` sorts text, such as by en_US.UTF-8; `environment.py` lists what else the suite inherits.
"""

import logging
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Sequence
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tortoise_kit.development.testing.databases import (
    DATABASES,
    DIRECT_URL,
    Hooks,
    assert_nothing_leaked,
    delete_all_rows,
    new_postgres_database,
)
from tortoise_kit.development.testing.disclosure import CANARY, Disclosures
from tortoise_kit.development.testing.environment import isolate

isolate()  # before any setting is read
pytest_plugins = [f"tortoise_kit.development.testing.{name}" for name in ("contracts", "environment")]
SERVER = Path(__file__).with_name("postgres.py")
_ON_POSTGRES = re.compile(r"\[postgres[\]-]")  # the first parameter of a test


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the hook."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of every service's suite."""
    parser.addoption("--db", choices=DATABASES, help="run the database tests on one database only")
    parser.addoption("--quick", action="store_true", help="leave out tests that start servers or commands")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `database` on each one."""
    if "database" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        databases = (only.args or _databases(metafunc.config)[:1]) if only else DATABASES
        metafunc.parametrize("database", databases, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what the options leave out."""
    config.hook.pytest_deselected(items=[item for item in items if not _is_wanted(item)])
    items[:] = filter(_is_wanted, items)


def _is_wanted(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    slow = item.config.getoption("--quick") and item.get_closest_marker("slow")
    return not slow and (callspec.params.get("database") if callspec else None) in {*_databases(item.config), None}


def _databases(config: pytest.Config) -> Sequence[str]:
    chosen = config.getoption("--db")
    return [chosen] if chosen else config.hook.pytest_service_databases() or DATABASES


class DatabaseScheduling(LoadScopeScheduling):  # type: ignore[misc]  # without types
    """One process for the tests on Postgres; the others go file by file to the process that is free.

    So only one process starts a server. If only Postgres is chosen, the kit's tests are one half.
    """

    def _split_scope(self, nodeid: str) -> str:
        if _ON_POSTGRES.search(nodeid) is None:
            return nodeid.partition("::")[0]
        return "kit" if self.config.getoption("--db") and nodeid.startswith("tests/kit/") else "all"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> DatabaseScheduling:
    """Divide the tests between processes by database."""
    return DatabaseScheduling(config, log)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop for the whole run, so that tests can share a pool."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The URL of a Postgres server on which databases may be created."""
    if url := DIRECT_URL or os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with subprocess.Popen(  # noqa: S603 -- a script of this package
        [sys.executable, "-P", str(SERVER)],
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
    """The database that the test runs on: `sqlite` or `postgres`."""
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


@pytest.fixture
async def db(app: object) -> AsyncGenerator[None]:
    """The service's database; its tables are empty again after the test."""
    yield
    await delete_all_rows()


@pytest.fixture
async def nothing_leaks(app: object) -> AsyncGenerator[None]:
    """After the test every pool slot is free, and no transaction is open."""
    yield
    await assert_nothing_leaked()


@pytest.fixture(autouse=True)
def check_for_leaks(request: pytest.FixtureRequest) -> None:
    """Look for leaks after each test that reaches the service."""
    if "app" in request.fixturenames:
        request.getfixturevalue("nothing_leaks")


@pytest.fixture(scope="session")
def secret_texts() -> tuple[str, ...]:
    """Texts that no response and no log line may hold; a service's conftest overrides this."""
    return ()


@pytest.fixture(scope="session")
def disclosures(secret_texts: tuple[str, ...]) -> Generator[Disclosures]:
    """What all clients' responses and all log lines of the run disclose."""
    found = Disclosures((CANARY, "$argon2id$", *secret_texts))
    with pytest.MonkeyPatch.context() as patch:
        found.watch(patch)
        logging.getLogger().addHandler(found)
        yield found
        logging.getLogger().removeHandler(found)


@pytest.fixture(autouse=True)
def nothing_is_disclosed(disclosures: Disclosures) -> Generator[None]:
    """After each test: no problem repeated what was sent or named internals, and no secret was logged."""
    disclosures.found.clear()
    yield
    assert not disclosures.found, disclosures.found
