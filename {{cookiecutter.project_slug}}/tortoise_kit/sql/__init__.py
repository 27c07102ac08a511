"""SQL: conditions that Tortoise lacks, recorded and counted queries, and the server's statistics of statements.

SQLCondition             SQL with one column and one value as a filter: `Book.filter(SQLCondition(…))`
first                    `await first(queryset)`: one model or None, with SQL that is built only once
reading_client           the client for handwritten SELECTs of a model's table: a replica's, or the open transaction's
recorded_queries         `with recorded_queries() as log:` each statement of the block, its seconds, rows and code line
query_budget             `with query_budget(3):` raises QueryBudgetError when the block sends more queries
worst_statements         the most expensive statements by Postgres' pg_stat_statements, as StatementStatistics;
                         raises StatisticsMissing where there are none
"""

from tortoise_kit.sql.compiled import first
from tortoise_kit.sql.conditions import SQLCondition
from tortoise_kit.sql.identifiers import reading_client
from tortoise_kit.sql.recording import query_budget, recorded_queries
from tortoise_kit.sql.statistics import StatementStatistics, StatisticsMissing, worst_statements

__all__ = [
    "SQLCondition",
    "StatementStatistics",
    "StatisticsMissing",
    "first",
    "query_budget",
    "reading_client",
    "recorded_queries",
    "worst_statements",
]
