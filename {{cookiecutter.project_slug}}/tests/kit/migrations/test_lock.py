"""The lock of migrations, their own time limits, and what a running service asks of the history."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import asyncpg
import pytest

from tortoise_kit import migrations
from tortoise_kit.development.migrations import make
from tortoise_kit.development.testing import execute, models_config
from tortoise_kit.migrations import MigrationError, MigrationTimeouts
from tortoise_kit.migrations.lock import advisory_key, lock_file

MODELS = "tests.kit.migrations.sample_models_v1"
SHORT = MigrationTimeouts(lock_timeout=0.1, wait=0.3, tries=2, pause=0.05)
NEXT = """
async def upgrade(db):
    return {sql!r}

async def downgrade(db):
    return "SELECT 1"

MODELS_STATE{state}
"""


@pytest.fixture
async def history(tmp_path: Path) -> Path:
    await make(models_config("sqlite://:memory:", MODELS), location=tmp_path, name="init")
    return tmp_path


def add(location: Path, sql: str) -> str:
    (first,) = (location / "models").glob("0_*.py")
    state = first.read_text(encoding="utf-8").partition("MODELS_STATE")[2]
    path = first.with_name("1_20270101000000_next.py")
    path.write_text(NEXT.format(sql=sql, state=state), encoding="utf-8")
    return path.name


@asynccontextmanager
async def held(url: str) -> AsyncGenerator[None]:
    """Somebody else migrates the database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(lock_file(url.removeprefix("sqlite://")), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    server = await asyncpg.connect(url, server_settings={"application_name": "another"})
    try:
        await server.execute("SELECT pg_advisory_lock($1)", advisory_key("models"))
        yield
    finally:
        await server.close()


@pytest.mark.parametrize("direction", [migrations.upgrade, migrations.downgrade])
async def test_waiting_too_long_for_another_migration_says_where_to_look(
    empty_database_url: str, history: Path, direction: Callable[..., Awaitable[list[str]]]
) -> None:
    config = models_config(empty_database_url, MODELS)
    where = r"empty\.db-migration open" if empty_database_url.startswith("sqlite") else r"process \d+: 'another' from"

    async with held(empty_database_url):
        with pytest.raises(MigrationError, match=rf"for more than 0\.3 s.*{where}"):
            await direction(config, location=history, timeouts=SHORT)

    assert len(await migrations.upgrade(config, location=history, timeouts=SHORT)) == 1


@pytest.mark.only("sqlite")
async def test_only_its_owner_can_read_a_database_that_a_migration_creates(tmp_path: Path, history: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()

    await migrations.upgrade(models_config(f"sqlite://{folder / 'app.db'}", MODELS), location=history)

    files = {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}
    assert files == {"app.db": "0o600", "app.db-migration": "0o600"}


async def test_the_lock_is_free_again_after_a_failure(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    name = add(history, "SELECT * FROM missing")

    for _ in range(2):
        with pytest.raises(MigrationError, match=rf"{re.escape(name)} failed"):
            await migrations.upgrade(config, location=history, timeouts=SHORT)


async def test_the_lock_is_free_again_after_a_cancelled_upgrade(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    async with held(empty_database_url):
        waiting = asyncio.create_task(migrations.upgrade(config, location=history))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

    assert len(await migrations.upgrade(config, location=history, timeouts=SHORT)) == 1


async def test_each_app_of_a_database_has_its_own_lock() -> None:
    assert advisory_key("models") != advisory_key("others")
    assert advisory_key("models") == advisory_key("models")


async def test_a_memory_database_needs_no_lock_and_leaves_no_file(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = models_config("sqlite://:memory:", MODELS)

    assert len(await migrations.upgrade(config, location=history, timeouts=SHORT)) == 1
    assert not lock_file(":memory:").exists()


@pytest.mark.only("postgres")
async def test_a_migration_may_take_longer_than_the_services_statements(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    credentials = config["connections"]["default"]["credentials"]
    credentials |= {"command_timeout": 0.2, "server_settings": {"statement_timeout": "200"}}
    add(history, "SELECT pg_sleep(0.6)")

    assert len(await migrations.upgrade(config, location=history)) == 2


async def test_a_migration_gives_up_when_a_table_stays_locked(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    name = add(history, "ALTER TABLE authors ADD COLUMN died INT")

    async with in_use(empty_database_url):
        with pytest.raises(MigrationError, match=rf"{re.escape(name)} failed .*another session holds a lock .*: find"):
            await migrations.upgrade(config, location=history, timeouts=SHORT)

    assert await migrations.upgrade(config, location=history, timeouts=SHORT) == [name]


@asynccontextmanager
async def in_use(url: str) -> AsyncGenerator[None]:
    """Somebody works on the table `authors` and does not end."""
    change = "UPDATE authors SET born = 1"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute(change)
            yield
        return
    server = await asyncpg.connect(url)
    try:
        async with server.transaction():
            await server.execute(change)
            yield
    finally:
        await server.close()


@pytest.mark.only("postgres")
async def test_a_deadlock_is_resolved_by_a_second_try(empty_database_url: str, history: Path) -> None:
    config = models_config(empty_database_url, MODELS)
    await migrations.upgrade(config, location=history)
    name = add(history, "LOCK TABLE authors; SELECT pg_sleep(0.3); LOCK TABLE books")

    async def the_other_way_round() -> None:
        work = "LOCK TABLE books; PERFORM pg_sleep(0.5); LOCK TABLE authors"
        await execute(empty_database_url, f"DO $$ BEGIN {work}; END $$")

    other = asyncio.create_task(the_other_way_round())
    upgraded = await migrations.upgrade(config, location=history, timeouts=MigrationTimeouts(lock_timeout=2, pause=0.1))
    with suppress(asyncpg.DeadlockDetectedError):
        await other

    assert upgraded == [name]


@pytest.mark.only("postgres")
async def test_a_pooler_is_rejected_with_the_setting_that_helps(history: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What PgBouncer says to settings it does not know, after it has refused TLS."""
        await reader.readexactly(8)
        writer.write(b"N")
        await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
        error = b"SFATAL\0C08P01\0Munsupported startup parameter: lock_timeout\0\0"
        writer.write(b"E" + (len(error) + 4).to_bytes(4) + error)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as pooler:
        port = pooler.sockets[0].getsockname()[1]
        config = models_config(f"postgres://ann:secret@127.0.0.1:{port}/shop", MODELS)
        with pytest.raises(MigrationError, match=r"through a pooler .*: set DATABASE_MIGRATION_URL"):
            await migrations.upgrade(config, location=history)


@pytest.mark.only("postgres")
async def test_a_pooler_that_drops_settings_is_rejected(
    empty_database_url: str, history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = asyncpg.connect

    async def without_settings(**arguments: object) -> asyncpg.Connection:
        return await connect(**{**arguments, "server_settings": {}})

    monkeypatch.setattr(asyncpg, "connect", without_settings)

    with pytest.raises(MigrationError, match=r"through a pooler .*: set DATABASE_MIGRATION_URL"):
        await migrations.upgrade(models_config(empty_database_url, MODELS), location=history)
