import pytest
from tortoise.connection import get_connection

from tests.kit.library import Author, library
from tortoise_kit.db.errors import DatabaseError
from tortoise_kit.development.testing import count_statements
from tortoise_kit.sql.statistics import (
    NO_EXTENSION,
    NOT_LOADED,
    NOT_POSTGRES,
    SortKey,
    StatementStatistics,
    StatisticsMissing,
    worst_statements,
)


def of(table: str, found: list[StatementStatistics]) -> list[StatementStatistics]:
    return [each for each in found if table in each.statement and each.statement.startswith("SELECT")]


@pytest.mark.only("postgres")
async def test_the_most_expensive_repeated_statements_are_returned_with_their_costs(empty_database_url: str) -> None:
    await count_statements(empty_database_url)
    async with library(empty_database_url) as using:
        for number in range(3):
            await Author.create(name=f"canary {number}")
        await Author.filter(name="canary 1").first()
        for count in range(1, 5):
            await Author.filter(name__in=[f"canary {number}" for number in range(3)]).order_by("id").limit(count)

        found = await worst_statements(get_connection(using), limit=100)

        [statement] = [each for each in of("kit_authors", found) if "IN (?)" in each.statement]
        assert (statement.calls, statement.rows) == (4, 1 + 2 + 3 + 3)
        assert statement.blocks >= 4
        assert statement.total_milliseconds == pytest.approx(4 * statement.mean_milliseconds)
        assert len(of("kit_authors", found)) == 1, "the other one ran once"
        assert "canary" not in repr(found)


@pytest.mark.only("postgres")
async def test_statements_are_sorted_by_total_time_mean_or_calls_up_to_the_limit(empty_database_url: str) -> None:
    await count_statements(empty_database_url)
    async with library(empty_database_url) as using:
        connection = get_connection(using)
        for _ in range(9):
            await connection.execute_query("SELECT 1 AS often")
        for _ in range(2):
            await connection.execute_query("SELECT pg_sleep(0.02) AS slow")

        keys = {"total": "total_milliseconds", "mean": "mean_milliseconds", "calls": "calls"}
        orders: tuple[SortKey, ...] = ("total", "mean", "calls")
        for order in orders:
            found = await worst_statements(connection, limit=100, order=order)
            values = [getattr(each, keys[order]) for each in found]
            assert values == sorted(values, reverse=True)
            assert len(await worst_statements(connection, limit=1, order=order)) == 1


@pytest.mark.only("postgres")
async def test_an_extension_in_another_schema_is_found(empty_database_url: str) -> None:
    await count_statements(
        empty_database_url,
        'CREATE SCHEMA "Odd"; CREATE EXTENSION pg_stat_statements SCHEMA "Odd"; SET search_path = "Odd"',
    )
    async with library(empty_database_url) as using:
        await worst_statements(get_connection(using), limit=1)


async def test_the_error_says_how_to_get_statistics(empty_database_url: str, database: str) -> None:
    async with library(empty_database_url) as using:
        with pytest.raises(StatisticsMissing) as raised:
            await worst_statements(get_connection(using), limit=1)

    assert str(raised.value) == (NOT_POSTGRES if database == "sqlite" else NO_EXTENSION)


@pytest.mark.only("postgres")
async def test_a_server_that_does_not_count_is_distinguished_from_one_that_fails(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same refusal as the extension's own: its view stands for it, since the library is loaded here."""
    refusing = (
        "CREATE FUNCTION refuse() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '{state}'; END $$;"
        "CREATE SCHEMA refusing; CREATE VIEW refusing.pg_stat_statements AS SELECT refuse() AS queryid, '' AS query,"
        " 1 AS calls, 1.0 AS total_exec_time, 1 AS rows, 1 AS shared_blks_hit, 1 AS shared_blks_read, oid AS dbid"
        " FROM pg_database"
    )
    monkeypatch.setattr("tortoise_kit.sql.statistics.EXTENSION_SCHEMA", "SELECT 'refusing' AS name")
    async with library(empty_database_url) as using:
        connection = get_connection(using)
        await connection.execute_script(refusing.format(state="55000"))
        with pytest.raises(StatisticsMissing, match="shared_preload_libraries") as raised:
            await worst_statements(connection, limit=1)
        assert str(raised.value) == NOT_LOADED

        await connection.execute_script(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS bigint LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE SQLSTATE '57014'; END $$"
        )
        with pytest.raises(DatabaseError):
            await worst_statements(connection, limit=1)
