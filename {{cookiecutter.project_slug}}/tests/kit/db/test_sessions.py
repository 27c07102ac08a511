"""What one user leaves in a session never reaches the next, whatever it is and however it got there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Literal

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from tests.kit.db.test_engines import slots_in_use
from tests.kit.library import Author, library
from tortoise_kit.db.engines.sessions import HARMLESS_CALLS, Touch, touch_of
from tortoise_kit.db.transactions import transaction

ROLE = "pg_monitor"  # exists everywhere

# What a statement leaves, and what the next user would see of it: no row and no error if the session is clean.
LEFT: dict[str, tuple[str, str]] = {
    "temporary table": ("CREATE TEMP TABLE kit_left AS SELECT 1 AS id", "SELECT to_regclass('kit_left') IS NOT NULL"),
    "temporary view": (
        "CREATE TEMPORARY VIEW kit_left AS SELECT 1 AS id",
        "SELECT to_regclass('kit_left') IS NOT NULL",
    ),
    "temporary sequence": ("CREATE TEMP SEQUENCE kit_left", "SELECT to_regclass('kit_left') IS NOT NULL"),
    "temporary by schema": (
        "CREATE TABLE pg_temp.kit_left (id int)",
        "SELECT to_regclass('pg_temp.kit_left') IS NOT NULL",
    ),
    "temporary by SELECT": (
        "SELECT 1 AS id INTO TEMPORARY kit_left",
        "SELECT to_regclass('pg_temp.kit_left') IS NOT NULL",
    ),
    "shadowed table": (
        "CREATE TEMP TABLE kit_authors (id int)",
        "SELECT to_regclass('kit_authors') = to_regclass('pg_temp.kit_authors')",
    ),
    "setting": ("SET statement_timeout = '1h'", "SELECT current_setting('statement_timeout') <> '5s'"),
    "session setting": ("set session lock_timeout TO '1h'", "SELECT current_setting('lock_timeout') <> '3s'"),
    "own setting": (
        "SELECT set_config('kit.tenant', 'one', false)",
        "SELECT coalesce(current_setting('kit.tenant', true), '') <> ''",
    ),
    "search path": ("SET search_path = pg_catalog", "SELECT current_setting('search_path') NOT LIKE '%public%'"),
    "read-only": (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SELECT current_setting('transaction_read_only') = 'on'",
    ),
    "role": (f"SET ROLE {ROLE}", "SELECT current_user <> session_user"),
    "role by setting": (f"SELECT set_config('role', '{ROLE}', false)", "SELECT current_user <> session_user"),
    "authorization": (f"SET SESSION AUTHORIZATION {ROLE}", f"SELECT session_user = '{ROLE}'"),
    "authorization and role": (
        f"SET SESSION AUTHORIZATION {ROLE}; SET ROLE {ROLE}",
        f"SELECT '{ROLE}' IN (session_user, current_user)",
    ),
    "prepared statement": (
        "PREPARE kit_left AS SELECT 1",
        "SELECT EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'kit_left')",
    ),
    "channel": ("LISTEN kit_left", "SELECT EXISTS (SELECT pg_listening_channels())"),
    "advisory lock": (
        "SELECT pg_advisory_lock(4711)",
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711)",
    ),
    "shared advisory lock": (
        "SELECT pg_try_advisory_lock_shared(47, 11)",
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 11)",
    ),
    "cursor": (
        "DECLARE kit_left CURSOR WITH HOLD FOR SELECT 1",
        "SELECT EXISTS (SELECT FROM pg_cursors WHERE name = 'kit_left')",
    ),
    "sequence": ("SELECT nextval('kit_sequence')", "SELECT kit_last_value() IS NOT NULL"),
    "sequence set": ("SELECT setval('kit_sequence', 7)", "SELECT kit_last_value() IS NOT NULL"),
    "planner": ("SET plan_cache_mode = force_generic_plan", "SELECT current_setting('plan_cache_mode') <> 'auto'"),
    "lost statements": ("DEALLOCATE ALL", "SELECT false"),
    "lost session": ("DISCARD ALL", "SELECT false"),
}

type Way = Callable[[Any, str], Awaitable[None]]


async def query(client: Any, sql: str) -> None:
    await client.execute_query(sql)


async def script(client: Any, sql: str) -> None:
    await client.execute_script(f"SELECT 1; /* why */ {sql}")


async def commented(client: Any, sql: str) -> None:
    await client.execute_script(f"-- why; SELECT\n{sql}")


async def committed(client: Any, sql: str) -> None:
    async with transaction(using=client.connection_name) as opened:
        await opened.execute_script(sql)


async def nested(client: Any, sql: str) -> None:
    async with transaction(using=client.connection_name), transaction(using=client.connection_name) as opened:
        await opened.execute_script(sql)


async def rolled_back(client: Any, sql: str) -> None:
    async with transaction(using=client.connection_name) as opened:
        await opened.execute_script(sql)
        raise ZeroDivisionError


async def failed(client: Any, sql: str) -> None:
    await client.execute_script(f"{sql}; COMMIT; SELECT 1 / 0")


async def cancelled(client: Any, sql: str) -> None:
    async with asyncio.timeout(0.05):
        await client.execute_script(f"{sql}; COMMIT; SELECT pg_sleep(9)")


async def raw(client: Any, sql: str) -> None:
    async with client.acquire_connection() as session:
        await session.execute(sql)


async def prepared(client: Any, sql: str) -> None:
    async with client.acquire_connection() as session:
        for each in sql.split("; "):
            statement = await session.prepare(each)
            await statement.fetch()


async def iterated(client: Any, sql: str) -> None:
    async with client.acquire_connection() as session, session.transaction():
        async for _ in session.cursor(sql):
            pass


async def repeated(client: Any, sql: str) -> None:
    async with client.acquire_connection() as session:
        await session.executemany(sql, [[], []])


async def copied(client: Any, sql: str) -> None:
    async def forget(_data: bytes) -> None:
        pass

    async with client.acquire_connection() as session:
        await session.copy_from_query(sql, output=forget)


async def by_block(client: Any, sql: str) -> None:
    await client.execute_query(f"DO $do$ BEGIN EXECUTE $sql$ {sql} $sql$; END $do$")


async def by_function(client: Any, sql: str) -> None:
    await _define(sql)
    await client.execute_query("SELECT * FROM kit_leave()")


async def by_view(client: Any, sql: str) -> None:
    await _define(sql)
    await client._pool.expire_connections()
    await client.execute_query("SELECT * FROM kit_view")


async def by_trigger(client: Any, sql: str) -> None:
    await _define(sql)
    await client._pool.expire_connections()
    await client.execute_query("INSERT INTO kit_watched VALUES (1)")


async def by_own_definition(client: Any, sql: str) -> None:
    await _define("SELECT 1")
    await client._pool.expire_connections()
    await client.execute_script(DEFINITION.format(sql=sql))
    await client.execute_query("SELECT * FROM kit_view")


WAYS: list[Way] = [
    query, script, commented, committed, nested, rolled_back, failed, cancelled, raw, prepared, iterated, repeated,
    copied, by_block, by_function, by_view, by_trigger, by_own_definition,
]  # fmt: skip
TABLES = """
CREATE SEQUENCE kit_sequence;
CREATE FUNCTION kit_last_value() RETURNS bigint LANGUAGE plpgsql AS
$$BEGIN RETURN currval('kit_sequence'); EXCEPTION WHEN OTHERS THEN RETURN NULL; END$$;
CREATE TABLE kit_watched (id int);
CREATE FUNCTION kit_leave() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW kit_view AS SELECT kit_leave();
CREATE FUNCTION kit_trigger() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN PERFORM kit_leave(); RETURN NULL; END$$;
CREATE TRIGGER kit_trigger AFTER INSERT ON kit_watched FOR EACH ROW EXECUTE FUNCTION kit_trigger();
"""
DEFINITION = """CREATE OR REPLACE FUNCTION kit_leave() RETURNS int LANGUAGE plpgsql AS
$f$BEGIN EXECUTE $sql${sql}$sql$; RETURN 1; END$f$"""

_url: list[str] = []


async def elsewhere(url: str, sql: str) -> None:
    other = await asyncpg.connect(url)
    await other.execute(sql)
    await other.close()


async def _define(sql: str) -> None:
    await elsewhere(_url[0], DEFINITION.format(sql=sql))


@pytest.fixture
async def url(empty_database_url: str) -> str:
    """A database with what the ways need."""
    await elsewhere(empty_database_url, TABLES)
    _url[:] = [empty_database_url]
    return empty_database_url


@pytest.mark.only("postgres")
@pytest.mark.parametrize("reset", ["touched", "always"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_the_next_user_of_a_session_finds_nothing_of_the_last(
    url: str, way: Way, reset: Literal["touched", "always"]
) -> None:
    found = []
    async with library(url, pooler=None, max_size=1, command_timeout=None, reset=reset) as using:
        client: Any = get_connection(using)
        for name, (leave, check) in LEFT.items():
            await Author.all().count()  # a statement that asyncpg has prepared
            with suppress(Exception):  # not every way can leave everything
                await way(client, leave)
            (row,) = await client.execute_query_dict(f"{check} AS left")
            count = await Author.all().count()
            if row["left"] or count or await slots_in_use(using):
                found.append((name, row["left"], count))

    assert found == []


@pytest.mark.only("postgres")
async def test_what_is_left_shows_in_a_session_that_is_not_reset(url: str) -> None:
    """The test above can fail."""
    unseen = []
    for name, (leave, check) in LEFT.items():
        session = await asyncpg.connect(
            url, statement_cache_size=0, server_settings={"statement_timeout": "5s", "lock_timeout": "3s"}
        )
        assert not await session.fetchval(check)
        await session.execute(leave)
        if not await session.fetchval(check):
            unseen.append(name)
        await session.close()

    assert unseen == ["lost statements", "lost session"]


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    "leave", ["SELECT setseed(0.5)", "SET seed = 0.5", "/* why */ LOAD 'plpgsql'", "DISCARD ALL", "DEALLOCATE ALL"]
)
async def test_a_session_that_no_reset_undoes_is_closed(url: str, leave: str) -> None:
    async with library(url, pooler=None, max_size=1) as using:
        client = get_connection(using)
        (before,) = await client.execute_query_dict("SELECT pg_backend_pid() AS session")
        await client.execute_script(leave)
        (after,) = await client.execute_query_dict("SELECT pg_backend_pid() AS session")

        assert before != after
        assert await slots_in_use(using) == 0


@pytest.mark.only("postgres")
async def test_a_codec_that_is_set_for_one_user_is_gone_for_the_next(url: str) -> None:
    async with library(url, pooler=None, max_size=1) as using:
        client: Any = get_connection(using)
        async with client.acquire_connection() as session:
            await session.set_type_codec("int4", schema="pg_catalog", encoder=str, decoder=lambda _: "changed")
            assert await session.fetchval("SELECT 1") == "changed"

        (row,) = await client.execute_query_dict("SELECT 1 AS number")
        assert row["number"] == 1


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    ("definition", "resets"),
    [
        ("LANGUAGE plpgsql AS 'BEGIN PERFORM set_config(''a.b'', ''1'', false); END'", True),
        ("LANGUAGE plpgsql AS 'BEGIN SET a.b = 1; END'", True),
        ("LANGUAGE plpgsql AS 'BEGIN IF true THEN SET ROLE pg_monitor; END IF; END'", True),
        ("LANGUAGE plpgsql AS 'BEGIN CREATE TEMP TABLE kit_left (id int); END'", True),
        ("LANGUAGE plpgsql AS 'BEGIN EXECUTE current_setting(''a.b''); END'", True),
        ("LANGUAGE sql AS 'SELECT pg_advisory_lock(1)'", True),
        ("LANGUAGE sql BEGIN ATOMIC SELECT pg_try_advisory_lock_shared(1); END", True),
        ("LANGUAGE plpgsql AS 'BEGIN UPDATE kit_authors SET name = name; END'", False),
        ("LANGUAGE plpgsql AS 'BEGIN SET LOCAL a.b = 1; END'", False),
        ("LANGUAGE sql AS 'SELECT pg_advisory_xact_lock(1)'", False),
        ("LANGUAGE sql SET search_path = public AS 'DELETE FROM kit_authors'", False),
    ],
)
async def test_a_database_with_functions_that_may_change_sessions_has_them_all_reset(
    empty_database_url: str, caplog: pytest.LogCaptureFixture, definition: str, *, resets: bool
) -> None:
    async with library(empty_database_url, pooler=None, max_size=1) as using:
        client: Any = get_connection(using)
        await elsewhere(empty_database_url, f"CREATE FUNCTION kit_change() RETURNS void {definition}")
        await client._pool.expire_connections()
        await Author.all().count()

        assert client._pool.always_reset is resets
        assert ("Functions of the database may change sessions" in caplog.text) is resets


@pytest.mark.only("postgres")
async def test_no_function_that_counts_as_harmless_changes_a_session(url: str) -> None:
    other = await asyncpg.connect(url)
    rows = await other.fetch(
        "SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v' AND proname = ANY ($1::text[])",
        sorted(HARMLESS_CALLS),
    )
    await other.close()

    assert {row["proname"] for row in rows} <= {
        "clock_timestamp",
        "gen_random_uuid",
        "pg_advisory_xact_lock",
        "pg_advisory_xact_lock_shared",
        "pg_current_wal_lsn",
        "pg_is_in_recovery",
        "pg_last_wal_replay_lsn",
        "pg_notify",
        "pg_relation_size",
        "pg_sleep",
        "pg_total_relation_size",
        "pg_try_advisory_xact_lock",
        "pg_try_advisory_xact_lock_shared",
        "random",
        "uuidv4",
        "uuidv7",
    }


@pytest.mark.parametrize(
    ("statement", "touch"),
    [
        ("SET search_path = x", Touch.SESSION),
        ("SELECT 1; SET x.y = 1", Touch.SESSION),
        ("SELECT 'a''b--'; SET x.y = 1", Touch.SESSION),
        ("/* why */ SET x.y = 1", Touch.SESSION),
        ("SELECT pg_catalog.set_config('x.y', '1', false)", Touch.SESSION),
        ("SELECT set_config/**/('x.y', '1', false)", Touch.SESSION),
        ("SELECT \"set_config\" ('x.y', '1', false)", Touch.SESSION),
        ("SELECT sales.lower('A')", Touch.SESSION),
        ("EXPLAIN ANALYZE SELECT unknown()", Touch.SESSION),
        ("WITH x AS (SELECT unknown()) SELECT * FROM x", Touch.SESSION),
        ("SELECT E'\\'--', set_config('x.y', '1', false)", Touch.SCHEMA),
        ("DO $$ BEGIN PERFORM 1; END $$", Touch.SCHEMA),
        ("CREATE TABLE t (id int)", Touch.SCHEMA),
        ("SELECT 1; LOAD 'x'", Touch.BEYOND_RESET),
        ("SET LOCAL x.y = 1", Touch.NOTHING),
        ("SET TRANSACTION READ ONLY", Touch.NOTHING),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY", Touch.NOTHING),
        ("SAVEPOINT s; RELEASE SAVEPOINT s", Touch.NOTHING),
        ("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", Touch.NOTHING),
        ('INSERT INTO "sales"."orders" ("id") VALUES ($1) ON CONFLICT ("id") DO NOTHING', Touch.NOTHING),
        ('SELECT COUNT(*), LOWER("name") FROM "t" WHERE "id" IN (1, 2) GROUP BY LOWER("name")', Touch.NOTHING),
        (
            "INSERT INTO t SELECT a FROM unnest($1::bigint[]) WITH ORDINALITY AS given (a, at) ORDER BY at",
            Touch.NOTHING,
        ),
        ("SELECT 1 /* trace */;", Touch.NOTHING),
        ("WITH RECURSIVE tree(id, depth) AS (SELECT 1, 0 UNION ALL SELECT id, 1 FROM tree) TABLE tree", Touch.NOTHING),
        ("EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1", Touch.NOTHING),
        ("SELECT 1 WHERE array_to_tsvector(string_to_array(a, ' ')) @@ CAST($1 AS tsquery)", Touch.NOTHING),
    ],
)
def test_statements_that_touch_a_session_are_recognized(statement: str, touch: Touch) -> None:
    assert touch_of(statement) is touch


# --- SQLite

LEFT_IN_SQLITE: dict[str, tuple[str, str]] = {
    "temporary table": ("CREATE TEMP TABLE kit_left (id int)", "SELECT count(*) FROM temp.sqlite_master"),
    "temporary view": ("CREATE TEMPORARY VIEW kit_left AS SELECT 1", "SELECT count(*) FROM temp.sqlite_master"),
    "temporary by schema": ("CREATE TABLE temp.kit_left (id int)", "SELECT count(*) FROM temp.sqlite_master"),
    "temporary trigger": (
        "CREATE TEMP TRIGGER kit_left AFTER INSERT ON kit_authors BEGIN SELECT 1; END",
        "SELECT count(*) FROM temp.sqlite_master",
    ),
    "shadowed table": ("CREATE TEMP TABLE kit_authors (id int)", "SELECT count(*) FROM temp.sqlite_master"),
    "attached file": (
        "ATTACH ':memory:' AS kit_left",
        "SELECT count(*) FROM pragma_database_list WHERE name = 'kit_left'",
    ),
    "foreign keys": ("PRAGMA foreign_keys = OFF", "SELECT foreign_keys = 0 FROM pragma_foreign_keys"),
    "quoted pragma": ('PRAGMA main."foreign_keys"(0)', "SELECT foreign_keys = 0 FROM pragma_foreign_keys"),
    "cache": ("pragma cache_size=10", "SELECT cache_size = 10 FROM pragma_cache_size"),
    "read-only": ("PRAGMA query_only = 1", "SELECT query_only FROM pragma_query_only"),
    "case": ("PRAGMA case_sensitive_like = OFF", "SELECT 'a' LIKE 'A'"),
    "open transaction": ("BEGIN", ""),
}


async def function(client: Any, _sql: str) -> None:
    async with client.acquire_connection() as session:
        await session.create_function("kit_left", 0, int)
        await session.execute("PRAGMA case_sensitive_like = OFF")


SQLITE_WAYS: list[Way] = [query, script, commented, committed, nested, rolled_back, raw, function]


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("memory", [False, True], ids=["file", "memory"])
@pytest.mark.parametrize("way", SQLITE_WAYS, ids=lambda way: way.__name__)
async def test_the_next_user_of_the_sqlite_session_finds_nothing_of_the_last(
    empty_database_url: str, way: Way, *, memory: bool
) -> None:
    found = []
    async with library("sqlite://:memory:" if memory else empty_database_url) as using:
        client: Any = get_connection(using)
        await Author.create(name="Ann")
        for name, (leave, check) in LEFT_IN_SQLITE.items():
            with suppress(Exception):
                await way(client, leave)
            assert await slots_in_use(using) == 0
            left = bool((await client.execute_query(check))[1][0][0]) if check else client._connection.in_transaction
            with suppress(OperationalError):
                await client.execute_query("SELECT kit_left()")
                left = True
            if left or await Author.all().count() != 1:
                found.append(name)

    assert found == []


@pytest.mark.only("sqlite")
async def test_what_is_left_shows_in_an_sqlite_session_that_is_not_reset(empty_database_url: str) -> None:
    unseen = []
    for name, (leave, check) in LEFT_IN_SQLITE.items():
        async with library("sqlite://:memory:") as using:
            client: Any = get_connection(using)
            client.resets_sessions = False
            await client.execute_query(leave)
            left = bool((await client.execute_query(check))[1][0][0]) if check else client._connection.in_transaction
            if not left:
                unseen.append(name)

    assert unseen == []


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "PRAGMA table_info(kit_authors)",
        "PRAGMA foreign_keys",
        "CREATE TABLE kit_x (attach int)",
        "BEGIN; END",
    ],
)
async def test_an_untouched_sqlite_session_stays(empty_database_url: str, statement: str) -> None:
    async with library(empty_database_url) as using:
        client: Any = get_connection(using)
        await client.execute_query("SELECT 1")
        before = client._connection
        await client.execute_script(statement)

        assert client._connection is before
        assert not before.touched
