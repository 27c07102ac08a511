"""`python -m app check --deploy`: every setting that is unsafe in production is reported by name."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.check import RATES_MAX, unsafe
from app.cli.main import cli
from app.settings import DEVELOPMENT_SECRET, PROJECT_FILE, Settings
from tests.support.processes import run_app, upgrade
from tortoise_kit.development.testing import COLLATION, execute

SECRET = "vTq3-8LzRk1_XcWm7yPb0NfHsD2eGuJa"  # noqa: S105 -- made up, for these tests
SAFE: dict[str, Any] = {
    "environment": "production",
    "secret_keys": SECRET,
    "allowed_hosts": "api.example.com",
    "database_url": "postgres://ann:pa55@db.example.com/app?sslmode=verify-full",
}


def found(**changes: Any) -> list[str]:
    return [str(each) for each in unsafe(Settings(**{**SAFE, **changes}))]


def test_safe_settings_pass() -> None:
    assert found() == []
    assert found(database_url="postgres://ann@localhost/app") == []
    assert found(database_url="postgres://ann@127.0.0.1/app") == []
    assert found(database_url="postgres://ann@%2Frun%2Fpostgresql/app") == []
    assert found(database_url="sqlite:///srv/app.db") == []
    assert found(forwarded_allow_ips="10.0.0.1", cors_origins="https://www.example.com") == []


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"secret_keys": "abc" * 20}, "SECRET_KEYS=(hidden): "),
        ({"secret_keys": "change-me-change-me-change-me-please"}, "SECRET_KEYS=(hidden): "),
        ({"secret_keys": "correct horse battery staple and tortoise"}, "SECRET_KEYS=(hidden): "),
        ({"secret_keys": f"{SECRET},Replace-This-Key-1234567890-abcdef"}, "SECRET_KEYS=(hidden): "),
        ({"metrics_token": "prometheus"}, "METRICS_TOKEN=(hidden): "),
        ({"metrics_token": "please-change-me-1234567890"}, "METRICS_TOKEN=(hidden): "),
        ({"login_rate_per_account": "10000/second"}, "LOGIN_RATE_PER_ACCOUNT=10000/second: "),
        ({"login_rate_per_account_anywhere": "10000/hour"}, "LOGIN_RATE_PER_ACCOUNT_ANYWHERE=10000/hour: "),
        ({"login_rate_per_address": "1000/minute"}, "LOGIN_RATE_PER_ADDRESS=1000/minute: "),
        ({"refresh_rate_per_address": "1000/second"}, "REFRESH_RATE_PER_ADDRESS=1000/second: "),
        ({"allowed_hosts": "*.com"}, "ALLOWED_HOSTS=*.com: "),
        ({"allowed_hosts": "api.example.com,*.co.uk"}, "ALLOWED_HOSTS=*.co.uk: "),
        ({"allowed_hosts": "*.herokuapp.com"}, "ALLOWED_HOSTS=*.herokuapp.com: "),
        ({"workers": 4, "metrics_enabled": True}, "METRICS_ENABLED=true: "),
        ({"database_url": "postgres://ann:pa55@db/app?sslmode=require"}, "DATABASE_URL=(on db): "),
        ({"database_url": "postgres://ann:pa55@db/app?sslmode=verify-ca"}, "DATABASE_URL=(on db): "),
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


@pytest.mark.parametrize("trusted", ["*", "0.0.0.0/0", "127.0.0.1, ::/0", "0.0.0.0/1", "2000::/3"])
def test_trusting_forwarded_addresses_from_anywhere_is_unsafe(trusted: str) -> None:
    (line,) = found(forwarded_allow_ips=trusted)

    assert line.startswith(f"FORWARDED_ALLOW_IPS={trusted}: ")
    for narrow in ("127.0.0.1", "10.0.0.0/8", "fd00::/8", "192.0.2.7, 2001:db8::/64"):
        assert found(forwarded_allow_ips=narrow) == []


def test_each_remedy_that_names_a_value_is_right_when_it_is_followed() -> None:
    drawing = re.search(r"`(python -c .+?)`", found(secret_keys="abc" * 20)[0])
    assert drawing is not None
    command, *arguments = shlex.split(drawing[1])
    drawn = subprocess.run([sys.executable, *arguments], capture_output=True, check=True, text=True, timeout=30)  # noqa: S603

    assert command == "python"
    assert found(secret_keys=drawn.stdout.strip(), metrics_token=drawn.stdout.strip()) == []
    for name in RATES_MAX:
        (line,) = found(**{name: "10000/second"})
        advised = re.search(r"set (\d+/minute) or less", line)
        assert advised is not None
        assert found(**{name: advised[1]}) == []
    for parameters in ("sslmode=verify-full", f"sslmode=verify-full&sslrootcert={PROJECT_FILE}"):
        assert found(database_url=f"postgres://ann:pa55@db/app?{parameters}") == []
    for changes in ({"metrics_token": SECRET}, {"metrics_enabled": False}):
        assert found(**{"workers": 4, "metrics_enabled": True, **changes}) == []


def misspelt_names(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str = "", **variables: str) -> list[str]:
    (folder / ".env").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ENV_FILE", ".env")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = CliRunner().invoke(cli, ["check"])
    assert ended.exit_code == bool(ended.stderr)
    return ended.stderr.splitlines()


def test_a_misspelt_name_is_reported_with_the_nearest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = "DATABSE_URL=sqlite://other.db\nSECRET_KEY=s3cret\nDB_SIZE=3\nOTEL_PROPAGATORS=none\nPOSTGRES_PASSWORD=x\n"

    lines = misspelt_names(
        monkeypatch, tmp_path, text, ENVIROMENT="production", DB_SERVICE_HOST="10.0.0.1", LOGNAME="ann"
    )

    assert [line.partition(" ")[0] for line in lines] == ["DATABSE_URL", "DB_SIZE", "ENVIROMENT", "SECRET_KEY"]
    assert lines[0] == "DATABSE_URL is not a setting; did you mean DATABASE_URL?"
    assert lines[2:] == [
        "ENVIROMENT is not a setting; did you mean ENVIRONMENT?",
        "SECRET_KEY is not a setting; did you mean SECRET_KEYS?",
    ]


def test_right_names_are_not_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    example = (PROJECT_FILE.parent / ".env.example").read_text(encoding="utf-8")

    assert misspelt_names(monkeypatch, tmp_path, example, SECRETS_DIR=str(tmp_path)) == []


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

    assert safe[::2] == (0, "") or COLLATION != "C"
    assert code == 1
    said = f"\n{errors.removeprefix(safe[2])}"
    assert "\nDATABASE_URL=(schema): index by_hand of users is in no migration. Run: DROP INDEX " in said
