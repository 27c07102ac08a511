"""`doctor` prints what is wrong with the database, and its exit code says so."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.support.processes import run_app, upgrade
from tortoise_kit.development.testing import execute

DRIFT = "CREATE INDEX by_hand ON users (email)"
NOWHERE = "postgres://nobody:secret@127.0.0.1:1/nowhere"


@pytest.mark.slow
async def test_a_finding_is_printed_with_its_remedy_and_gone_after_it(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    await execute(empty_database_url, DRIFT)

    printed = await run_app(empty_database_url, "doctor")
    as_json = await run_app(empty_database_url, "doctor", "--json")

    assert (printed.returncode, as_json.returncode) == (1, 1), printed.stderr
    [one] = [each for each in json.loads(as_json.stdout) if each["kind"] == "schema-drift"]
    assert set(one) == {"kind", "severity", "subject", "seen", "remedy"}
    assert one["subject"] == "by_hand"
    assert "by_hand" in one["seen"]
    text = printed.stdout.decode()
    assert f"error: schema-drift: {one['subject']}\n  {one['seen']}\n    {one['remedy']}\n" in text + "\n"
    await execute(empty_database_url, *one["remedy"].splitlines())
    again = await run_app(empty_database_url, "doctor")
    assert "schema-drift" not in again.stdout.decode()


@pytest.mark.slow
async def test_of_two_equal_indexes_the_one_in_the_migrations_stays(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    before = await run_app(empty_database_url, "doctor", "--json")
    await execute(empty_database_url, "CREATE INDEX a_by_hand ON users (role, created_at, id)")
    ended = await run_app(empty_database_url, "doctor", "--json")

    healthy, found = json.loads(before.stdout), json.loads(ended.stdout)
    new = [each for each in found if each not in healthy]
    assert [(each["kind"], each["subject"]) for each in new] == [("schema-drift", "a_by_hand")]
    assert "a_by_hand" in new[0]["remedy"]


@pytest.mark.slow
async def test_an_sqlite_file_keeps_its_journal_while_it_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    await upgrade(f"sqlite://{path}")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    database.close()
    path.chmod(0o600)

    ended = await run_app(f"sqlite://{path}", "doctor", "--json")

    assert [each["kind"] for each in json.loads(ended.stdout)] == ["journal-mode"], ended.stderr
    assert await execute(f"sqlite://{path}", "PRAGMA journal_mode") == [("delete",)]


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--json",)])
async def test_a_database_that_is_away_is_reported_in_one_line(options: tuple[str, ...]) -> None:
    ended = await run_app(NOWHERE, "doctor", *options)

    assert ended.returncode == 2
    assert json.loads(ended.stdout).keys() == {"not_examined"} if options else ended.stdout == b""
    assert b"secret" not in ended.stdout
    assert ended.stderr.startswith(b"Not examined: The database cannot be used: ")
    assert ended.stderr.count(b"\n") == 1
    assert b"secret" not in ended.stderr
