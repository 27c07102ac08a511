"""Migrations by several processes at once, beside the queries of a running service, and killed half-way."""

import signal
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from time import monotonic

import anyio
import asyncpg
import pytest

from tests.kit.copies import SERVICE, copied
from tests.kit.migrations.migration_processes import END_SECONDS, UPGRADE, Service
from tortoise_kit.development.testing import execute, new_postgres_database

pytestmark = pytest.mark.slow  # starts processes

MAKE_ROWS = 'return "CREATE TABLE passing_rows (id INT PRIMARY KEY, text VARCHAR(50), copies INT)"'
# Each of them would show in the rows if it were done twice.
GROW = 'return "INSERT INTO passing_rows (id, text, copies) SELECT id + 1000, text, 1 FROM passing_rows"'
COUNT = """
    for row in await db.execute_query_dict("SELECT id, copies FROM passing_rows"):
        await db.execute_query(f"UPDATE passing_rows SET copies = {row['copies'] + 1} WHERE id = {row['id']}")
    return ""
"""
HALF_WAY = """
    import os, asyncio
    await db.execute_query("CREATE TABLE passing_half (id INT)")
    print("half-way", flush=True)
    if os.environ.get("STUCK") and db.capabilities.dialect == "sqlite":
        await asyncio.sleep(60)
    elif os.environ.get("STUCK"):
        await db.execute_query("SELECT pg_sleep(60)")
    return ""
"""
CONCURRENT_INDEX = """
    concurrently = "" if db.capabilities.dialect == "sqlite" else "CONCURRENTLY"
    return f"CREATE UNIQUE INDEX {concurrently} IF NOT EXISTS passing_rows_text ON passing_rows (text)"
"""
ALTER = 'return "ALTER TABLE passing_rows ADD COLUMN colour VARCHAR(20)"'
INDEX_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'passing_rows_text'::regclass"


@pytest.fixture
def service(empty_database_url: str, tmp_path: Path) -> Generator[Service]:
    """A copy of the service on an empty database; its history makes a table `passing_rows`."""
    with copied(tmp_path / "service", SERVICE) as folder:
        service = Service(folder, empty_database_url)
        service.add("passing_rows", MAKE_ROWS)
        yield service


async def with_rows(service: Service) -> None:
    await service.upgrade_in_this_process()
    rows = ", ".join(f"({number}, 'note {number}', 1)" for number in range(100))
    await execute(service.url, f"INSERT INTO passing_rows VALUES {rows}")


@asynccontextmanager
async def another_database(service: Service, request: pytest.FixtureRequest, name: str) -> AsyncGenerator[Service]:
    """The same code on one more empty database."""
    if service.url.startswith("sqlite"):
        yield Service(service.folder, f"sqlite://{service.folder / name}.db")
        return
    async with new_postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield Service(service.folder, url)


async def assert_pair_migrates_once(service: Service) -> None:
    ended = await service.upgrades_at_once(2)

    assert [each.code for each in ended] == [0, 0], [each.err for each in ended]
    assert await service.everything_is_applied_once()
    applied = "".join(each.out for each in ended)
    assert all(applied.count(f"Applied {path.name}\n") <= 1 for path in service.migrations)


PAIRS = [2, pytest.param(20, marks=pytest.mark.chaos)]


@pytest.mark.parametrize("pairs", PAIRS)
async def test_two_upgrades_at_once_apply_each_migration_once(
    service: Service, request: pytest.FixtureRequest, pairs: int
) -> None:
    for number in range(pairs):
        async with another_database(service, request, f"pair{number}") as fresh:
            await assert_pair_migrates_once(fresh)


@pytest.mark.parametrize("pairs", PAIRS)
async def test_two_upgrades_at_once_change_each_existing_row_once(
    service: Service, request: pytest.FixtureRequest, pairs: int
) -> None:
    await with_rows(service)
    for number in range(pairs):  # each pair finds all files but two applied
        service.add(f"grow{number}", GROW if number == 0 else 'return ""')
        service.add(f"count{number}", COUNT)
        await assert_pair_migrates_once(service)

        copies = await execute(service.url, "SELECT DISTINCT copies FROM passing_rows")
        assert copies == [(number + 2,)]
    assert await execute(service.url, "SELECT count(*) FROM passing_rows") == [(200,)]


async def test_a_killed_upgrade_leaves_a_usable_database(service: Service) -> None:
    await with_rows(service)
    name = service.add("half", HALF_WAY)
    process = await service.start(*UPGRADE, STUCK="1")
    assert process.stdout is not None
    with anyio.fail_after(END_SECONDS):
        assert await process.stdout.receive()
        await anyio.sleep(0.3)  # now the server sleeps too
        process.send_signal(signal.SIGKILL)
        await process.wait()

    assert (name,) not in await service.recorded()
    again = await service.run(*UPGRADE)

    assert again.code == 0, again.err
    assert await service.everything_is_applied_once()
    assert await execute(service.url, "SELECT * FROM passing_half") == []
    await process.aclose()


WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock')"


@pytest.mark.only("postgres")
async def test_readers_do_not_wait_for_an_upgrade_that_waits_for_one_of_them(service: Service) -> None:
    await with_rows(service)
    service.add("colour", ALTER)
    lock_timeout, long = 0.5, 3.0
    slowest = 0.0
    until: float | None = None
    reader, others = await asyncpg.connect(service.url), await asyncpg.connect(service.url)
    try:
        transaction = reader.transaction()
        await transaction.start()
        await reader.fetch("SELECT * FROM passing_rows")
        process = await service.start(*UPGRADE, MIGRATION_LOCK_TIMEOUT_SECONDS=str(lock_timeout))
        with anyio.fail_after(END_SECONDS):
            while until is None or monotonic() < until:
                if until is None and await others.fetchval(WAITS):
                    until = monotonic() + long
                begun = monotonic()
                await others.fetch("SELECT * FROM passing_rows", timeout=long)
                slowest = max(slowest, monotonic() - begun)
                await anyio.sleep(0.01)
        still_waits = process.returncode is None
        await transaction.rollback()
        with anyio.fail_after(END_SECONDS):
            code = await process.wait()
            assert process.stderr is not None
            said = (await process.stderr.receive()).decode()
    finally:
        await reader.close()
        await others.close()
        await process.aclose()

    assert still_waits
    assert code == 0
    assert "colour.py waits for sessions that use its tables: try 1 of 10 failed." in said
    assert lock_timeout / 2 < slowest < long * 2 / 3  # it did get in the way, and did not stay there
    assert await service.everything_is_applied_once()


@pytest.mark.only("sqlite")
async def test_an_upgrade_waits_for_a_long_writer(service: Service) -> None:
    await with_rows(service)
    service.add("count", COUNT)
    with closing(sqlite3.connect(service.url.removeprefix("sqlite://"), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE passing_rows SET copies = 5")
        process = await service.start(*UPGRADE, MIGRATION_LOCK_TIMEOUT_SECONDS="0.2")
        assert process.stderr is not None
        with anyio.fail_after(END_SECONDS):
            said = (await process.stderr.receive()).decode()
            writer.execute("COMMIT")
            code = await process.wait()
        await process.aclose()

    assert "count.py waits for sessions that use its tables: try 1 of 10 failed." in said
    assert code == 0
    assert await execute(service.url, "SELECT DISTINCT copies FROM passing_rows") == [(6,)]


async def test_three_upgrades_at_once_build_an_index_concurrently(service: Service, database: str) -> None:
    await with_rows(service)
    service.add("index", CONCURRENT_INDEX, whole=False)

    ended = await service.upgrades_at_once(3)

    assert [each.code for each in ended] == [0, 0, 0], [each.err for each in ended]
    assert await service.everything_is_applied_once()
    if database == "postgres":
        assert await execute(service.url, INDEX_IS_VALID) == [(True,)]


@pytest.mark.only("postgres")
async def test_the_next_upgrade_builds_an_index_that_failed(service: Service) -> None:
    await with_rows(service)
    service.add("index", CONCURRENT_INDEX, whole=False)
    await execute(service.url, "UPDATE passing_rows SET text = 'twice' WHERE id < 2")

    failed = await service.run(*UPGRADE)
    left = await execute(service.url, INDEX_IS_VALID)
    await execute(service.url, "UPDATE passing_rows SET text = 'once' WHERE id = 0")
    again = await service.run(*UPGRADE)

    assert (failed.code, left) == (1, [(False,)])
    assert "its work up to here stays" in failed.err
    assert again.code == 0, again.err
    assert "Dropping passing_rows_text" in again.err
    assert await execute(service.url, INDEX_IS_VALID) == [(True,)]


@pytest.mark.only("postgres")
async def test_migrations_use_their_own_url_if_the_services_is_a_poolers(service: Service) -> None:
    pooler = "postgres://nobody@127.0.0.1:1/nowhere"

    direct = Service(service.folder, pooler)
    ended = await direct.run(*UPGRADE, DATABASE_MIGRATION_URL=service.url)

    assert ended.code == 0, ended.err
    assert await service.everything_is_applied_once()
