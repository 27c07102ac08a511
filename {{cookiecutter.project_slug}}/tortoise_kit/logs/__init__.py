"""Logs: one configuration for the service and its libraries, one line for each event, no values.

configure_logging(level="info", renderer="json")   structlog renders every record, those of uvicorn and asyncpg too
log_line("request", status=200)                     one line of its own, cheaply
describe(error)                                     an error without its text: types, SQLSTATE, lines of code
"""

from tortoise_kit.logs.configuration import Renderer, configure_logging, log_line
from tortoise_kit.logs.errors import describe, without_values

__all__ = ["Renderer", "configure_logging", "describe", "log_line", "without_values"]
