"""Databases that take no writes for a while: what fails, what goes on, and that all of it works again afterwards.

With a real standby: tests/kit/chaos.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sqlite3
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise.connection import get_connection

from tests.kit.library import Author, Book, library
from tortoise_kit.db import writability
from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines import asyncpg_backend, asyncpg_failover, sqlite_backend
from tortoise_kit.db.errors import ConnectionLost, DatabaseFull, LockNotAvailable, ReadOnlyDatabase
from tortoise_kit.db.transactions import transaction
from tortoise_kit.db.writability import create_private, readable_by_others, require_writable

CALLERS = 8
NOBODY = 65534


async def server_says(url: str, *statements: str) -> None:
    """Run statements as an operator, on a separate connection."""
    operator = await asyncpg.connect(url)
    try:
        for each in statements:
            await operator.execute(each)
    finally:
        await operator.close()


@asynccontextmanager
async def read_only_server(url: str) -> AsyncGenerator[None]:
    """New sessions take no writes, and keep to that afterwards, as those to a standby do; the old ones are ended."""
    name = urlsplit(url).path[1:]
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    await server_says(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on", end)
    yield
    await server_says(
        url, "SET default_transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only"
    )


async def write(using: str, *, inside: bool) -> None:
    if inside:
        async with transaction(using=using):
            await Book.create(title="x")
    else:
        await Book.create(title="x")


@pytest.mark.only("postgres")
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_after_a_server_was_read_only_no_write_fails_once_it_is_said_to_be_writable(
    empty_database_url: str, *, inside: bool
) -> None:
    async with library(empty_database_url, pooler=None, max_size=4) as using:
        client = get_connection(using)
        await asyncio.gather(*(write(using, inside=inside) for _ in range(CALLERS)))
        async with read_only_server(empty_database_url):
            with pytest.raises((ConnectionLost, ReadOnlyDatabase)):  # the old sessions were ended
                await asyncio.gather(*(write(using, inside=inside) for _ in range(CALLERS)))
            failed = await asyncio.gather(
                *(write(using, inside=inside) for _ in range(CALLERS)), return_exceptions=True
            )
            with pytest.raises(ReadOnlyDatabase):
                await require_writable(client)
            read = await asyncio.gather(*(Book.all().count() for _ in range(CALLERS)))
        await _writable_again(using)
        await asyncio.gather(*(write(using, inside=inside) for _ in range(CALLERS)))

        assert {type(each) for each in failed} == {ReadOnlyDatabase}
        assert read == [CALLERS] * CALLERS
        assert await Book.all().count() == 2 * CALLERS


async def _writable_again(using: str) -> None:
    async with asyncio.timeout(3):
        while True:
            await Book.all().count()
            try:
                return await require_writable(get_connection(using))
            except ReadOnlyDatabase:
                await asyncio.sleep(0.02)


@pytest.mark.only("postgres")
async def test_one_failed_write_leads_all_connections_away_from_a_server_that_takes_none(
    empty_database_url: str,
) -> None:
    """Idle connections of a pool lead to a standby, and the address already leads to the new primary."""
    async with library(empty_database_url, pooler=None, max_size=4) as using:
        client: Any = get_connection(using)
        async with read_only_server(empty_database_url):
            await asyncio.gather(
                *(client.execute_query("SELECT pg_sleep(0.1)") for _ in range(4)), return_exceptions=True
            )
            await asyncio.gather(*(client.execute_query("SELECT pg_sleep(0.1)") for _ in range(4)))
        client._pool.read_only, client._pool._replaced_at = False, float("-inf")  # as if they had said nothing of it

        with pytest.raises(ReadOnlyDatabase):
            await Book.create(title="x")
        await asyncio.gather(*(write(using, inside=False) for _ in range(CALLERS)))


@pytest.mark.only("postgres")
async def test_the_first_connection_that_can_write_again_replaces_those_that_cannot(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncpg_failover, "READ_ONLY_SECONDS", 60.0)
    async with library(empty_database_url, pooler=None, max_size=4) as using:
        client = get_connection(using)
        async with read_only_server(empty_database_url):
            for _ in range(2):  # the old session was ended, which the first one may notice
                with contextlib.suppress(ConnectionLost, ReadOnlyDatabase):
                    await write(using, inside=False)
            await Book.all()  # one connection to a server that takes no writes
        # More at once than are open, so that one of them opens another connection.
        await asyncio.gather(*(client.execute_query("SELECT pg_sleep(0.3)") for _ in range(4)))

        await asyncio.gather(*(write(using, inside=False) for _ in range(CALLERS)))


@pytest.mark.only("postgres")
async def test_reads_of_a_server_that_takes_no_writes_do_not_connect_anew_each_time(empty_database_url: str) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        client = get_connection(using)
        async with read_only_server(empty_database_url):
            with contextlib.suppress(ConnectionLost):  # the old session was ended
                await Book.all()
            sessions = set()
            begun = time.monotonic()
            for _ in range(50):
                [row] = await client.execute_query_dict("SELECT pg_backend_pid() AS pid")
                sessions.add(row["pid"])
            took = time.monotonic() - begun

        assert len(sessions) <= 2 + took / asyncpg_failover.READ_ONLY_SECONDS


@pytest.mark.only("postgres")
async def test_a_full_disk_is_remembered_for_a_while(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 0.3)
    async with library(empty_database_url) as using:
        client = get_connection(using)
        await client.execute_script(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON kit_books FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
        for inside in (False, True):
            with pytest.raises(DatabaseFull):
                await write(using, inside=inside)
            with pytest.raises(DatabaseFull):
                await require_writable(client)
            assert await Book.all().count() == 0
            await asyncio.sleep(0.3)
            await require_writable(client)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_a_full_file_takes_no_rows_until_there_is_room_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 0.3)
    async with library(empty_database_url) as using:
        client: Any = get_connection(using)
        client.resets_sessions = False
        await client.execute_query("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(DatabaseFull):
            for _ in range(1000):
                await write(using, inside=inside)
        stored = await Book.all().count()
        with pytest.raises(DatabaseFull):
            await require_writable(client)
        await client.execute_query("PRAGMA max_page_count = 1000000")
        await asyncio.sleep(0.3)
        await require_writable(client)
        await write(using, inside=inside)

        assert await Book.all().count() == stored + 1


@contextmanager
def as_nobody(folder: Path) -> Generator[None]:
    """As a user whom the permissions of files concern: root may write everything."""
    if os.geteuid() != 0:
        yield
        return
    for each in (folder, *folder.iterdir()):
        os.chown(each, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_a_file_that_was_read_only_is_written_to_once_it_is_writable(
    database: str, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 0.0)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "library.db"
        async with library(f"sqlite://{file}"):
            await Book.create(title="x")
        with as_nobody(file.parent):
            file.chmod(0o444)
            client: Any
            async with library(f"sqlite://{file}") as using:
                client = get_connection(using)
                with pytest.raises(ReadOnlyDatabase):
                    await write(using, inside=inside)
                with pytest.raises(ReadOnlyDatabase):
                    await require_writable(client)
                assert await Book.all().count() == 1
                for each in file.parent.iterdir():
                    each.chmod(0o666)
                await require_writable(client)
                await write(using, inside=inside)
                assert await Book.all().count() == 2


@pytest.mark.only("sqlite")
async def test_a_connection_that_forbids_writes_is_opened_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 0.3)
    async with library(empty_database_url) as using:
        client: Any = get_connection(using)
        client.resets_sessions = False
        await client.execute_query("PRAGMA query_only = ON")
        with pytest.raises(ReadOnlyDatabase):
            await require_writable(client)
        with pytest.raises(ReadOnlyDatabase):
            await write(using, inside=True)
        with pytest.raises(ReadOnlyDatabase):
            await require_writable(client)
        await write(using, inside=True)
        await asyncio.sleep(0.3)
        await require_writable(client)


# --- SQLite: permissions of files


@contextmanager
def umask(mask: int) -> Generator[None]:
    before = os.umask(mask)
    yield
    os.umask(before)


def permissions(folder: Path) -> dict[str, str]:
    return {each.name: oct(each.stat().st_mode & 0o777) for each in folder.iterdir()}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077], ids=oct)
async def test_only_its_owner_can_read_a_new_file_and_its_log(database: str, tmp_path: Path, mask: int) -> None:
    url = f"sqlite://{tmp_path / 'new.db'}"
    with umask(mask):
        async with library(url):
            await Book.create(title="x")
            found = permissions(tmp_path)

    assert found == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), "0o600")
    assert readable_by_others(url) == []


@pytest.mark.only("sqlite")
async def test_a_link_to_a_file_that_does_not_exist_yet_is_followed(database: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "new.db")
    async with library(f"sqlite://{tmp_path / 'link.db'}"):
        await Book.create(title="x")

        assert permissions(tmp_path)["new.db"] == "0o600"


@pytest.mark.only("sqlite")
async def test_a_file_that_exists_keeps_its_permissions_and_is_reported(database: str, tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    file.touch()
    file.chmod(0o640)
    async with library(f"sqlite://{file}"):
        await Book.create(title="x")

        assert set(permissions(tmp_path).values()) == {"0o640"}
        assert {each.name for each in readable_by_others(f"sqlite://{file}")} == {*permissions(tmp_path)}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("name", ["", ":memory:", "file:x?mode=memory"])
def test_databases_that_are_no_files_create_none(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    create_private(name)

    assert list(tmp_path.iterdir()) == []


def test_a_server_has_no_files_to_report(database: str) -> None:
    assert readable_by_others("postgres://ann@127.0.0.1/app") == []


# --- SQLite: reads beside writers


@contextmanager
def lock_of_another_process(url: str) -> Generator[None]:
    """Another connection of the file holds the lock for writing."""
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "in a transaction"])
async def test_readers_do_not_wait_for_a_writer_that_waits_for_another_process(
    empty_database_url: str, *, inside: bool
) -> None:
    async with library(empty_database_url, lock_timeout=3, command_timeout=5, acquire_timeout=4) as using:
        client = get_connection(using)
        await Author.create(name="Ann")
        with lock_of_another_process(empty_database_url):
            writers = [asyncio.create_task(write(using, inside=inside)) for _ in range(3)]
            await asyncio.sleep(0.1)
            begun = time.monotonic()
            assert [author.name for author in await Author.all()] == ["Ann"]
            assert await Author.filter(books__title="x").count() == 0
            [row] = await client.execute_query_dict("WITH n AS (SELECT 1 AS one) SELECT one FROM n")
            async with transaction(using=using, readonly=True):
                assert await Author.exists(name="Ann")
            waited = time.monotonic() - begun
        await asyncio.gather(*writers)

        assert row == {"one": 1}
        assert waited < 0.5
        assert await Book.all().count() == 3


@pytest.mark.only("sqlite")
async def test_writers_keep_their_order_and_each_reads_its_own_writes(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:

        async def add(number: int) -> int:
            async with transaction(using=using):
                await Book.create(title=str(number))
                return await Book.all().count()

        seen = await asyncio.gather(*(add(number) for number in range(20)))

        assert seen == list(range(1, 21))
        assert [book.title for book in await Book.all().order_by("id")] == [str(number) for number in range(20)]
        await Book.filter(title="7").update(title="seven")
        assert await Book.exists(title="seven")


@pytest.mark.only("sqlite")
async def test_what_only_the_writing_connection_knows_is_asked_there(empty_database_url: str) -> None:
    async with library(empty_database_url) as using:
        client: Any = get_connection(using)
        client.resets_sessions = False
        await Book.create(title="x")
        await client.execute_query("CREATE TEMP TABLE kit_temporary AS SELECT 7 AS seven")

        for query, row in (
            ("SELECT last_insert_rowid() AS id", {"id": 1}),
            ("SELECT seven FROM kit_temporary", {"seven": 7}),
            ("WITH n AS (SELECT 5 AS i) INSERT INTO kit_books (title) SELECT i FROM n RETURNING title", {"title": "5"}),
        ):
            assert await client.execute_query_dict(query) == [row]


@pytest.mark.only("sqlite")
async def test_a_file_whose_opening_failed_is_opened_with_all_settings_later(empty_database_url: str) -> None:
    entry = connection(empty_database_url, pool=PoolSettings(lock_timeout=0.05), application_name="test")
    client: Any = sqlite_backend.client_class(connection_name="settings", **entry["credentials"])
    with lock_of_another_process(empty_database_url), pytest.raises(LockNotAvailable):  # the log needs it to begin
        await client.execute_query("PRAGMA foreign_keys")

    assert await client.execute_query_dict("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    await client.close()


@pytest.mark.only("sqlite")
async def test_a_database_in_memory_stays_on_one_connection() -> None:
    async with library("sqlite://:memory:") as using:
        await Book.create(title="x")

        assert get_connection(using).reader is None  # type: ignore[attr-defined]
        assert await Book.all().count() == 1


# --- several hosts


@contextmanager
def silent_host() -> Generator[int]:
    """A port that accepts and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


def _several(url: str, *before: int, attrs: str) -> str:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    hosts = ",".join([*(f"127.0.0.1:{port}" for port in before), host])
    return parts._replace(netloc=f"{user}@{hosts}", query=f"sslmode=disable&target_session_attrs={attrs}").geturl()


@pytest.mark.only("postgres")
@pytest.mark.parametrize("attrs", ["any", "read-write", "primary", "prefer-standby"])
async def test_the_first_host_that_fits_is_used_and_tried_first_from_then_on(
    empty_database_url: str, attrs: str
) -> None:
    with silent_host() as silent:
        url = _several(empty_database_url, 1, silent, attrs=attrs)
        async with library(url, pooler=None, connect_timeout=1.8, acquire_timeout=1.6) as using:
            client: Any = get_connection(using)
            await client._pool.expire_connections()
            begun = time.monotonic()
            await client.execute_query("SELECT 1")

            assert time.monotonic() - begun < 0.2 or attrs == "prefer-standby"


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    ("attrs", "error"), [("read-write", ReadOnlyDatabase), ("read-only", ConnectionLost), ("standby", ConnectionLost)]
)
async def test_without_a_host_that_fits_there_is_an_error_that_says_so(
    empty_database_url: str, attrs: str, error: type[Exception]
) -> None:
    async with read_only_server(empty_database_url) if attrs == "read-write" else closing_nothing():
        entry = connection(_several(empty_database_url, 1, attrs=attrs), pool=PoolSettings(), application_name="test")
        client: Any = asyncpg_backend.client_class(connection_name="hosts", **entry["credentials"])
        with pytest.raises(error, match=f"No host that can be reached has target_session_attrs={attrs}"):
            await client.execute_query("SELECT 1")
        await client.close()


@asynccontextmanager
async def closing_nothing() -> AsyncGenerator[None]:
    """As it is."""
    yield


@pytest.mark.only("postgres")
async def test_a_pool_that_can_open_no_connection_says_so_once_and_when_it_can_again(
    empty_database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tortoise_kit.upstream.asyncpg.RETRY_SECONDS", 0.02)
    async with library(empty_database_url, pooler=None, min_size=2, max_size=2) as using:
        client: Any = get_connection(using)
        await client.execute_query("SELECT 1")
        await _grown(client._pool)
        port, client._pool._connect_kwargs["port"] = client._pool._connect_kwargs["port"], 1
        with caplog.at_level(logging.DEBUG):
            client._pool.expire()
            client._pool._schedule_min_size_maintenance()
            await asyncio.sleep(0.3)
            client._pool._connect_kwargs["port"] = port
            await _grown(client._pool)

        said = [each for each in caplog.records if each.levelno >= logging.WARNING]
        assert [(each.getMessage(), each.exc_info) for each in said] == [
            ("database.away", None),
            ("database.back", None),
        ]


async def _grown(pool: Any) -> None:
    async with asyncio.timeout(5):
        while pool.get_size() < pool.get_min_size():  # noqa: ASYNC110 -- it reports nothing
            await asyncio.sleep(0.01)
