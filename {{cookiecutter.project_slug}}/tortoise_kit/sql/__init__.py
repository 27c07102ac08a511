"""SQL: reports with typed rows, conditions that Tortoise lacks, recorded and counted queries, statistics of statements.

SQLCondition             SQL with one column and one value as a filter: `Book.filter(SQLCondition(…))`
get_by_key               `await get_by_key(User, 7)`: one model by its key or None, with SQL that needs no queryset
first                    `await first(queryset)`: one model or None, with SQL that is built only once
fetch_as                 `await fetch_as(Sale, query, …)`: rows of a report as Pydantic models, from `values()` or SQL
ByDialect                a piece of that SQL that the two databases write differently
recorded_queries         `with recorded_queries() as log:` each statement of the block, its seconds, rows and code line
query_budget             `with query_budget(3):` raises QueryBudgetError when the block sends more queries
worst_statements         the most expensive statements by Postgres' pg_stat_statements, as StatementStatistics;
                         raises StatisticsMissing where there are none
"""

from tortoise_kit.sql.budgets import query_budget
from tortoise_kit.sql.by_key import get_by_key
from tortoise_kit.sql.compiled import first
from tortoise_kit.sql.conditions import SQLCondition
from tortoise_kit.sql.recording import recorded_queries
from tortoise_kit.sql.statistics import StatementStatistics, StatisticsMissing, worst_statements
from tortoise_kit.sql.typed_rows import ByDialect, fetch_as

__all__ = [
    "ByDialect",
    "SQLCondition",
    "StatementStatistics",
    "StatisticsMissing",
    "fetch_as",
    "first",
    "get_by_key",
    "query_budget",
    "recorded_queries",
    "worst_statements",
]
