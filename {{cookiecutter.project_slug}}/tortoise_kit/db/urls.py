"""Database URLs, read strictly: a missing part or an unknown parameter is an error.

Tortoise's own parser reads `ssl=false` as true, keeps percent-encoding in user names, passes unknown parameters on,
which then fail at the first query, and takes several hosts for one.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

POSTGRES_SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
POSTGRES_PORT = 5432
SYSTEM_CAS = "system"
PARAMETERS = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "target_session_attrs": ("any", "read-write", "primary", "read-only", "standby", "prefer-standby"),
}
_FILES = ("sslrootcert",)
_ARGUMENTS = {"sslmode": "ssl"}  # asyncpg's names, where they differ
_POSTGRES = re.compile(
    r"[^:/?#]+://((?P<user>[^:/?#]*)(:(?P<password>[^/?#]*))?@)?(?P<hosts>[^@/?#]+)"
    r"/(?P<database>[^?#]+)(\?(?P<query>[^#]*))?"
)
_HOST = re.compile(r"(?P<name>\[[^\]]+\]|[^:\[\]]+)(:(?P<port>.*))?")


def scheme_of(url: str) -> str:
    """What stands before `://`; empty without."""
    scheme, separator, _ = url.partition("://")
    return scheme.lower() if separator else ""


def sqlite_file(url: str) -> str:
    """The path that an SQLite URL names.

    Raises:
        ValueError: It names none, or has parameters.
    """
    path = unquote(url.removeprefix("sqlite://"))
    if not path or "?" in path:
        message = "DATABASE_URL for SQLite is sqlite://FILE, without parameters."
        raise ValueError(message)
    return path if path == ":memory:" else str(Path(path))


def postgres_arguments(url: str) -> dict[str, Any]:
    """The arguments of asyncpg that a URL stands for; `host` and `port` are lists if it has several.

    Raises:
        ValueError: A part is missing, or a parameter is unknown. The message contains no part that may be secret.
    """
    _require_encoded(url)
    if (parts := _POSTGRES.fullmatch(url)) is None:
        message = "DATABASE_URL for Postgres needs a host and a database: postgres://user:password@host:5432/database."
        raise ValueError(message)
    addresses = [_address(each) for each in parts["hosts"].split(",")]
    parameters = _parameters(parts["query"] or "")
    if len(addresses) > 1 and "target_session_attrs" not in parameters:
        message = (
            "DATABASE_URL has several hosts: add target_session_attrs=read-write to use the one that takes writes, or "
            "prefer-standby for a replica."
        )
        raise ValueError(message)
    hosts, ports = ([*each] for each in zip(*addresses, strict=True))
    return {
        "host": hosts if len(hosts) > 1 else hosts[0],
        "port": ports if len(ports) > 1 else ports[0],
        "user": unquote(parts["user"]) if parts["user"] else None,
        "password": unquote(parts["password"]) if parts["password"] else None,
        "database": unquote(parts["database"]),
        **{_ARGUMENTS.get(name, name): value for name, value in parameters.items()},
    }


def database_hosts(url: str) -> list[str]:
    """The names of the hosts of a Postgres URL."""
    host = postgres_arguments(url)["host"]
    return [host] if isinstance(host, str) else host


def _require_encoded(url: str) -> None:
    """Reject a user or password that would end early, before it is mistaken for a host or a database."""
    credentials, at, _ = url.partition("://")[2].rpartition("@")
    if at and any(character in credentials for character in "/?#"):
        message = (
            "DATABASE_URL has /, ? or # in its user or password: percent-encode the password, for example with "
            """`python -c "import urllib.parse as u; print(u.quote(input(), safe=''))"`."""
        )
        raise ValueError(message)


def _address(text: str) -> tuple[str, int]:
    found = _HOST.fullmatch(text)
    if found is None:
        message = "DATABASE_URL has a host without a name."
        raise ValueError(message)
    port = found["port"] or str(POSTGRES_PORT)
    if not port.isdecimal() or int(port) >= 2**16:
        message = "DATABASE_URL has a port that is not a number from 0 to 65535."
        raise ValueError(message)
    return unquote(found["name"].strip("[]")), int(port)


def _parameters(query: str) -> dict[str, str]:
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in parameters.items():
        if name in _FILES:
            _require_file(name, value)
            continue
        if name not in PARAMETERS:
            known = ", ".join((*PARAMETERS, *_FILES))
            message = f"DATABASE_URL has the unknown parameter {name!r}; use only {known}, the rest are settings."
            raise ValueError(message)
        if value not in PARAMETERS[name]:
            message = f"DATABASE_URL has {name}={value!r}; use one of: {', '.join(PARAMETERS[name])}."
            raise ValueError(message)
    return parameters


def _require_file(name: str, value: str) -> None:
    if value != SYSTEM_CAS and not Path(value).is_file():
        message = f"DATABASE_URL has {name}={value!r}, which is not a file; {SYSTEM_CAS} stands for this machine's CAs."
        raise ValueError(message)
