"""Every setting of the service: typed, with its unit, its default and the reason for it.

Values come from the environment, then from a file `.env`, then from here. Names in the environment are the field
names in capitals. `.env.example` and the README list all of them; a test compares.
"""

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.features import MODEL_MODULES, MODELS_APP
from tortoise_kit.db import PoolSettings, pool_size, tortoise_config
from tortoise_kit.security import RateLimiter

PRODUCTION_SHUTDOWN_DELAY_SECONDS = 5.0
PROJECT_FILE = Path(str(files("app"))).parent / "pyproject.toml"
DEVELOPMENT_SECRET = "published-so-for-development-alone"  # noqa: S105 -- it is none, and refused in production
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]+)?")
SECRET_LENGTH_MIN = 32  # characters: as many as HS256 wants bytes (RFC 7518, section 3.2)


def project() -> dict[str, Any]:
    """The `[project]` table of `pyproject.toml`: the service's name, version and description live there alone."""
    table: dict[str, Any] = _project_file()["project"]
    return table


def default_port() -> int:
    """The `port` of `[tool.service]` there; 0, any that is free, in the template, where it is still to be filled in."""
    port = str(_project_file()["tool"]["service"]["port"])
    return int(port) if port.isdecimal() else 0


@cache
def _project_file() -> dict[str, Any]:
    return tomllib.loads(PROJECT_FILE.read_text(encoding="utf-8"))


def _usable_url(url: str) -> str:
    tortoise_config(url, models=())
    return url


def _usable_url_if_any(url: str) -> str:
    return url and _usable_url(url)


def _separate(listed: object) -> object:
    return [each.strip() for each in listed.split(",")] if isinstance(listed, str) and listed else listed or ()


def _hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not _HOST.fullmatch(host):
            message = f"{host!r} is no host: write names without scheme and port, such as api.example.com, or *"
            raise ValueError(message)
    return hosts


def _origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            message = f"{origin!r} is no origin: write scheme, host and port alone, such as https://shop.example.com"
            raise ValueError(message)
    return origins


def _long(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not secrets or any(len(each.get_secret_value()) < SECRET_LENGTH_MIN for each in secrets):
        message = (
            f"each secret must have {SECRET_LENGTH_MIN} characters or more; make one by "
            '`python -c "import secrets; print(secrets.token_urlsafe(32))"`'
        )
        raise ValueError(message)
    return secrets


def _usable_rate(text: str) -> str:
    RateLimiter(text)
    return text


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
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_long)] = Field(
        default=DEVELOPMENT_SECRET,
        validate_default=True,
        description="Separated by commas: the first signs, all are accepted; production refuses the default.",
    )
    access_token_lifetime_seconds: int = Field(
        default=900, ge=60, le=3600, description="Of one access token; as long a stolen one is of use."
    )
    login_lifetime_seconds: int = Field(
        default=2_592_000,
        ge=3600,
        le=31_536_000,
        description="How long a login is renewed by refresh tokens; NIST SP 800-63B allows 30 days.",
    )
    login_rate_per_account: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="5/minute", description="Attempts to log in with one e-mail address; each worker counts for itself."
    )
    login_rate_per_address: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="30/minute",
        description="Attempts to log in or register from one network address, which an office may share.",
    )
    password_hashes_at_once: int = Field(
        default=4, ge=1, le=64, description="Threads of a worker that hash passwords; each takes 19 MiB and a core."
    )
    idempotency_key_lifetime_seconds: int = Field(
        default=86_400,
        ge=60,
        le=2_592_000,
        description="How long an answer is kept for who sends its request again; longer than any client tries.",
    )
    database_url: Annotated[str, AfterValidator(_usable_url)] = Field(
        default="sqlite://shop.db",
        repr=False,
        description="sqlite://FILE or postgres://user:password@host:port/database. A file needs no server.",
    )
    database_replica_url: Annotated[str, AfterValidator(_usable_url_if_any)] = Field(
        default="",
        repr=False,
        description="Of a streaming replica, for reads outside transactions; none by default.",
    )
    replica_max_lag_seconds: float = Field(
        default=2.0, gt=0, le=60, description="A replica further behind is not read from; it is asked once a second."
    )
    db_pooler: Literal["pgbouncer"] | None = Field(
        default=None, description="pgbouncer when one stands between in transaction mode; none by default."
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
    db_pool_max_size: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Connections each worker opens at most; by default its share of 2 x cores + 1, at least 4.",
    )
    db_pool_reset: Literal["touched", "always"] = Field(
        default="touched", description="Which sessions are reset on release; always costs a round trip each time."
    )
    db_statement_cache_size: int = Field(
        default=100, ge=0, le=10_000, description="Prepared statements kept for each connection; asyncpg's own default."
    )
    db_connect_timeout_seconds: float = Field(
        default=1.5, gt=0, le=60, description="For a new connection: one lost packet is sent again after one second."
    )
    db_acquire_timeout_seconds: float = Field(
        default=2.0, gt=0, le=60, description="For a connection to become free, or a new one; then it is a 503."
    )
    db_lock_timeout_seconds: float = Field(
        default=3.0, gt=0, le=3600, description="For one lock; who waits longer waits behind something stuck."
    )
    db_statement_timeout_seconds: float = Field(
        default=5.0, gt=0, le=3600, description="For one statement, watched by the server, which frees its locks."
    )
    db_command_timeout_seconds: float = Field(
        default=6.0, gt=0, le=3600, description="For one statement, watched here: the server may be gone."
    )
    db_idle_in_transaction_timeout_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="For a session that holds locks and does nothing; it is ended."
    )
    db_idle_lifetime_seconds: float = Field(
        default=300.0, gt=0, le=86_400, description="A connection unused for so long is closed; firewalls drop later."
    )
    db_budget: Literal["warn", "refuse", "off"] = Field(
        default="warn", description="What to do at start when all pools may open more connections than there are."
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes of `serve`; each has a pool of its own.")
    replicas: int = Field(default=1, ge=1, le=1000, description="Machines that run the service, for the budget.")
    request_deadline_seconds: float = Field(
        default=8.0,
        gt=0,
        le=3600,
        description="From a request's head to its answer's last byte; above a statement's limit, below a proxy's.",
    )
    requests_in_flight_max: int = Field(
        default=150,
        ge=1,
        le=100_000,
        description="Each worker serves so many at once, 10 to 20 times its connections; the next get a 503 at once.",
    )
    metrics_enabled: bool = Field(
        default=True, description="GET /metrics, for Prometheus; each worker answers for itself."
    )
    repeated_queries: Literal["raise", "warn", "off"] | None = Field(
        default=None,
        description="Whether one request may repeat a statement; by default raise in tests, warn in development.",
    )
    repeated_queries_max: int = Field(
        default=5, ge=1, le=1000, description="How often it may, at most; each try of a transaction counts for itself."
    )
    server_timing_enabled: bool | None = Field(
        default=None, description="The header Server-Timing, for a browser's tools; by default in development alone."
    )
    shutdown_delay_seconds: float | None = Field(
        default=None,
        ge=0,
        le=600,
        description="Ready says 503 for so long after SIGTERM, and then nobody listens; by default 5 in production.",
    )
    shutdown_timeout_seconds: int = Field(
        default=15,
        ge=1,
        le=3600,
        description="For requests in flight after that; with the delay below the platform's own grace.",
    )

    body_bytes_max: int = Field(
        default=2**20,
        ge=1,
        le=2**30,
        description="Of one request's body, counted while it comes; no route needs more than 1 MiB.",
    )
    query_bytes_max: int = Field(
        default=8192, ge=1, le=65_536, description="Of one query string; proxies allow about as much for a line."
    )
    json_depth_max: int = Field(
        default=32,
        ge=1,
        le=200,
        description="Levels of lists and objects in a body, so that no parser runs out of stack.",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_hosts)] = Field(
        default="*",
        validate_default=True,
        description="Names that requests may ask by, separated by commas, such as *.example.com; * is any.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_origins)] = Field(
        default="",
        validate_default=True,
        description="Whose pages may use the API, such as https://shop.example.com; none by default.",
    )
    docs_enabled: bool | None = Field(
        default=None, description="The pages /docs and /redoc and /openapi.json; by default not in production."
    )

    @model_validator(mode="after")
    def _secrets_are_secret(self) -> Self:
        published = any(each.get_secret_value() == DEVELOPMENT_SECRET for each in self.secret_keys)
        if published and self.environment == "production":
            message = (
                "SECRET_KEYS has the published default, with which anybody signs; make a secret by "
                '`python -c "import secrets; print(secrets.token_urlsafe(32))"`'
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _limits_nest(self) -> Self:
        """Each limit must end before the one around it, or the inner one never speaks."""
        limits = {
            "DB_CONNECT_TIMEOUT_SECONDS": self.db_connect_timeout_seconds,
            "DB_ACQUIRE_TIMEOUT_SECONDS": self.db_acquire_timeout_seconds,
            "DB_LOCK_TIMEOUT_SECONDS": self.db_lock_timeout_seconds,
            "DB_STATEMENT_TIMEOUT_SECONDS": self.db_statement_timeout_seconds,
            "DB_COMMAND_TIMEOUT_SECONDS": self.db_command_timeout_seconds,
            "REQUEST_DEADLINE_SECONDS": self.request_deadline_seconds,
            "SHUTDOWN_TIMEOUT_SECONDS": float(self.shutdown_timeout_seconds),
        }
        for (inner, less), (outer, more) in pairwise(limits.items()):
            if less >= more:
                message = f"{inner}={less} must be below {outer}={more}"
                raise ValueError(message)
        return self

    def shutdown_delay(self) -> float:
        """Seconds from SIGTERM to the end of listening: what a balancer's probe and its reaction take."""
        if self.shutdown_delay_seconds is None:
            return PRODUCTION_SHUTDOWN_DELAY_SECONDS if self.environment == "production" else 0
        return self.shutdown_delay_seconds

    @property
    def on_repeated_queries(self) -> Literal["raise", "warn", "off"]:
        """What to do when a request repeats a statement: as set, or as fits the environment."""
        fitting: dict[str, Literal["raise", "warn", "off"]] = {"development": "warn", "test": "raise"}
        return self.repeated_queries or fitting.get(self.environment, "off")

    @property
    def shows_server_timing(self) -> bool:
        """Whether answers tell what they cost: as set, or in development alone."""
        return self.environment == "development" if self.server_timing_enabled is None else self.server_timing_enabled

    @property
    def shows_docs(self) -> bool:
        """Whether the API's documentation is served: as set, or anywhere but in production."""
        return self.environment != "production" if self.docs_enabled is None else self.docs_enabled

    def pool(self) -> PoolSettings:
        """The limits of a worker's connections."""
        max_size = self.db_pool_max_size or pool_size(cores=os.cpu_count() or 1, workers=self.workers)
        return PoolSettings(
            min_size=min(self.db_pool_min_size, max_size),
            max_size=max_size,
            connect_timeout=self.db_connect_timeout_seconds,
            acquire_timeout=self.db_acquire_timeout_seconds,
            command_timeout=self.db_command_timeout_seconds,
            statement_timeout=self.db_statement_timeout_seconds,
            lock_timeout=self.db_lock_timeout_seconds,
            idle_in_transaction_timeout=self.db_idle_in_transaction_timeout_seconds,
            idle_lifetime=self.db_idle_lifetime_seconds,
            statement_cache_size=self.db_statement_cache_size,
            reset=self.db_pool_reset,
            pooler=self.db_pooler,
        )

    def tortoise_for_migrations(self) -> dict[str, Any]:
        """Tortoise's configuration with the database as migrations reach it."""
        direct: dict[str, Any] = {"database_replica_url": ""}
        if self.database_migration_url:
            direct |= {"database_url": self.database_migration_url, "db_pooler": None}
        return self.model_copy(update=direct).tortoise()

    def tortoise(self) -> dict[str, Any]:
        """Tortoise's configuration: the database, its replica if there is one, and the models of all features."""
        return tortoise_config(
            self.database_url,
            models=MODEL_MODULES,
            app=MODELS_APP,
            pool=self.pool(),
            application_name=self.service_name,
            replica_url=self.database_replica_url,
            replica_max_lag=self.replica_max_lag_seconds,
        )
