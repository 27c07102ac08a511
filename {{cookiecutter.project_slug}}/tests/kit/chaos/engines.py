"""What each scenario is run on: Tortoise's own engines, whose faults it shows, and the service's, which must pass."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from starlette.responses import Response
from tortoise.exceptions import DBConnectionError

from app.settings import Settings
from tortoise_kit.db.config import POSTGRES_ENGINE, SQLITE_ENGINE
from tortoise_kit.http.problems import problem_response
from tortoise_kit.http.server_errors import RETRY_AFTER_SECONDS

STOCK_ENGINES = {POSTGRES_ENGINE: "tortoise.backends.asyncpg", SQLITE_ENGINE: "tortoise.backends.sqlite"}
# What a configuration by the book has. Tortoise's engines know no limit of time but those that asyncpg takes.
STOCK_CREDENTIALS = frozenset(
    {"file_path", "host", "port", "user", "password", "database", "min_size", "max_size", "application_name", "ssl"}
)
# Nor has a service by the book a limit on its requests.
NO_LIMITS = {
    "request_deadline_seconds": 3599.0,
    "shutdown_timeout_seconds": 3600,
    "requests_running_max": 100_000,
}
# Raw errors that a service by the book would answer with 503, too.
AWAY = (DBConnectionError, asyncpg.PostgresConnectionError, ConnectionError, TimeoutError)


class StockSettings(Settings):
    """The same settings on Tortoise's own engines."""

    def tortoise(self) -> dict[str, Any]:
        """The same configuration, as far as Tortoise's own engines know it."""
        config = super().tortoise()
        default = config["connections"]["default"]
        default["engine"] = STOCK_ENGINES[default["engine"]]
        known = {name: value for name, value in default["credentials"].items() if name in STOCK_CREDENTIALS}
        default["credentials"] = known
        return config


@dataclass(frozen=True)
class Engine:
    """Stock or ours; a scenario's limits apply only to ours."""

    name: str
    kind: type[Settings]

    def settings(self, database_url: str, **given: Any) -> Settings:
        """Settings of a service on this engine, for at most five connections."""
        own = {"environment": "test", "database_url": database_url, "db_pool_max_size": 5}
        return self.kind(**{**own, **given, **(NO_LIMITS if self.kind is StockSettings else {})})

    def install(self, app: FastAPI) -> None:
        """Answer this engine's errors of a database that is away with 503."""
        if self.kind is StockSettings:
            for error in AWAY:
                app.add_exception_handler(error, _on_away)


async def _on_away(request: Request, _error: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(request, HTTPStatus.SERVICE_UNAVAILABLE, "The database is away.", headers=headers)


STOCK = Engine("stock", StockSettings)
OURS = Engine("ours", Settings)
ENGINES = (STOCK, OURS)
