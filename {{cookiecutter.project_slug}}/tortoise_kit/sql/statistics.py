"""What Postgres itself has counted of each statement, in the extension `pg_stat_statements`."""

from dataclasses import dataclass
from typing import Literal

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException

from tortoise_kit.sql.fingerprints import shape_of
from tortoise_kit.sql.identifiers import quoted

type Order = Literal["total", "mean", "calls"]

NOT_POSTGRES = "Statement statistics are Postgres' own; this database is SQLite. Set DATABASE_URL to a Postgres."
NO_EXTENSION = (
    "This database has no statement statistics: run `CREATE EXTENSION pg_stat_statements` in it as a superuser."
)
NOT_LOADED = (
    "The server counts no statements: set `shared_preload_libraries = 'pg_stat_statements'` in postgresql.conf and "
    "restart it."
)
_NOT_LOADED_STATE = "55000"  # object_not_in_prerequisite_state: PostgreSQL manual, appendix A

_SCHEMA = """
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
    """There are no statistics; the message is one line that says how to get them."""


@dataclass(frozen=True)
class StatementStatistics:
    """One statement since the statistics were last reset, by all roles.

    Attributes:
        statement: Its shape, on one line and without values.
        calls: How often it was run, 2 or more.
        mean_milliseconds: Of one run, on the server; what the network takes is not in it.
        total_milliseconds: Of all runs.
        rows: Returned or changed by all runs.
        blocks: Of 8 kB, found in the server's memory or read into it, by all runs.
    """

    statement: str
    calls: int
    mean_milliseconds: float
    total_milliseconds: float
    rows: int
    blocks: int


async def worst_statements(db: BaseDBAsyncClient, *, limit: int, order: Order = "total") -> list[StatementStatistics]:
    """The statements that were run repeatedly in this database, the worst first.

    Args:
        db: A connection; its limit of one statement's time holds.
        limit: How many, 1 or more.
        order: What makes one worse: its time in `total` or in the `mean`, or its number of `calls`.

    Raises:
        StatisticsMissing: The database is no Postgres, or its statements are not counted.
    """
    if db.capabilities.dialect != "postgres":
        raise StatisticsMissing(NOT_POSTGRES)
    schemas = await db.execute_query_dict(_SCHEMA)
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
        StatementStatistics(shape_of(row["query"]), row["calls"], row["mean"], row["total"], row["rows"], row["blocks"])
        for row in rows
    ]
