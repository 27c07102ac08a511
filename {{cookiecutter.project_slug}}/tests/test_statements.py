import os
import sys
from subprocess import CompletedProcess

import anyio
import pytest

from app.cli.statements import show
from app.kit.statement_statistics import NO_EXTENSION, NOT_POSTGRES, StatementStatistics
from app.settings import PROJECT_FILE
from tests.counted_statements import EXTENSION, count_statements


async def run(database_url: str, *arguments: str) -> CompletedProcess[bytes]:
    with anyio.fail_after(60):
        return await anyio.run_process(
            [sys.executable, "-m", "app", "statements", *arguments],
            check=False,
            cwd=PROJECT_FILE.parent,
            env={**os.environ, "DATABASE_URL": database_url, "COLUMNS": "200"},
        )


async def test_without_statistics_one_line_says_how_to_get_them(empty_database_url: str, database: str) -> None:
    ended = await run(empty_database_url)

    missing = NOT_POSTGRES if database == "sqlite" else NO_EXTENSION
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.decode().strip() == f"No statistics: {missing}"


@pytest.mark.only("postgres")
async def test_with_statistics_a_table_is_printed(empty_database_url: str) -> None:
    counted = "SELECT oid AS counted FROM pg_class LIMIT 2"
    await count_statements(empty_database_url, EXTENSION, *[counted] * 3)

    ended = await run(empty_database_url, "--by", "calls", "--limit", "50")

    assert ended.returncode == 0, ended.stderr
    [line] = [line for line in ended.stdout.decode().splitlines() if "AS counted" in line]
    cells = [cell.strip() for cell in line.strip("│").split("│")]
    assert (cells[0], cells[3], cells[5]) == ("3", "6", "SELECT oid AS counted FROM pg_class LIMIT ?")


def test_brackets_in_sql_are_printed_and_not_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    show([StatementStatistics("SELECT ?::int[], [bold]", 2, 1.234, 2345.6, 1000, 5)])

    printed = capsys.readouterr().out
    assert "[bold]" in printed
    assert "1.23" in printed
    assert "2,346" in printed
