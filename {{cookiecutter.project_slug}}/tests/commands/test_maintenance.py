"""`cleanup` and `slow-queries`, whatever features there are."""

import re
from datetime import timedelta

import pytest

from app.accounts.models import RefreshToken
from app.cli.maintenance import show
from tests.accounts.factories import begin, make_user
from tests.support.processes import run_app
from tortoise_kit.development.testing import count_statements
from tortoise_kit.sql import StatementStatistics


@pytest.mark.slow
async def test_a_dry_run_counts_expired_rows_and_a_run_deletes_them(db: None, session_database_url: str) -> None:
    for _ in range(5):
        await begin(await make_user(), -timedelta(seconds=1))
    await begin(await make_user())

    dry = await run_app(session_database_url, "cleanup", "--dry-run")
    left_by_dry = await RefreshToken.all().count()
    wet = await run_app(session_database_url, "cleanup", "--batch", "2")

    assert (dry.returncode, wet.returncode) == (0, 0), wet.stderr
    assert b"Would delete 5 expired refresh tokens.\n" in dry.stdout
    assert b"Deleted 5 expired refresh tokens.\n" in wet.stdout
    assert (left_by_dry, await RefreshToken.all().count()) == (6, 1)


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_a_database_without_migrations_is_reported_in_one_line(empty_database_url: str) -> None:
    ended = await run_app(empty_database_url, "cleanup")

    assert ended.returncode == 1
    assert re.fullmatch(rb"Not cleaned up: [^\n]+\n", ended.stderr)


@pytest.mark.slow
async def test_without_statistics_one_line_says_how_to_enable_them(empty_database_url: str, database: str) -> None:
    ended = await run_app(empty_database_url, "slow-queries")

    remedy = "Set DATABASE_URL to a Postgres" if database == "sqlite" else "CREATE EXTENSION"
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(b"No statistics: ")
    assert remedy in ended.stderr.decode()


@pytest.mark.slow
@pytest.mark.only("postgres")
async def test_statistics_are_printed_as_a_table(empty_database_url: str) -> None:
    counted = "SELECT oid AS counted FROM pg_class LIMIT 2"
    await count_statements(empty_database_url, *[counted] * 3)

    ended = await run_app(empty_database_url, "slow-queries", "--by", "calls", "--limit", "50", COLUMNS=200)

    assert ended.returncode == 0, ended.stderr
    [line] = [line for line in ended.stdout.decode().splitlines() if "AS counted" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert (cells[0], cells[3], cells[5]) == ("3", "6", "SELECT oid AS counted FROM pg_class LIMIT ?")


def test_brackets_in_sql_are_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show([StatementStatistics("SELECT ?::int[], [bold]", 2, 1.234, 2345.6, 1000, 5)])

    printed = capsys.readouterr().out
    assert "[bold]" in printed
    assert "1.23" in printed
    assert "2,346" in printed
