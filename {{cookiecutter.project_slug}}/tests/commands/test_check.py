"""`python -m app check --deploy`: every setting that is unsafe in production is reported by name."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.check import unsafe
from app.cli.main import cli
from app.settings import DEVELOPMENT_SECRET, Settings
from tests.support.processes import run_app, upgrade
from tortoise_kit.development.testing import execute

SECRET = "vTq3-8LzRk1_XcWm7yPb0NfHsD2eGuJa"  # noqa: S105 -- made up, for these tests
SAFE: dict[str, Any] = {
    "environment": "production",
    "secret_keys": SECRET,
    "allowed_hosts": "api.example.com",
    "database_url": "postgres://ann:pa55@db.example.com/app?sslmode=verify-full",
}


def found(environ: dict[str, str] | None = None, **changes: Any) -> list[str]:
    return [str(each) for each in unsafe(Settings(**{**SAFE, **changes}), environ or {})]


def test_safe_settings_pass() -> None:
    assert found() == []
    assert found(database_url="postgres://ann@localhost/app") == []
    assert found(database_url="postgres://ann@127.0.0.1/app") == []
    assert found(database_url="postgres://ann@%2Frun%2Fpostgresql/app") == []
    assert found(database_url="sqlite:///srv/app.db") == []
    assert found({"FORWARDED_ALLOW_IPS": "10.0.0.1"}, cors_origins="https://www.example.com") == []


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"secret_keys": "abc" * 20}, "SECRET_KEYS=(hidden): "),
        ({"secret_keys": f"{SECRET},{'x' * 32}"}, "SECRET_KEYS=(hidden): "),
        ({"server_timing_enabled": True}, "SERVER_TIMING_ENABLED=true: "),
        ({"repeated_queries": "raise"}, "REPEATED_QUERIES=raise: "),
        ({"allowed_hosts": "*"}, "ALLOWED_HOSTS=*: "),
        ({"allowed_hosts": "api.example.com, *"}, "ALLOWED_HOSTS=*: "),
        ({"cors_origins": "https://a.example, http://b.example"}, "CORS_ORIGINS=http://b.example: "),
        ({"docs_enabled": True}, "DOCS_ENABLED=true: "),
        ({"metrics_enabled": True}, "METRICS_ENABLED=true: "),
        ({"database_url": "postgres://ann:pa55@db/app"}, "DATABASE_URL=(on db): "),
        ({"database_url": "postgres://ann:pa55@db/app?sslmode=prefer"}, "DATABASE_URL=(on db): "),
        (
            {"database_url": "postgres://ann:pa55@localhost:1,db:2/app?target_session_attrs=read-write"},
            "DATABASE_URL=(on db): ",
        ),
        ({"database_url": "postgres://ann:pa55@10.0.0.7/app"}, "DATABASE_URL=(on 10.0.0.7): "),
        ({"database_replica_url": "postgres://ann:pa55@other/app"}, "DATABASE_REPLICA_URL=(on other): "),
        ({"database_migration_url": "postgres://ann:pa55@other/app"}, "DATABASE_MIGRATION_URL=(on other): "),
        ({"database_url": "sqlite://app.db", "workers": 2}, "WORKERS=2 and REPLICAS=1: "),
        ({"database_url": "sqlite://app.db", "replicas": 3}, "WORKERS=1 and REPLICAS=3: "),
        (
            {
                "db_statement_timeout_seconds": 61,
                "db_command_timeout_seconds": 62,
                "request_deadline_seconds": 63,
                "shutdown_timeout_seconds": 64,
            },
            "DB_STATEMENT_TIMEOUT_SECONDS=61: ",
        ),
    ],
    ids=str,
)
def test_each_unsafe_setting_is_named_with_its_value_and_no_secret(changes: dict[str, Any], beginning: str) -> None:
    (line,) = found(**changes)

    assert line.startswith(beginning)
    assert line.endswith(".")
    assert not [secret for secret in (SECRET, "pa55", "abcabc") if secret in line]


def test_trusting_forwarded_addresses_from_anywhere_is_unsafe() -> None:
    (line,) = found({"FORWARDED_ALLOW_IPS": "10.0.0.1,*"})

    assert line.startswith("FORWARDED_ALLOW_IPS=10.0.0.1,*: ")


def test_a_file_that_other_users_can_read_is_unsafe(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    file.touch(0o600)
    assert found(database_url=f"sqlite://{file}") == []

    file.chmod(0o604)
    (line,) = found(database_url=f"sqlite://{file}")
    remedy = f"other users of this machine can read the rows; run `chmod 600 {file}`."
    assert line == f"DATABASE_URL=sqlite://{file}: {remedy}"


def test_the_defaults_of_development_are_unsafe() -> None:
    names = [line.partition("=")[0] for line in found(environment="development", secret_keys=DEVELOPMENT_SECRET)]

    assert names == ["ENVIRONMENT", "SECRET_KEYS", "SERVER_TIMING_ENABLED", "METRICS_ENABLED", "DOCS_ENABLED"]


def run(monkeypatch: pytest.MonkeyPatch, *options: str, **changes: Any) -> tuple[int, str, str]:
    for name, value in {**SAFE, **changes}.items():
        monkeypatch.setenv(name.upper(), str(value))
    ended = CliRunner().invoke(cli, ["check", *options])
    return ended.exit_code, ended.stdout, ended.stderr


def test_the_exit_code_is_1_when_a_setting_is_unsafe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "missing.db"
    safe = {"database_url": f"sqlite://{file}"}

    code, said, errors = run(monkeypatch, "--deploy", **safe)
    assert (code, errors) == (0, "")
    assert said.splitlines()[0].endswith(f"The database {file} does not exist: create it with `migrations upgrade`.")
    assert said.splitlines()[1:] == ["The settings are safe for production."]
    assert not file.exists()
    assert run(monkeypatch, **safe, docs_enabled="true") == (0, "The settings are valid.\n", "")
    code, _, errors = run(monkeypatch, "--deploy", **safe, docs_enabled="true")
    assert code == 1
    assert errors.startswith("DOCS_ENABLED=true: ")


async def check_deploy(**changes: Any) -> tuple[int, str, str]:
    """The same in another process, since this one already has a Tortoise."""
    given = {**SAFE, **changes}
    url, variables = given.pop("database_url"), {name.upper(): value for name, value in given.items()}
    ended = await run_app(url, "check", "--deploy", **variables)
    return ended.returncode, ended.stdout.decode(), ended.stderr.decode()


@pytest.mark.slow
async def test_an_unreachable_database_does_not_fail_the_check() -> None:
    code, said, errors = await check_deploy(database_url="postgres://nobody@127.0.0.1:1/app")

    assert (code, errors) == (0, "")
    assert said.startswith("The database was not checked")


@pytest.mark.slow
@pytest.mark.only("postgres")
async def test_the_check_asks_the_server_for_its_connections_and_statement_timeout(
    database: str, postgres_server: str
) -> None:
    code, _, _ = await check_deploy(database_url=postgres_server)
    assert code == 0

    code, _, errors = await check_deploy(database_url=postgres_server, replicas=1000)
    assert (code, errors.startswith("DB_POOL_MAX_SIZE=")) == (1, True)

    code, _, errors = await check_deploy(database_url=postgres_server, db_pooler="pgbouncer")
    assert (code, errors.startswith("DB_POOLER=pgbouncer: ")) == (1, True)


@pytest.mark.slow
async def test_a_database_that_was_changed_by_hand_fails_the_check_with_the_remedy(empty_database_url: str) -> None:
    await upgrade(empty_database_url)
    safe = await check_deploy(database_url=empty_database_url)
    await execute(empty_database_url, "CREATE INDEX by_hand ON users (name)")

    code, _, errors = await check_deploy(database_url=empty_database_url)

    assert safe[::2] == (0, "")
    assert code == 1
    assert errors.startswith("DATABASE_URL=(schema): index by_hand of users is in no migration. Run: DROP INDEX ")
