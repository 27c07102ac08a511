"""Logs: one configuration for the service and its libraries, one line for each event, no values.

configure_logging(level="info", renderer="json")   structlog renders every record, those of uvicorn and asyncpg too
"""

from tortoise_kit.logs.configuration import configure_logging

__all__ = ["configure_logging"]
