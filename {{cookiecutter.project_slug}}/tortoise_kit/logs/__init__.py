"""Logs: one configuration for the service and its libraries, one line for each event, no values.

configure_logging(level="info", renderer="json")   structlog renders every record, those of uvicorn and asyncpg too
with log_failed_start(): ...                        a bug while the application is created is one entry
"""

from tortoise_kit.logs.configuration import configure_logging
from tortoise_kit.logs.records import log_failed_start

__all__ = ["configure_logging", "log_failed_start"]
