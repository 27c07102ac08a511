"""Every setting of the service: typed, with its unit, its default and the reason for it.

Values come from the environment, then from a file `.env`, then from here. Names in the environment are the field
names in capitals. `.env.example` and the README list all of them; a test compares.
"""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.features import MODEL_MODULES, MODELS_APP
from app.kit.pool import PoolSettings, connection

PROJECT_FILE = Path(str(files("app"))).parent / "pyproject.toml"


@cache
def project() -> dict[str, Any]:
    """The `[project]` table of `pyproject.toml`: the service's name, version and description live there alone."""
    table: dict[str, Any] = tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))["project"]
    return table


def _usable_url(url: str) -> str:
    connection(url, pool=PoolSettings(), application_name="")
    return url


def _usable_url_if_any(url: str) -> str:
    return url and _usable_url(url)


class Settings(BaseSettings):
    """The settings of one process; immutable once read."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "test", "production"] = Field(
        default="development", description="Where this process runs; anything but development is strict."
    )
    service_name: str = Field(
        default_factory=lambda: str(project()["name"]),
        description="Shown in the API's title and in pg_stat_activity; by default the project's name.",
    )
    database_url: Annotated[str, AfterValidator(_usable_url)] = Field(
        default="sqlite://shop.db",
        repr=False,
        description="sqlite://FILE or postgres://user:password@host:port/database. A file needs no server.",
    )
    database_migration_url: Annotated[str, AfterValidator(_usable_url_if_any)] = Field(
        default="",
        repr=False,
        description="The server's own URL where DATABASE_URL is a pooler's (PgBouncer); by default DATABASE_URL.",
    )
    migration_lock_timeout_seconds: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="For a table to change: requests for it wait as long, and then it retries.",
    )
    migration_wait_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="For another process that migrates the same database: a deploy's patience.",
    )
    db_pool_min_size: int = Field(
        default=1, ge=0, le=1000, description="Connections each worker keeps open, so that the first request is fast."
    )
    db_pool_max_size: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Connections each worker opens at most; the server sees this times the workers.",
    )
    db_connect_timeout_seconds: float = Field(
        default=3.0, gt=0, le=60, description="For a new connection: one lost packet is sent again after one second."
    )
    db_command_timeout_seconds: float = Field(
        default=6.0, gt=0, le=3600, description="For one statement; below the time a client waits for its answer."
    )
    shutdown_timeout_seconds: int = Field(
        default=15, ge=1, le=3600, description="For requests in flight after SIGTERM; below the platform's own grace."
    )

    def tortoise_for_migrations(self) -> dict[str, Any]:
        """Tortoise's configuration with the database as migrations reach it."""
        url = self.database_migration_url or self.database_url
        return self.model_copy(update={"database_url": url}).tortoise()

    def tortoise(self) -> dict[str, Any]:
        """Tortoise's configuration: one connection, one app with the models of all features and of Aerich."""
        pool = PoolSettings(
            min_size=self.db_pool_min_size,
            max_size=self.db_pool_max_size,
            connect_timeout=self.db_connect_timeout_seconds,
            command_timeout=self.db_command_timeout_seconds,
        )
        return {
            "connections": {"default": connection(self.database_url, pool=pool, application_name=self.service_name)},
            "apps": {MODELS_APP: {"models": [*MODEL_MODULES, "aerich.models"], "default_connection": "default"}},
            "use_tz": True,
            "timezone": "UTC",
        }
