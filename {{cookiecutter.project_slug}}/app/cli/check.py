"""`check`: are the settings valid, and with `--deploy`, are they safe for production?"""

import asyncio
import re
import shlex
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, NamedTuple
from urllib.parse import parse_qs

import typer
from tortoise.backends.base.client import BaseDBAsyncClient

from app.database import BudgetError, check_budget, compare_database, database
from app.settings import Settings, is_loopback
from tortoise_kit.db import DatabaseError, collation_problem, database_hosts, readable_by_others
from tortoise_kit.migrations import MigrationError
from tortoise_kit.security import Rate, misspelt_names, secret_weakness

STATEMENT_SECONDS_MAX = 60.0  # clients give up before that, while the locks of the statement block others
VERIFIED = "verify-full"  # with the other modes, others on the path can answer in the server's place
TRUSTED_MAX = 2**24  # addresses; 10.0.0.0/8 has as many
TOKEN_LENGTH_MIN = 20
# Attempts a minute: far more than people need, and far fewer than guess a password.
RATES_MAX = {
    "login_rate_per_account": 30,
    "login_rate_per_account_anywhere": 60,
    "login_rate_per_address": 600,
    "refresh_rate_per_address": 6000,
}
# Below these, strangers register names. Of second-level suffixes, those by which most countries sell names.
_SUFFIX = re.compile(
    r"\*\.([^.]+|(ac|co|com|edu|gob|gov|gouv|ltd|ne|net|or|org)\.[a-z]{2}|(amazonaws|azurewebsites|cloudfront|fly|"
    r"github|gitlab|herokuapp|netlify|onrender|pages|run|vercel|web|workers)\.(com|net|dev|io|app))"
)
DRAW = '`python -c "import secrets; print(secrets.token_urlsafe(32))"`'

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
    findings = [*unsafe(settings), *asyncio.run(_unsafe_at_server(settings))] if deploy else []
    wrong = [*misspelt_names(Settings), *findings]
    for each in wrong:
        typer.echo(str(each), err=True)
    if wrong:
        raise typer.Exit(1)
    typer.echo("The settings are safe for production." if deploy else "The settings are valid.")


def unsafe(settings: Settings) -> Iterator[Finding]:
    """What an attacker could use, or what would fail under load; needs no database."""
    yield from _unsafe_process(settings)
    yield from _unsafe_for_browsers(settings)
    yield from _unsafe_database(settings)


def _unsafe_process(settings: Settings) -> Iterator[Finding]:
    if settings.environment != "production":
        yield Finding(
            "ENVIRONMENT", settings.environment, "set it to production, which is strict and discloses little."
        )
    yield from _guessable(settings)
    if any(_trusts_many(each.strip()) for each in settings.forwarded_allow_ips.split(",")):
        remedy = "name only the proxies' addresses: all others could choose their own address in a header."
        yield Finding("FORWARDED_ALLOW_IPS", settings.forwarded_allow_ips, remedy)
    if settings.shows_server_timing:
        yield Finding("SERVER_TIMING_ENABLED", "true", "set it to false: it shows attackers what is expensive.")
    if settings.serves_metrics and not settings.metrics_token.get_secret_value():
        remedy = "set METRICS_TOKEN, or METRICS_ENABLED=false: strangers read how busy the service is, and make it so."
        yield Finding("METRICS_ENABLED", "true", remedy)
    if settings.on_repeated_queries == "raise":
        yield Finding("REPEATED_QUERIES", "raise", "leave it empty: a slow response is better than an error.")


def _guessable(settings: Settings) -> Iterator[Finding]:
    if settings.signs_with_the_published_secret:
        yield Finding("SECRET_KEYS", "(the published default)", f"anyone can sign with it; set the output of {DRAW}.")
    elif reason := next(filter(None, (secret_weakness(each.get_secret_value()) for each in settings.secret_keys)), ""):
        yield Finding("SECRET_KEYS", "(hidden)", f"one {reason}, so it is not random; set the output of {DRAW}.")
    token = settings.metrics_token.get_secret_value()
    if token and (len(token) < TOKEN_LENGTH_MIN or secret_weakness(token)):
        yield Finding("METRICS_TOKEN", "(hidden)", f"it is short or not random; set the output of {DRAW}.")
    for name, most in RATES_MAX.items():
        rate = Rate.parse(value := getattr(settings, name))
        if rate.amount / rate.seconds > most / 60:
            yield Finding(name.upper(), value, f"set {most}/minute or less: what is hardly limited can be guessed.")


def _trusts_many(trusted: str) -> bool:
    """Whether it stands for more addresses than a private network has."""
    try:
        network = ip_network(trusted, strict=False)
    except ValueError:  # a name of a socket's peer, or *
        return trusted == "*"
    return network.num_addresses > TRUSTED_MAX and not network.is_private


def _unsafe_for_browsers(settings: Settings) -> Iterator[Finding]:
    if "*" in settings.allowed_hosts:
        yield Finding("ALLOWED_HOSTS", "*", "name the public hosts: links are built from the host of the request.")
    for host in settings.allowed_hosts:
        if _SUFFIX.fullmatch(host):
            remedy = "name the public hosts: strangers have names below it, and links are built from a request's host."
            yield Finding("ALLOWED_HOSTS", host, remedy)
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
        hosts = database_hosts(url) if url.lower().startswith("postgres") else []
        far = [host for host in hosts if not is_loopback(host)]
        if far and parse_qs(url.partition("?")[2]).get("sslmode") != [VERIFIED]:
            remedy = (
                f"add sslmode={VERIFIED} to its parameters, with sslrootcert=FILE if its CA is unknown here: "
                "the password and all rows cross a network, where others could answer in the server's place."
            )
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
