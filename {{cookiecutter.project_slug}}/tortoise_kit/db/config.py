"""Tortoise's configuration from a database URL, and the size and time limits of connection pools."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tortoise_kit.db.urls import POSTGRES_SCHEMES, postgres_arguments, scheme_of, sqlite_file

SQLITE_ENGINE = "tortoise_kit.db.engines.sqlite_backend"
POSTGRES_ENGINE = "tortoise_kit.db.engines.asyncpg_backend"
REPLICA_ENGINE = "tortoise_kit.db.engines.replica_asyncpg_backend"
RESERVED_CONNECTIONS = 10  # for migrations, backups, an operator, and the server's own superuser_reserved_connections


@dataclass(frozen=True, kw_only=True)
class PoolSettings:
    """How many connections one process keeps, and how long it waits. All times are in seconds; None is no limit.

    Each limit is shorter than the next: connect < acquire < lock < statement < command < the request's deadline.

    Attributes:
        min_size: Connections kept open, 0 or more.
        max_size: Connections at most, 1 or more; all processes share what the server grants.
        connect_timeout: For a new connection, from the first packet until it is ready for queries.
        acquire_timeout: For a connection of the pool to become free, or for a new one.
        command_timeout: For one statement, enforced by the client, so that it also ends when the server is gone.
        statement_timeout: For one statement, enforced by the server, which frees its locks at once.
        lock_timeout: For one lock; on SQLite, for the lock for writing.
        idle_in_transaction_timeout: The server then ends a session that holds locks and does nothing.
        idle_lifetime: An unused connection is closed after this time, down to `min_size`.
        statement_cache_size: Prepared statements kept per connection; 0 keeps none.
        reset: `touched` resets a session that may have been changed, `always` each, for one more round trip.
        pooler: `pgbouncer` if one stands in between in transaction mode. Sessions are shared there, so nothing is
            prepared or set in one. Set the limits on the role: `ALTER ROLE … SET statement_timeout = '5s'`.
    """

    min_size: int = 1
    max_size: int = 5
    connect_timeout: float = 1.5
    acquire_timeout: float | None = 2.0
    command_timeout: float | None = 6.0
    statement_timeout: float | None = 5.0
    lock_timeout: float | None = 3.0
    idle_in_transaction_timeout: float | None = 10.0
    idle_lifetime: float = 300.0
    statement_cache_size: int = 100
    reset: Literal["touched", "always"] = "touched"
    pooler: Literal["pgbouncer"] | None = None

    @staticmethod
    def recommended_size(*, cores: int, workers: int) -> int:
        """`max_size` for each worker: its share of two connections per core and one for the disk, at least 4.

        More make a busy server slower (PostgreSQL wiki, "Number Of Database Connections").
        """
        return max(4, -(-(2 * cores + 1) // workers))

    def over_budget(self, *, workers: int, replicas: int, granted: int) -> str | None:
        """The problem if all pools together may open more connections than the server grants; None if they may not.

        Args:
            workers: Processes of one machine.
            replicas: Machines that run the service.
            granted: The server's `max_connections`, of which 10 stay in reserve.
        """
        wanted, left = self.max_size * workers * replicas, granted - RESERVED_CONNECTIONS
        problem = (
            f"{replicas} replicas x {workers} workers x {self.max_size} connections are {wanted}, but the server "
            f"grants {left}, {RESERVED_CONNECTIONS} kept in reserve: lower DB_POOL_MAX_SIZE or raise max_connections."
        )
        return problem if wanted > left else None


def tortoise_config(  # noqa: PLR0913 -- what a service configures
    url: str,
    *,
    models: Sequence[str],
    app: str = "models",
    pool: PoolSettings | None = None,
    application_name: str = "",
    replica_url: str = "",
    replica_max_lag: float = 2.0,
) -> dict[str, Any]:
    """The argument of `Tortoise.init(config=...)`: one app on a connection `default`, with times in UTC.

    Args:
        url: `sqlite:///path/to/file.db` (absolute), `sqlite://file.db` (relative to the working directory), or
            `postgres://user:password@host:port/database`, with names and password percent-encoded; `postgresql://`
            and `postgresql+asyncpg://` mean the same. Parameters are `sslmode`, `sslrootcert`, the file of the CA, by
            default `system`, and `target_session_attrs`, with which `host:port` may be several, separated by commas.
        models: Modules with models.
        app: The name before the dot in relations such as `models.User`.
        pool: Sizes and time limits; SQLite has one connection and uses only the limits for waiting.
        application_name: What the server shows for these connections in `pg_stat_activity`.
        replica_url: A Postgres replica, as the connection `replica`, for reads outside transactions; empty for none.
        replica_max_lag: Seconds that the replica may be behind; reads go to the primary while it is further behind.

    Raises:
        ValueError: The scheme or a parameter of a URL is unknown, or a part is missing. The message never contains the
            URL itself, which may contain a password.
    """
    pool = pool or PoolSettings()
    connections = {"default": connection(url, pool=pool, application_name=application_name)}
    if replica_url:
        replica = connection(replica_url, pool=pool, application_name=application_name)["credentials"]
        connections["replica"] = {"engine": REPLICA_ENGINE, "credentials": {**replica, "max_lag": replica_max_lag}}
    return {
        "connections": connections,
        "routers": [f"{REPLICA_ENGINE}.ReplicaRouter"] if replica_url else [],
        "apps": {app: {"models": list(models), "default_connection": "default"}},
        "use_tz": True,
        "timezone": "UTC",
    }


def connection(url: str, *, pool: PoolSettings, application_name: str) -> dict[str, Any]:
    """One entry of Tortoise's `connections`; as for `tortoise_config`."""
    scheme = scheme_of(url)
    if scheme == "sqlite":
        return {"engine": SQLITE_ENGINE, "credentials": _sqlite_credentials(url, pool)}
    if scheme in POSTGRES_SCHEMES:
        return {"engine": POSTGRES_ENGINE, "credentials": _postgres_credentials(url, pool, application_name)}
    message = f"DATABASE_URL has the scheme {scheme!r}; use one of: {', '.join(('sqlite', *POSTGRES_SCHEMES))}."
    raise ValueError(message)


def _sqlite_credentials(url: str, pool: PoolSettings) -> dict[str, Any]:
    busy = {} if pool.lock_timeout is None else {"busy_timeout": milliseconds(pool.lock_timeout)}
    limits = {"acquire_timeout": pool.acquire_timeout, "command_timeout": pool.command_timeout, **busy}
    return {"file_path": sqlite_file(url), **limits}


def _postgres_credentials(url: str, pool: PoolSettings, application_name: str) -> dict[str, Any]:
    return {
        "min_size": pool.min_size,
        "max_size": pool.max_size,
        "timeout": pool.connect_timeout,
        "acquire_timeout": pool.acquire_timeout,
        "command_timeout": pool.command_timeout,
        "max_inactive_connection_lifetime": pool.idle_lifetime,
        "statement_cache_size": 0 if pool.pooler else pool.statement_cache_size,
        "reset": pool.reset,
        "application_name": application_name,
        "server_settings": {} if pool.pooler else _server_settings(pool),
        **postgres_arguments(url),
    }


def _server_settings(pool: PoolSettings) -> dict[str, str]:
    limits = {
        "statement_timeout": pool.statement_timeout,
        "lock_timeout": pool.lock_timeout,
        "idle_in_transaction_session_timeout": pool.idle_in_transaction_timeout,
    }
    return {name: str(milliseconds(seconds)) for name, seconds in limits.items() if seconds is not None}


def milliseconds(seconds: float) -> int:
    """A limit in whole milliseconds, never 0, which means no limit to both databases."""
    return max(1, round(seconds * 1000))
