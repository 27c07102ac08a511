"""From a `DATABASE_URL` to what Tortoise's engines take.

The URL is parsed here and not by Tortoise, whose parser reads `ssl=false` as true, keeps percent-encoding in user
names and passes unknown parameters on, to fail at the first query.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_ENGINE = "app.kit.sqlite_backend"
POSTGRES_ENGINE = "app.kit.asyncpg_backend"
POSTGRES_SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True, kw_only=True)
class PoolSettings:
    """How many connections one process keeps, and how long it waits for them. All times are in seconds.

    Attributes:
        min_size: Connections kept open, 0 or more.
        max_size: Connections at most, 1 or more; what the server grants is shared by all processes.
        connect_timeout: For a new connection, from the first packet to ready for queries.
        command_timeout: For one statement, watched by the client, so that it also ends when the server is gone.
    """

    min_size: int = 1
    max_size: int = 10
    connect_timeout: float = 3.0
    command_timeout: float = 6.0


class DatabaseUrlError(ValueError):
    """A database URL that cannot be used. The message never holds the URL itself, which may hold a password."""


def connection(url: str, *, pool: PoolSettings, application_name: str) -> dict[str, Any]:
    """The entry of Tortoise's `connections` for a database URL.

    Args:
        url: `sqlite:///path/to/file.db` (absolute), `sqlite://file.db` (relative to the working directory), or
            `postgres://user:password@host:port/database`, with names and password percent-encoded; `postgresql://`
            and `postgresql+asyncpg://` mean the same. Postgres takes one parameter, `sslmode`.
        pool: Sizes and time limits; SQLite has one connection and uses none of them.
        application_name: What the server shows for these connections in `pg_stat_activity`.

    Raises:
        DatabaseUrlError: The scheme or a parameter is unknown, or a part is missing.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"engine": SQLITE_ENGINE, "credentials": {"file_path": _sqlite_path(url)}}
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
        "command_timeout": pool.command_timeout,
        "application_name": application_name,
        **_parameters(parts.query),
    }


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
