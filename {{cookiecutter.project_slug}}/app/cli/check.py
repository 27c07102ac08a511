"""`check`: are the settings valid, and with `--deploy`, are they safe for production?"""

import asyncio
import os
import shlex
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Annotated, NamedTuple
from urllib.parse import parse_qs

import typer
from tortoise.backends.base.client import BaseDBAsyncClient

from app.database import BudgetError, check_budget, compare_database, database
from app.settings import DEVELOPMENT_SECRET, Settings
from tortoise_kit.db import DatabaseError, collation_problem, database_hosts, readable_by_others
from tortoise_kit.migrations import MigrationError

STATEMENT_SECONDS_MAX = 60.0  # clients give up before that, while the locks of the statement block others
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})  # with the other modes, asyncpg may send plain text
TRUST_VARIABLE = "FORWARDED_ALLOW_IPS"  # read by uvicorn itself, so it is not in Settings
SECRET_CHARACTERS_MIN = 8  # 32 random hexadecimal digits have fewer distinct ones once in 10^7 times

Deploy = Annotated[bool, typer.Option("--deploy", help="Also look for settings that are unsafe in production.")]


class Finding(NamedTuple):
    """An unsafe setting: its name, its value unless that is a secret, and the remedy."""

    setting: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """The finding in one line."""
        return f"{self.setting}={self.value}: {self.remedy}"


def check(*, deploy: Deploy = False) -> None:
    """Check the settings; the exit code is 1 if something is wrong."""
    settings = Settings()
    findings = [*unsafe(settings, os.environ), *asyncio.run(_unsafe_at_server(settings))] if deploy else []
    for each in findings:
        typer.echo(str(each), err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo("The settings are safe for production." if deploy else "The settings are valid.")


def unsafe(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """What an attacker could use, or what would fail under load; needs no database."""
    yield from _unsafe_process(settings, environ)
    yield from _unsafe_for_browsers(settings)
    yield from _unsafe_database(settings)


def _unsafe_process(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    if settings.environment != "production":
        yield Finding(
            "ENVIRONMENT", settings.environment, "set it to production, which is strict and discloses little."
        )
    if any(each.get_secret_value() == DEVELOPMENT_SECRET for each in settings.secret_keys):
        remedy = 'anyone can sign with it; run `python -c "import secrets; print(secrets.token_urlsafe(32))"`.'
        yield Finding("SECRET_KEYS", "(the published default)", remedy)
    if any(len(set(each.get_secret_value())) < SECRET_CHARACTERS_MIN for each in settings.secret_keys):
        remedy = f"one has fewer than {SECRET_CHARACTERS_MIN} distinct characters; use random secrets."
        yield Finding("SECRET_KEYS", "(hidden)", remedy)
    trusted = environ.get(TRUST_VARIABLE, "")
    if "*" in trusted.split(","):
        yield Finding(
            TRUST_VARIABLE, trusted, "name the proxy's address: with *, clients choose their own address in a header."
        )
    if settings.shows_server_timing:
        yield Finding("SERVER_TIMING_ENABLED", "true", "set it to false: it shows attackers what is expensive.")
    if settings.serves_metrics and not settings.metrics_token.get_secret_value():
        yield Finding("METRICS_ENABLED", "true", "set METRICS_TOKEN: strangers read how busy the service is.")
    if settings.on_repeated_queries == "raise":
        yield Finding("REPEATED_QUERIES", "raise", "leave it empty: a slow response is better than an error.")


def _unsafe_for_browsers(settings: Settings) -> Iterator[Finding]:
    if "*" in settings.allowed_hosts:
        yield Finding("ALLOWED_HOSTS", "*", "name the public hosts: links are built from the host of the request.")
    for origin in settings.cors_origins:
        if origin.startswith("http://"):
            yield Finding("CORS_ORIGINS", origin, "use https: anyone on the network path can change such a page.")
    if settings.shows_docs:
        yield Finding("DOCS_ENABLED", "true", "set it to false, unless the API's documentation is public.")


def _unsafe_database(settings: Settings) -> Iterator[Finding]:
    named = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_REPLICA_URL": settings.database_replica_url,
        "DATABASE_MIGRATION_URL": settings.database_migration_url,
    }
    for name, url in named.items():
        far = [host for host in database_hosts(url) if not _is_near(host)] if url.lower().startswith("postgres") else []
        if far and not _is_encrypted(url):
            remedy = "add sslmode=verify-full: the password and all rows cross a network."
            yield Finding(name, f"(on {', '.join(far)})", remedy)
    if files := readable_by_others(settings.database_url):
        remedy = f"other users of this machine can read the rows; run `chmod 600 {shlex.join(map(str, files))}`."
        yield Finding("DATABASE_URL", settings.database_url, remedy)
    several = settings.workers * settings.replicas > 1
    if settings.database_url.startswith("sqlite") and several:
        value = f"{settings.workers} and REPLICAS={settings.replicas}"
        yield Finding("WORKERS", value, "use Postgres: SQLite allows one writer at a time, on one machine.")
    if settings.db_statement_timeout_seconds > STATEMENT_SECONDS_MAX:
        value = f"{settings.db_statement_timeout_seconds:g}"
        remedy = f"use {STATEMENT_SECONDS_MAX:g} or less: a slow statement holds a connection and its locks."
        yield Finding("DB_STATEMENT_TIMEOUT_SECONDS", value, remedy)


def _is_near(host: str) -> bool:
    if host == "localhost" or host.startswith("/"):  # a socket
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_encrypted(url: str) -> bool:
    return parse_qs(url.partition("?")[2]).get("sslmode", [""])[-1] in ENCRYPTED


async def _unsafe_at_server(settings: Settings) -> list[Finding]:
    """What only the database knows; skipped while it cannot be reached, so that a build can run this check."""
    if not settings.database_url.startswith("postgres"):
        return await _changed_by_hand(settings)
    strict = settings.model_copy(update={"db_budget": "refuse"})
    try:
        async with database(settings.model_copy(update={"db_budget": "off"})) as context:
            client = context.db()
            found = [*await _over_budget(client, strict), *await _without_limit(client, settings)]
            found += await _sorted_by_language(client)
    except DatabaseError as error:
        typer.echo(f"The database was not checked, because it cannot be reached. ({type(error).__name__})")
        return []
    return [*found, *await _changed_by_hand(settings)]


async def _changed_by_hand(settings: Settings) -> list[Finding]:
    """What the database has otherwise than its migrations; pending ones are no finding, as a deploy applies them."""
    try:
        differences = await compare_database(settings)
    except (DatabaseError, MigrationError) as error:
        typer.echo(f"The schema was not compared with the migrations: {error}")
        return []
    return [Finding("DATABASE_URL", "(schema)", f"{each.what} Run: {'; '.join(each.remedy)};") for each in differences]


async def _over_budget(client: BaseDBAsyncClient, settings: Settings) -> list[Finding]:
    try:
        await check_budget(client, settings)
    except BudgetError as error:
        return [Finding("DB_POOL_MAX_SIZE", str(settings.pool().max_size), str(error))]
    return []


async def _without_limit(client: BaseDBAsyncClient, settings: Settings) -> list[Finding]:
    (row,) = await client.execute_query_dict("SELECT current_setting('statement_timeout') AS timeout")
    if row["timeout"] != "0":
        return []
    remedy = "a session has no time limit then; set one: `ALTER ROLE … SET statement_timeout = '5s'`."
    return [Finding("DB_POOLER", str(settings.db_pooler), remedy)]


async def _sorted_by_language(client: BaseDBAsyncClient) -> list[Finding]:
    problem = await collation_problem(client)
    return [Finding("DATABASE_URL", "(hidden)", problem)] if problem else []
