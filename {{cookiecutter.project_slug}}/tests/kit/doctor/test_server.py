"""Faults of a server and its roles, on a server for these tests; and a healthy service, on both databases."""

import json
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.settings import PROJECT_FILE
from tests.kit.chaos.replica import caught_up, pause, replica_of, resume
from tests.kit.chaos.server import Server, running
from tests.kit.doctor.examinations import cure, examined, found, run_sql
from tests.support.processes import run, run_app
from tortoise_kit.db.config import PoolSettings
from tortoise_kit.db.errors import ConnectionLost
from tortoise_kit.development.testing import execute, new_postgres_database
from tortoise_kit.doctor import postgres_sessions
from tortoise_kit.doctor.findings import KINDS

PAGE = PROJECT_FILE.parent / "docs" / "operations.md"
ROLE = "doctor_service"
NO_LIMITS = PoolSettings(statement_timeout=None, idle_in_transaction_timeout=None)
# By setting: what plants the fault, and where the server then says that the value comes from.
SETTINGS = {
    "fsync": ("ALTER SYSTEM SET fsync = off", "configuration file"),
    "full_page_writes": ("ALTER SYSTEM SET full_page_writes = off", "configuration file"),
    "autovacuum": ("ALTER SYSTEM SET autovacuum = off", "configuration file"),
    "track_counts": ("ALTER SYSTEM SET track_counts = off", "configuration file"),
    "zero_damaged_pages": ("ALTER SYSTEM SET zero_damaged_pages = on", "configuration file"),
    "ignore_checksum_failure": ("ALTER SYSTEM SET ignore_checksum_failure = on", "configuration file"),
    "synchronous_commit": ("ALTER ROLE postgres SET synchronous_commit = off", "user"),
}


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with running("durable") as started:
        yield started


@pytest.fixture
async def url(server: Server) -> AsyncGenerator[str]:
    async with new_postgres_database(server.url) as url:
        yield url


@pytest.fixture
async def service_url(server: Server, url: str) -> AsyncGenerator[str]:
    """The same database, for a role that may only log in."""
    await server.query(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'secret'")
    parts = urlsplit(url)
    yield parts._replace(netloc=f"{ROLE}:secret@{parts.hostname}:{parts.port}").geturl()
    await server.query(f"DROP ROLE {ROLE}")


@pytest.mark.parametrize("setting", SETTINGS)
async def test_a_setting_that_can_lose_data_is_found_and_its_remedy_restores_it(
    server: Server, url: str, setting: str
) -> None:
    plant, source = SETTINGS[setting]
    assert await found(url, "unsafe-server-setting") == []
    await run_sql(url, (plant, "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)"))

    (one,) = await found(url, "unsafe-server-setting")

    assert one.subject == setting
    assert f"({source}): " in one.seen
    await cure(url, one)
    await run_sql(url, ("SELECT pg_sleep(0.2)",))
    assert await found(url, "unsafe-server-setting") == []
    await server.query(f"ALTER SYSTEM RESET {setting}")


@pytest.mark.parametrize("of", ["DATABASE {database}", "ROLE postgres IN DATABASE {database}"])
async def test_a_setting_of_a_database_is_reset_there(url: str, of: str) -> None:
    name = of.format(database=url.rpartition("/")[2])
    await run_sql(url, (f"ALTER {name} SET synchronous_commit = off",))

    (one,) = await found(url, "unsafe-server-setting")

    assert one.remedy.startswith(f"ALTER {of.split(maxsplit=1)[0]} ")
    await cure(url, one)
    assert await found(url, "unsafe-server-setting") == []


@pytest.mark.only("postgres")
async def test_a_setting_of_the_command_line_can_only_be_changed_there(empty_database_url: str) -> None:
    lines = {each.subject: each.remedy for each in await found(empty_database_url, "unsafe-server-setting")}

    assert {name: lines.get(name) for name in lines} == {name: f"postgres -c {name}=on" for name in lines}, (
        "the suite's server has all of them there"
    )


async def test_a_role_without_limits_of_time_is_found_and_gets_those_of_the_pool(
    server: Server, service_url: str
) -> None:
    kinds = await found(service_url, "no-time-limit")
    assert kinds == [], "the service's sessions have those of its pool"

    limits = await found(service_url, "no-time-limit", pool=NO_LIMITS)

    assert [each.subject for each in limits] == ["idle_in_transaction_session_timeout", "statement_timeout"]
    for each in limits:
        await cure(server.url, each)
    assert await found(service_url, "no-time-limit", pool=NO_LIMITS) == []
    assert await execute(service_url, "SHOW statement_timeout") == [("5s",)]


async def test_a_role_that_does_not_see_others_is_told_the_right_and_the_other_checks_go_on(
    server: Server, url: str, service_url: str
) -> None:
    await run_sql(url, ("CREATE TABLE a (b int)", "CREATE INDEX one ON a (b)", "CREATE INDEX two ON a (b)"))

    report = await examined(service_url)

    (line,) = [line for line in report.unchecked if "GRANT" in line]
    assert line.startswith("sessions and statements of other roles: ")
    assert "duplicate-index" in {each.kind for each in report.findings}
    await server.query(line.partition("`")[2].partition("`")[0])
    assert not [line for line in (await examined(service_url)).unchecked if "GRANT" in line]


async def test_a_check_that_lacks_a_right_is_named_and_the_others_go_on(
    url: str, service_url: str, server: Server
) -> None:
    await run_sql(url, ("REVOKE EXECUTE ON FUNCTION pg_blocking_pids(int) FROM PUBLIC",))

    report = await examined(service_url)

    assert [line.partition(":")[0] for line in report.unchecked if "permission denied" in line] == [
        "locks",
        "open transactions",
    ]


async def test_a_check_that_takes_too_long_is_named_and_the_others_go_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_sessions, "CONNECTIONS", "SELECT pg_sleep(60)")
    monkeypatch.setattr("tortoise_kit.doctor.examination.LIMITS", "SET LOCAL statement_timeout = '100ms'")

    report = await examined(url)

    assert "connections: it took too long." in report.unchecked
    assert not [line for line in report.unchecked if line.startswith("pools: ")]


async def test_a_check_that_waits_too_long_is_named_and_the_others_go_on(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tortoise_kit.doctor.examination.CHECK_SECONDS", 0.5)
    monkeypatch.setattr(postgres_sessions, "CONNECTIONS", "SELECT pg_sleep(2)")

    report = await examined(url)

    assert report.unchecked[0] == "connections: it took too long."
    assert not [line for line in report.unchecked if line.startswith("pools: ")]


async def test_a_check_cannot_write(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await run_sql(url, ("CREATE TABLE a (id int)",))
    monkeypatch.setattr(postgres_sessions, "CONNECTIONS", "INSERT INTO a VALUES (1) RETURNING 1, 1, 1")

    (line,) = [line for line in (await examined(url)).unchecked if line.startswith("connections: ")]

    assert "takes no writes" in line
    assert await execute(url, "SELECT count(*) FROM a") == [(0,)]


async def test_a_replica_that_lags_stands_alone_or_is_away_is_found(server: Server, url: str) -> None:
    with replica_of(server) as replica:
        await caught_up(server, replica)
        other = urlsplit(url)._replace(netloc=urlsplit(replica.url).netloc).geturl()
        watched: dict[str, Any] = {"replica_url": other, "replica_max_lag": 0.5}
        assert [each for each in (await examined(url, **watched)).findings if "replica" in each.kind] == []

        await pause(replica)
        await run_sql(url, ("CREATE TABLE big AS SELECT generate_series(1, 100000) AS i",))
        (lag,) = await found(url, "replica-lag", **watched)
        assert "MiB of the log that the primary had 0.5 s ago" in lag.seen
        await execute(other, *lag.remedy.splitlines())
        await caught_up(server, replica)
        assert await found(url, "replica-lag", **watched) == []
        await resume(replica)

        await replica.stop()
        (away,) = await found(url, "replica-unusable", **watched)
        assert "cannot be reached" in away.seen
    (primary,) = await found(url, "replica-unusable", replica_url=url)
    assert "It is no standby" in primary.seen
    assert primary.remedy == "DATABASE_REPLICA_URL="


async def test_an_index_that_only_the_replica_uses_is_used(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tortoise_kit.doctor.postgres_indexes.UNUSED_SECONDS_MIN", 0.0)
    monkeypatch.setattr("tortoise_kit.doctor.postgres_indexes.UNUSED_BYTES_MIN", 0)
    await run_sql(url, ("CREATE TABLE a (b int)", "CREATE INDEX only_there ON a (b)"))
    with replica_of(server) as replica:
        await caught_up(server, replica)
        other = urlsplit(url)._replace(netloc=urlsplit(replica.url).netloc).geturl()
        assert [each.subject for each in await found(url, "unused-index", replica_url=other)] == ["only_there"]

        await execute(
            other, "SET enable_seqscan = off", "SELECT * FROM a WHERE b = 1", "SELECT pg_stat_force_next_flush()"
        )

        assert await found(url, "unused-index", replica_url=other) == []
        await execute(other, "SELECT pg_stat_reset()")
        await replica.stop()
        report = await examined(url, replica_url=other)
        assert [line for line in report.unchecked if line.startswith("unused indexes: The replica may use them")]
        assert "replica-unusable" in {each.kind for each in report.findings}


async def test_a_database_that_is_away_is_an_error() -> None:
    with pytest.raises(ConnectionLost):
        await examined("postgres://nobody@127.0.0.1:1/nowhere")


async def assert_healthy(url: str) -> None:
    await run("migrations", "upgrade", database_url=url)
    await run("seed", "--size", "300", database_url=url)

    ended = await run_app(url, "doctor")
    as_json = await run_app(url, "doctor", "--json")

    assert (ended.returncode, ended.stdout.decode(), ended.stderr.decode()) == (0, "The database is healthy.\n", "")
    assert (as_json.returncode, json.loads(as_json.stdout)) == (0, [])


async def test_a_healthy_service_on_postgres_has_no_findings(url: str) -> None:
    await run_sql(url, ("CREATE EXTENSION pg_stat_statements",))

    await assert_healthy(url)


async def test_a_healthy_service_on_sqlite_has_no_findings(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.touch(mode=0o600)

    await assert_healthy(f"sqlite://{path}")


def test_the_page_lists_each_kind_with_its_severity() -> None:
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    listed = {row[1].strip(" `"): row[2].strip() for row in rows if len(row) == 6}

    assert listed == {kind: severity.value for kind, severity in KINDS.items()}
