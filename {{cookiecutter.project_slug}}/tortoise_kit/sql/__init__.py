"""SQL: conditions that Tortoise lacks, queries that are recorded and counted, statistics of the server."""

from tortoise_kit.sql.conditions import SQLCondition
from tortoise_kit.sql.identifiers import reading_client
from tortoise_kit.sql.recording import query_budget, recorded_queries
from tortoise_kit.sql.select import first
from tortoise_kit.sql.statistics import Order, StatementStatistics, StatisticsMissing, worst_statements

__all__ = [
    "Order",
    "SQLCondition",
    "StatementStatistics",
    "StatisticsMissing",
    "first",
    "query_budget",
    "reading_client",
    "recorded_queries",
    "worst_statements",
]
