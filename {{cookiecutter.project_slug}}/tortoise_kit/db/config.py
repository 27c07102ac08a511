"""From a `DATABASE_URL` to what the engines take, how large a pool is, and whether the server grants that many.

The URL is parsed here and not by Tortoise, whose parser reads `ssl=false` as true, keeps percent-encoding in user
names and passes unknown parameters on, to fail at the first query.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_ENGINE = "tortoise_kit.db.engines.sqlite_backend"
POSTGRES_ENGINE = "tortoise_kit.db.engines.asyncpg_backend"
REPLICA_ENGINE = "tortoise_kit.db.engines.replica_asyncpg_backend"
REPLICA_ROUTER = f"{REPLICA_ENGINE}.ReplicaRouter"
POSTGRES_SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
RESERVED_CONNECTIONS = 10  # for migrations, backups, an operator, and the server's own superuser_reserved_connections
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True, kw_only=True)
class PoolSettings:
    """How many connections one process keeps, and how long it waits. All times are in seconds, None is for ever.

    Each limit is shorter than the next: connect < acquire < lock < statement < command < the request's deadline.

    Attributes:
        min_size: Connections kept open, 0 or more.
        max_size: Connections at most, 1 or more; what the server grants is shared by all processes.
        connect_timeout: For a new connection, from the first packet to ready for queries.
        acquire_timeout: For a connection of the pool to become free, or for a new one.
        command_timeout: For one statement, watched by the client, so that it also ends when the server is gone.
        statement_timeout: For one statement, watched by the server, which frees its locks at once.
        lock_timeout: For one lock; on SQLite for the right to write.
        idle_in_transaction_timeout: After it the server ends a session that holds locks and does nothing.
        idle_lifetime: A connection unused for so long is closed, down to `min_size`.
        statement_cache_size: Prepared statements kept for each connection; 0 keeps none.
        reset: `touched` cleans a session only if a statement touched it, `always` costs a round trip each time.
        pooler: `pgbouncer` when one stands between in transaction mode: sessions are shared there, so nothing may be
            set for or prepared in one. Give the role its time limits: `ALTER ROLE … SET statement_timeout = '5s'`.
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


def pool_size(*, cores: int, workers: int) -> int:
    """Connections for each worker: the machine's share of two a core and one for the disk, but no fewer than 4.

    More make a busy server slower (PostgreSQL wiki, "Number Of Database Connections").
    """
    return max(4, -(-(2 * cores + 1) // workers))


def over_budget(*, max_size: int, workers: int, replicas: int, granted: int) -> str | None:
    """What is wrong when all pools together may open more connections than the server grants; None if nothing is."""
    wanted, left = max_size * workers * replicas, granted - RESERVED_CONNECTIONS
    if wanted <= left:
        return None
    return (
        f"{replicas} replicas x {workers} workers x {max_size} connections are {wanted}, and the server grants {left} "
        f"({granted} less {RESERVED_CONNECTIONS} in reserve): lower DB_POOL_MAX_SIZE or raise max_connections."
    )


class DatabaseUrlError(ValueError):
    """A database URL that cannot be used. The message never holds the URL itself, which may hold a password."""


def connection(url: str, *, pool: PoolSettings, application_name: str) -> dict[str, Any]:
    """The entry of Tortoise's `connections` for a database URL.

    Args:
        url: `sqlite:///path/to/file.db` (absolute), `sqlite://file.db` (relative to the working directory), or
            `postgres://user:password@host:port/database`, with names and password percent-encoded; `postgresql://`
            and `postgresql+asyncpg://` mean the same. Postgres takes one parameter, `sslmode`.
        pool: Sizes and time limits; SQLite has one connection, and of these the limits for waiting.
        application_name: What the server shows for these connections in `pg_stat_activity`.

    Raises:
        DatabaseUrlError: The scheme or a parameter is unknown, or a part is missing.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"engine": SQLITE_ENGINE, "credentials": {"file_path": _sqlite_path(url), **_sqlite_limits(pool)}}
    if parts.scheme in POSTGRES_SCHEMES:
        return {"engine": POSTGRES_ENGINE, "credentials": _credentials(url, pool, application_name)}
    schemes = ", ".join(("sqlite", *POSTGRES_SCHEMES))
    message = f"DATABASE_URL has the scheme {parts.scheme!r}; use one of: {schemes}."
    raise DatabaseUrlError(message)


def _sqlite_path(url: str) -> str:
    path = unquote(url.removeprefix("sqlite://"))
    if not path or "?" in path:
        message = "DATABASE_URL for SQLite is sqlite://FILE, without parameters."
        raise DatabaseUrlError(message)
    return path if path == ":memory:" else str(Path(path))


def _sqlite_limits(pool: PoolSettings) -> dict[str, Any]:
    limits = {"acquire_timeout": pool.acquire_timeout, "command_timeout": pool.command_timeout}
    return limits if pool.lock_timeout is None else {**limits, "busy_timeout": milliseconds(pool.lock_timeout)}


def _credentials(url: str, pool: PoolSettings, application_name: str) -> dict[str, Any]:
    parts = urlsplit(url)
    database = unquote(parts.path.removeprefix("/"))
    if not parts.hostname or not database:
        message = "DATABASE_URL for Postgres needs a host and a database: postgres://user:password@host:5432/database."
        raise DatabaseUrlError(message)
    return {
        "host": unquote(parts.hostname),
        "port": _port(url),
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": database,
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
        **_parameters(parts.query),
    }


def _server_settings(pool: PoolSettings) -> dict[str, str]:
    limits = {
        "statement_timeout": pool.statement_timeout,
        "lock_timeout": pool.lock_timeout,
        "idle_in_transaction_session_timeout": pool.idle_in_transaction_timeout,
    }
    return {name: str(milliseconds(seconds)) for name, seconds in limits.items() if seconds is not None}


def milliseconds(seconds: float) -> int:
    """A limit as both databases take it: whole milliseconds, and never 0, which is none at all."""
    return max(1, round(seconds * 1000))


def _port(url: str) -> int:
    try:
        return urlsplit(url).port or 5432
    except ValueError as error:
        message = "DATABASE_URL has a port that is not a number from 0 to 65535."
        raise DatabaseUrlError(message) from error


def _parameters(query: str) -> dict[str, Any]:
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(parameters.keys() - {"sslmode"}):
        message = (
            f"DATABASE_URL has the unknown parameter {unknown[0]!r}; only sslmode is known, the rest are settings."
        )
        raise DatabaseUrlError(message)
    mode = parameters.get("sslmode")
    if mode is not None and mode not in SSL_MODES:
        message = f"DATABASE_URL has sslmode={mode!r}; use one of: {', '.join(SSL_MODES)}."
        raise DatabaseUrlError(message)
    return {"ssl": mode} if mode else {}
