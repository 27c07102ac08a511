"""A project on a Postgres that sorts text as a language does: the suite is green, and the service says how it sorts."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.postgres import own_postgres
from tests.conftest import Bake
from tests.machines import run_module
from tests.rendering import TIMEOUT_SECONDS

LOCALE = "en_US.UTF-8"
KIT_ROOMS = ("bulk", "db", "models", "pagination")  # that compare or sort what a database stores
# In a new database of that locale; `{url}` is the server's.
CREATE_DATABASE = """
import asyncio, asyncpg

async def create():
    server = await asyncpg.connect({url!r})
    await server.execute("CREATE DATABASE service TEMPLATE template0 LOCALE_PROVIDER libc LOCALE '{locale}'")
    await server.close()

asyncio.run(create())
"""
START = """
import asyncio
from app.asgi import app

async def start():
    async with app.router.lifespan_context(app):
        pass

asyncio.run(start())
"""
WARNING = f"The database sorts text by the locale {LOCALE}, not by code point as SQLite does"


@pytest.fixture(scope="module")
def locales() -> Iterator[str]:
    """A folder with the locale, for `LOCPATH`; the server runs as another user, who must be able to read it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        subprocess.run(
            ["localedef", "-i", "en_US", "-f", "UTF-8", f"{folder}/{LOCALE}"],  # noqa: S607 - glibc's, of this machine
            check=True,
            timeout=TIMEOUT_SECONDS,
        )
        yield folder


@pytest.fixture(scope="module")
def server(locales: str) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCPATH", locales)
        with own_postgres() as url:
            yield url


@pytest.mark.matrix
@pytest.mark.parametrize("part", [("tests", "--ignore=tests/kit"), *((f"tests/kit/{room}",) for room in KIT_ROOMS)])
def test_the_suite_is_green(bake: Bake, server: str, locales: str, part: tuple[str, ...]) -> None:
    project = bake(kit_tests=True)
    suite = ("pytest", "-q", "-n", "0", "--db", "postgres", *part)

    ended = run_module(project, *suite, TEST_DATABASE_URL=server, TEST_DATABASE_COLLATION=LOCALE, LOCPATH=locales)

    assert ended.returncode == 0, ended.stdout
    assert " passed" in ended.stdout


@pytest.mark.matrix
def test_the_service_and_its_check_say_so(bake: Bake, server: str) -> None:
    project = bake()
    (project / "create.py").write_text(CREATE_DATABASE.format(url=server, locale=LOCALE), encoding="utf-8")
    (project / "start.py").write_text(START, encoding="utf-8")
    assert run_module(project, "create").returncode == 0
    url = f"{server.rpartition('/')[0]}/service"

    started = run_module(project, "start", DATABASE_URL=url)
    checked = run_module(project, "app", "check", "--deploy", DATABASE_URL=url)

    assert started.returncode == 0, started.stderr
    assert WARNING in started.stderr
    assert (checked.returncode, WARNING in checked.stderr) == (1, True)
