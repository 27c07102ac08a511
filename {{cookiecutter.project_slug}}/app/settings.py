"""Every setting of the service: typed, with its unit, its default and the reason for it.

Values come from the environment, then from a file `.env`, then from files with one value each, then from the defaults
here. Names in the environment are the field names in capitals. `.env.example` and `docs/settings.md` list all settings;
a test compares them.
"""

import os
import re
import tomllib
from functools import cache
from importlib.resources import files
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from app.features import MODEL_MODULES, MODELS_APP
from tortoise_kit.db import PoolSettings, tortoise_config
from tortoise_kit.logs import configure_logging
from tortoise_kit.security import Rate, misspelt_names, setting_files

PRODUCTION_SHUTDOWN_DELAY_SECONDS = 5.0
PROJECT_FILE = Path(str(files("app"))).parent / "pyproject.toml"
DEVELOPMENT_SECRET = "published-so-only-for-development"  # noqa: S105 -- not a secret: production rejects it
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]")
_PREFIX = re.compile(r"((/(?!\.)[A-Za-z0-9._~-]+)+)?")
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]+)?")
SECRET_LENGTH_MIN = 32  # characters: HS256 requires as many bytes (RFC 7518, section 3.2)


def project() -> dict[str, Any]:
    """The `[project]` table of `pyproject.toml`, with the package's name, version and description."""
    table: dict[str, Any] = _project_file()["project"]
    return table


def project_name() -> str:
    """The name for people, `name` of `[tool.service]` there."""
    return str(_project_file()["tool"]["service"]["name"])


def default_port() -> int:
    """The `port` of `[tool.service]` there; 0, any free port, in the template, where it is not filled in yet."""
    port = str(_project_file()["tool"]["service"]["port"])
    return int(port) if port.isdecimal() else 0


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host; a path is a socket of this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.startswith("/")


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
            message = f"{host!r} is not a host: write names without scheme and port, such as api.example.com, or *"
            raise ValueError(message)
    return hosts


def _origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            message = f"{origin!r} is not an origin: write only scheme, host and port, such as https://www.example.com"
            raise ValueError(message)
    return origins


def _prefix(path: str) -> str:
    if not _PREFIX.fullmatch(path):
        message = f"{path!r} is not a path: begin with a slash and end without one, such as /eu"
        raise ValueError(message)
    return path


def _long(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not secrets or any(len(each.get_secret_value()) < SECRET_LENGTH_MIN for each in secrets):
        message = (
            f"each secret must have {SECRET_LENGTH_MIN} characters or more; create one with "
            '`python -c "import secrets; print(secrets.token_urlsafe(32))"`'
        )
        raise ValueError(message)
    return secrets


def _proxies(listed: str) -> str:
    for each in listed.split(",") if listed not in {"", "*"} else ():
        try:
            ip_network(each.strip())
        except ValueError as error:
            message = f"{each!r} is not an address or a network, such as 10.0.0.0/8; * is all, by itself ({error})"
            raise ValueError(message) from error
    return listed


def _usable_rate(text: str) -> str:
    Rate.parse(text)
    return text


class Settings(BaseSettings):
    """The settings of one process, immutable."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    environment: Literal["development", "test", "production"] = Field(
        default="development", description="Where this process runs; test and production are strict."
    )
    service_name: str = Field(
        default_factory=lambda: str(project()["name"]),
        description="Name in access tokens and in pg_stat_activity; the package's name by default.",
    )
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_long)] = Field(
        default=DEVELOPMENT_SECRET,
        validate_default=True,
        description="Separated by commas: the first one signs, all are accepted; production rejects the default.",
    )
    access_token_lifetime_seconds: int = Field(
        default=900, ge=60, le=3600, description="Lifetime of an access token; a stolen one works this long."
    )
    login_lifetime_seconds: int = Field(
        default=2_592_000,
        ge=3600,
        le=31_536_000,
        description="How long refresh tokens can renew a login; NIST SP 800-63B allows 30 days.",
    )
    login_rate_per_account: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="5/minute", description="Failed logins with one e-mail address from one IP address."
    )
    login_rate_per_account_anywhere: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="100/hour",
        description="The same from all other IP addresses, unless somebody logged in there lately; at most NIST's 100.",
    )
    login_rate_per_address: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="30/minute",
        description="Failed logins and registrations from one IP address, which an office may share.",
    )
    refresh_rate_per_address: Annotated[str, AfterValidator(_usable_rate)] = Field(
        default="300/minute",
        description="Refreshes from one IP address; each client sends one for each lifetime of an access token.",
    )
    password_hashes_at_once: int = Field(
        default=4,
        ge=1,
        le=64,
        description="Passwords that a worker hashes at the same time; each takes 19 MiB and a core.",
    )
    idempotency_key_lifetime_seconds: int = Field(
        default=86_400,
        ge=60,
        le=2_592_000,
        description="How long a response is kept for retries; longer than any client retries.",
    )
    database_url: Annotated[str, AfterValidator(_usable_url)] = Field(
        default="sqlite://app.db",
        repr=False,
        description="sqlite://FILE or postgres://user:password@host:port/database; SQLite needs no server.",
    )
    database_replica_url: Annotated[str, AfterValidator(_usable_url_if_any)] = Field(
        default="",
        repr=False,
        description="URL of a streaming replica for reads outside transactions; none by default.",
    )
    replica_max_lag_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="A replica that lags more is not read from; its lag is checked every second.",
    )
    db_pooler: Literal["pgbouncer"] | None = Field(
        default=None, description="pgbouncer if connections go through PgBouncer in transaction mode; none by default."
    )
    database_migration_url: Annotated[str, AfterValidator(_usable_url_if_any)] = Field(
        default="",
        repr=False,
        description="The server's own URL if DATABASE_URL points to PgBouncer; DATABASE_URL by default.",
    )
    migration_lock_timeout_seconds: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="A migration's wait for a table's lock before it retries; requests for the table wait as long.",
    )
    migration_wait_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Wait for another process that is migrating the database; a deploy can afford a minute.",
    )
    db_pool_min_size: int = Field(
        default=1,
        ge=0,
        le=1000,
        description="Connections that each worker keeps open, so that the first request is fast.",
    )
    db_pool_max_size: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Maximum connections of each worker; by default its share of 2 x cores + 1, at least 4.",
    )
    db_pool_reset: Literal["touched", "always"] = Field(
        default="touched",
        description="Sessions to reset on release: those that may have changed, or always, for one more round trip.",
    )
    db_statement_cache_size: int = Field(
        default=100, ge=0, le=10_000, description="Prepared statements cached for each connection; asyncpg's default."
    )
    db_connect_timeout_seconds: float = Field(
        default=1.5,
        gt=0,
        le=60,
        description="Limit for opening a connection; a lost packet is sent again after one second.",
    )
    db_acquire_timeout_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="Wait for a free or new connection of the pool; then the request fails with a 503.",
    )
    db_lock_timeout_seconds: float = Field(
        default=3.0, gt=0, le=3600, description="Wait for one lock; a longer wait means that its holder is stuck."
    )
    db_statement_timeout_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="Limit for one statement, enforced by the server, which releases its locks.",
    )
    db_command_timeout_seconds: float = Field(
        default=6.0,
        gt=0,
        le=3600,
        description="Limit for one statement, enforced by this process in case the server is gone.",
    )
    db_idle_in_transaction_timeout_seconds: float = Field(
        default=10.0,
        gt=0,
        le=3600,
        description="The server ends a session that is idle in a transaction for this long.",
    )
    db_idle_lifetime_seconds: float = Field(
        default=300.0,
        gt=0,
        le=86_400,
        description="A connection that is unused for this long is closed; firewalls drop it later.",
    )
    db_budget: Literal["warn", "refuse", "off"] = Field(
        default="warn",
        description="What to do at startup if all pools together may open more connections than the server allows.",
    )
    workers: int = Field(default=1, ge=1, le=64, description="Processes of `serve`; each has its own connection pool.")
    replicas: int = Field(
        default=1, ge=1, le=1000, description="Machines that run the service; DB_BUDGET counts with them."
    )
    host: str = Field(default="127.0.0.1", description="Address that serve listens on; 0.0.0.0 is all addresses.")
    port: int = Field(
        default_factory=default_port, ge=0, le=65_535, description="Port that serve listens on; 0 is any free port."
    )
    forwarded_allow_ips: Annotated[str, AfterValidator(_proxies)] = Field(
        default="127.0.0.1",
        description="Proxies whose X-Forwarded-* is believed: addresses and networks, separated by commas; * is all.",
    )
    tls_certificate: Path | None = Field(
        default=None, description="File with the certificate chain, PEM; by default a proxy does TLS."
    )
    tls_key: Path | None = Field(default=None, description="File with its private key, PEM, without a password.")
    keep_alive_seconds: int = Field(
        default=75,
        ge=1,
        le=3600,
        description="How long an idle connection stays open; longer than proxies use it again, often for 60 s.",
    )
    connections_max: int | None = Field(
        default=None,
        ge=1,
        le=65_536,
        description="Open connections of a worker; then the idlest is closed. By default, what its descriptors allow.",
    )
    head_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="From a connection or a request's first byte to its last header."
    )
    body_seconds: float = Field(
        default=10.0, gt=0, le=3600, description="From the headers to the last byte of a body; for 1 MiB, 0.8 Mbit/s."
    )
    unread_seconds: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="For a client to read on, or the end of a response; then its connection is closed.",
    )
    bodies_bytes_max: int = Field(
        default=2**26,
        ge=2**20,
        le=2**34,
        description="All bodies together that a worker holds before their requests run; 64 of the largest.",
    )
    request_deadline_seconds: float = Field(
        default=8.0,
        gt=0,
        le=3600,
        description="From a request's first byte to its response's last; above statement limits, below a proxy's.",
    )
    requests_running_max: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Requests that a worker runs at once, others wait; by default 2 x its pool + 2, logins apart.",
    )
    request_wait_seconds: float = Field(
        default=2.0,
        gt=0,
        le=60,
        description="How long a request may wait to run, as long as for a connection; then it gets a 503.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged; info has a line for each request."
    )
    log_format: Literal["json", "console"] | None = Field(
        default=None, description="json, one object a line, or console, for people; by default json in production."
    )
    slow_statement_seconds: float = Field(
        default=1.0,
        gt=0,
        le=3600,
        description="Log statements that take longer, without their values.",
    )
    metrics_enabled: bool | None = Field(
        default=None, description="Serve GET /metrics for Prometheus; by default not in production without a token."
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="Bearer token that GET /metrics asks for; without one it is open to all."
    )
    repeated_queries: Literal["raise", "warn", "off"] | None = Field(
        default=None,
        description="If a request repeats a statement too often; by default raise in tests, warn in development.",
    )
    repeated_queries_max: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="How often a request may repeat a statement; each retry of a transaction counts separately.",
    )
    log_sql: bool = Field(
        default=False,
        description="Log the statements of each request, without values, with their times; for development.",
    )
    server_timing_enabled: bool | None = Field(
        default=None, description="Send the header Server-Timing for a browser's tools; by default only in development."
    )
    shutdown_delay_seconds: float | None = Field(
        default=None,
        ge=0,
        le=600,
        description="After SIGTERM, ready returns 503 this long before listening ends; by default 5 in production.",
    )
    shutdown_timeout_seconds: int = Field(
        default=15,
        ge=1,
        le=3600,
        description="Limit for requests in flight after that; delay and limit must fit the platform's grace period.",
    )

    body_bytes_max: int = Field(
        default=2**20,
        ge=1,
        le=2**30,
        description="Maximum size of a request's body, counted while it arrives; no route needs more than 1 MiB.",
    )
    query_bytes_max: int = Field(
        default=8192,
        ge=1,
        le=65_536,
        description="Maximum length of a query string; proxies allow about as much for a request line.",
    )
    json_depth_max: int = Field(
        default=32,
        ge=1,
        le=200,
        description="Maximum nesting of lists and objects in a body, so that no parser runs out of stack.",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_hosts)] = Field(
        default="*",
        validate_default=True,
        description="Host names that requests may use, separated by commas, such as *.example.com; * is any.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separate), AfterValidator(_origins)] = Field(
        default="",
        validate_default=True,
        description="Origins whose pages may call the API, such as https://www.example.com; none by default.",
    )
    root_path: Annotated[str, AfterValidator(_prefix)] = Field(
        default="",
        description="Path that a proxy strips, such as /eu; X-Forwarded-Prefix of a trusted proxy comes before it.",
    )
    docs_enabled: bool | None = Field(
        default=None, description="Serve /docs and /openapi.json; by default everywhere but in production."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- it knows one file, from the time of the import
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- it warns of a folder that is not there
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from; the first one that has a setting wins."""
        return init_settings, env_settings, *setting_files(settings_cls)

    @model_validator(mode="after")
    def _secrets_are_secret(self) -> Self:
        if self.signs_with_the_published_secret and self.environment == "production":
            message = (
                "SECRET_KEYS has the published default, with which anyone can sign; create a secret with "
                '`python -c "import secrets; print(secrets.token_urlsafe(32))"`'
            )
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _limits_nest(self) -> Self:
        """Each limit must be below the one around it, or it never takes effect."""
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
        if self.request_wait_seconds >= self.request_deadline_seconds:
            message = (
                f"REQUEST_WAIT_SECONDS={self.request_wait_seconds} must be below "
                f"REQUEST_DEADLINE_SECONDS={self.request_deadline_seconds}, which it counts towards"
            )
            raise ValueError(message)
        if self.bodies_bytes_max < self.body_bytes_max:
            message = f"BODIES_BYTES_MAX={self.bodies_bytes_max} must not be below BODY_BYTES_MAX={self.body_bytes_max}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _tls_is_complete(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            message = "TLS_CERTIFICATE and TLS_KEY belong together: set both, or none if a proxy does TLS"
            raise ValueError(message)
        for name, file in (("TLS_CERTIFICATE", self.tls_certificate), ("TLS_KEY", self.tls_key)):
            if file is not None and not os.access(file, os.R_OK):
                message = f"{name}={file} cannot be read: name a file that this user may read"
                raise ValueError(message)
        return self

    @property
    def signs_with_the_published_secret(self) -> bool:
        """Whether everybody can forge access tokens."""
        return any(DEVELOPMENT_SECRET in each.get_secret_value() for each in self.secret_keys)

    def warnings(self) -> list[str]:
        """What is likely a mistake, though the service can start."""
        forgeable = (
            "SECRET_KEYS has the published default: everyone who reaches this service can forge tokens of any account. "
            "Set ENVIRONMENT=production and SECRET_KEYS wherever others can reach it."
        )
        return [*misspelt_names(type(self)), *([forgeable] if self.signs_with_the_published_secret else [])]

    def check_host(self, host: str) -> None:
        """Reject an address beyond this machine while the secret is published and ENVIRONMENT was not chosen.

        Raises:
            ValueError: Others could reach the service at `host`, and forge tokens.
        """
        chosen = "environment" in self.model_fields_set
        if self.signs_with_the_published_secret and not chosen and not is_loopback(host):
            message = (
                f"Not listening on {host}: SECRET_KEYS has the published default, with which anyone can forge tokens. "
                "Set ENVIRONMENT=production and SECRET_KEYS, or ENVIRONMENT=development if nobody else can reach it."
            )
            raise ValueError(message)

    def shutdown_delay(self) -> float:
        """Seconds from SIGTERM to the end of listening, in which a load balancer notices and reacts."""
        if self.shutdown_delay_seconds is None:
            return PRODUCTION_SHUTDOWN_DELAY_SECONDS if self.environment == "production" else 0
        return self.shutdown_delay_seconds

    def configure_logging(self) -> None:
        """Let this process log as the settings say."""
        configure_logging(level=self.log_level, renderer=self.logs_as, values=self.environment == "development")

    @property
    def logs_as(self) -> Literal["json", "console"]:
        """As set, or by environment."""
        return self.log_format or ("json" if self.environment == "production" else "console")

    @property
    def serves_metrics(self) -> bool:
        """As set, or by environment: strangers read no numbers of a service in production."""
        if self.metrics_enabled is None:
            return self.environment != "production" or bool(self.metrics_token.get_secret_value())
        return self.metrics_enabled

    @property
    def on_repeated_queries(self) -> Literal["raise", "warn", "off"]:
        """What to do when a request repeats a statement: as set, or by environment."""
        by_environment: dict[str, Literal["raise", "warn", "off"]] = {"development": "warn", "test": "raise"}
        return self.repeated_queries or by_environment.get(self.environment, "off")

    @property
    def shows_server_timing(self) -> bool:
        """Whether responses have Server-Timing: as set, or only in development."""
        return self.environment == "development" if self.server_timing_enabled is None else self.server_timing_enabled

    @property
    def shows_docs(self) -> bool:
        """Whether the API's documentation is served: as set, or everywhere but in production."""
        return self.environment != "production" if self.docs_enabled is None else self.docs_enabled

    def pool(self) -> PoolSettings:
        """The settings of a worker's connection pool."""
        max_size = self.db_pool_max_size or PoolSettings.recommended_size(
            cores=os.cpu_count() or 1, workers=self.workers
        )
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
        """Tortoise's configuration for migrations: no replica, no pooler."""
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
