"""What Postgres has counted for each statement, from its extension `pg_stat_statements`."""

from dataclasses import dataclass
from typing import Literal

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException

from tortoise_kit.sql.fingerprints import fingerprint
from tortoise_kit.sql.parsing import quoted

type SortKey = Literal["total", "mean", "calls"]

NOT_POSTGRES = "Only Postgres has statement statistics; this database is SQLite. Set DATABASE_URL to a Postgres."
NO_EXTENSION = (
    "This database has no statement statistics: run `CREATE EXTENSION pg_stat_statements` in it as a superuser."
)
NOT_LOADED = (
    "The server counts no statements: set `shared_preload_libraries = 'pg_stat_statements'` in postgresql.conf and "
    "restart it."
)
_NOT_LOADED_STATE = "55000"  # object_not_in_prerequisite_state: PostgreSQL manual, appendix A

EXTENSION_SCHEMA = """
SELECT nspname AS name FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
WHERE extname = 'pg_stat_statements'
"""
_STATEMENTS = """
SELECT query, sum(calls)::bigint AS calls, sum(total_exec_time) AS total, sum(total_exec_time) / sum(calls) AS mean,
    sum(rows)::bigint AS rows, sum(shared_blks_hit + shared_blks_read)::bigint AS blocks
FROM {schema}.pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
GROUP BY queryid, query HAVING sum(calls) > 1
ORDER BY {order} DESC, query LIMIT $1
"""


class StatisticsMissing(Exception):
    """There are no statistics; the message says in one line how to get them."""


@dataclass(frozen=True)
class StatementStatistics:
    """One statement since the statistics were last reset, by all roles.

    Attributes:
        statement: The SQL on one line, without values.
        calls: How often it ran, 2 or more.
        mean_milliseconds: Mean time of a run on the server, without the network.
        total_milliseconds: Time of all runs.
        rows: How many rows all runs returned or changed.
        blocks: How many blocks of 8 kB all runs read, from memory or from disk.
    """

    statement: str
    calls: int
    mean_milliseconds: float
    total_milliseconds: float
    rows: int
    blocks: int


async def worst_statements(db: BaseDBAsyncClient, *, limit: int, order: SortKey = "total") -> list[StatementStatistics]:
    """The statements that ran more than once in this database, the most expensive first.

    Args:
        db: A connection; its statement timeout applies.
        limit: The most statements to return, 1 or more.
        order: What to sort by: `total` time, `mean` time or number of `calls`.

    Raises:
        StatisticsMissing: The database is not Postgres, or the server does not count statements.
    """
    if db.capabilities.dialect != "postgres":
        raise StatisticsMissing(NOT_POSTGRES)
    schemas = await db.execute_query_dict(EXTENSION_SCHEMA)
    if not schemas:
        raise StatisticsMissing(NO_EXTENSION)
    query = _STATEMENTS.format(schema=quoted(schemas[0]["name"]), order=order)
    try:
        rows = await db.execute_query_dict(query, [limit])
    except BaseORMException as error:
        if getattr(error.__cause__, "sqlstate", None) == _NOT_LOADED_STATE:
            raise StatisticsMissing(NOT_LOADED) from error
        raise
    return [
        StatementStatistics(
            fingerprint(row["query"]), row["calls"], row["mean"], row["total"], row["rows"], row["blocks"]
        )
        for row in rows
    ]
