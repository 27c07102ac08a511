import re
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr, ValidationError

from app.accounts.authentication import authenticator
from app.settings import DEVELOPMENT_SECRET, PROJECT_FILE, Settings, project

FIELDS = Settings.model_fields
LIMITS = (
    "db_connect_timeout_seconds",
    "db_acquire_timeout_seconds",
    "db_lock_timeout_seconds",
    "db_statement_timeout_seconds",
    "db_command_timeout_seconds",
    "request_deadline_seconds",
    "shutdown_timeout_seconds",
)


def default(name: str) -> str:
    field = FIELDS[name]
    return "" if field.default_factory or field.default is None else str(field.default)


def settings_with(**given: Any) -> Settings:
    """Settings from texts, as in the environment."""
    return Settings(**given)


def test_the_example_file_lists_every_setting_with_its_reason_and_default() -> None:
    text = (PROJECT_FILE.parent / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", text, re.MULTILINE)

    assert listed == [(str(field.description), name.upper(), default(name)) for name, field in FIELDS.items()]


def test_the_documentation_lists_every_setting_with_its_reason_and_default() -> None:
    text = (PROJECT_FILE.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*)`)? *\| (.+) \|$", text, re.MULTILINE)

    assert listed == [(name.upper(), default(name), str(field.description)) for name, field in FIELDS.items()]


def test_a_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_MAX_SIZE", "3")

    assert Settings(environment="test").db_pool_max_size == 3


def test_the_service_name_defaults_to_the_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICE_NAME", raising=False)
    assert Settings().service_name == project()["name"]

    assert Settings(service_name="other").service_name == "other"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_POOL_MAX_SIZE", "0"),
        ("DB_COMMAND_TIMEOUT_SECONDS", "0"),
        ("DATABASE_URL", "app.db"),
        ("LOGIN_RATE_PER_ACCOUNT", "often"),
        ("ALLOWED_HOSTS", "https://api.example.com"),
        ("ALLOWED_HOSTS", "api.example.com:8000"),
        ("ALLOWED_HOSTS", "api.example.com,"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "www.example.com"),
        ("CORS_ORIGINS", "https://www.example.com/"),
        ("ROOT_PATH", "eu"),
        ("FORWARDED_ALLOW_IPS", "10.0.0.5,*"),
        ("FORWARDED_ALLOW_IPS", "proxy.internal"),
        ("ROOT_PATH", "/eu/"),
        ("ROOT_PATH", "//eu"),
        ("ROOT_PATH", "/../eu"),
        ("JSON_DEPTH_MAX", "0"),
    ],
)
def test_a_setting_out_of_range_is_rejected_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


@pytest.mark.parametrize(("inner", "outer"), [*pairwise(LIMITS)])
def test_a_timeout_that_is_not_below_the_next_one_is_rejected_by_name(inner: str, outer: str) -> None:
    around = float(getattr(Settings(), outer))

    with pytest.raises(ValidationError, match=f"{inner.upper()}={around} must be below {outer.upper()}={around}"):
        Settings.model_validate({inner: around})


def test_the_password_of_the_database_is_not_shown() -> None:
    url = "postgres://ann:pa55@db/app"

    assert "pa55" not in repr(Settings(database_url=url, database_migration_url=url))


def test_secrets_are_separated_by_commas_and_the_first_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = "o" * 32, "n" * 32
    monkeypatch.setenv("SECRET_KEYS", f"{new}, {old}")
    both = authenticator(Settings()).tokens
    before = authenticator(settings_with(secret_keys=old)).tokens
    after = authenticator(settings_with(secret_keys=new)).tokens

    assert both.read(before.issue("7")).subject == "7"
    assert after.read(both.issue("7")).subject == "7"


def test_hosts_and_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "api.example.com, *.example.org,[::1]")
    monkeypatch.setenv("CORS_ORIGINS", "https://www.example.com, http://localhost:3000")
    settings = Settings()

    assert settings.allowed_hosts == ("api.example.com", "*.example.org", "[::1]")
    assert settings.cors_origins == ("https://www.example.com", "http://localhost:3000")
    assert settings_with(cors_origins="").cors_origins == ()


def test_secrets_are_not_shown() -> None:
    settings = settings_with(secret_keys="s3cret" * 8)

    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(settings.model_dump())


@pytest.mark.parametrize("secrets", ["s3cret", f"{'x' * 32},s3cret", f"{'x' * 32},", ","])
def test_a_short_secret_is_rejected_and_not_shown(secrets: str) -> None:
    with pytest.raises(ValidationError, match=r"secret_keys(.|\n)*32 characters or more; create one with") as refused:
        settings_with(secret_keys=secrets)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("secrets", [DEVELOPMENT_SECRET, f"{'x' * 32},{DEVELOPMENT_SECRET}"])
def test_the_published_secret_is_rejected_only_in_production(secrets: str) -> None:
    for environment in ("development", "test"):
        settings_with(environment=environment, secret_keys=secrets)

    with pytest.raises(ValidationError, match="SECRET_KEYS has the published default"):
        settings_with(environment="production", secret_keys=secrets)


def test_production_needs_a_secret() -> None:
    with pytest.raises(ValidationError, match="SECRET_KEYS has the published default"):
        Settings(environment="production")

    settings_with(environment="production", secret_keys="x" * 32)


def test_migrations_use_the_services_database_unless_it_has_another_url() -> None:
    pooled = Settings(database_url="sqlite://a.db", database_migration_url="sqlite://b.db")

    assert Settings(database_url="sqlite://a.db").tortoise_for_migrations() == pooled.tortoise()
    assert Settings(database_url="sqlite://b.db").tortoise() == pooled.tortoise_for_migrations()


@pytest.mark.parametrize(
    ("environment", "on_repeated_queries", "shows_server_timing"),
    [("development", "warn", True), ("test", "raise", False), ("production", "off", False)],
)
def test_query_watching_depends_on_the_environment_unless_it_is_set(
    environment: Literal["development", "test", "production"], on_repeated_queries: str, *, shows_server_timing: bool
) -> None:
    secrets = (SecretStr("s" * 32),)
    fitting = Settings(environment=environment, secret_keys=secrets)
    chosen = Settings(environment=environment, secret_keys=secrets, repeated_queries="off", server_timing_enabled=True)

    assert (fitting.on_repeated_queries, fitting.shows_server_timing) == (on_repeated_queries, shows_server_timing)
    assert (chosen.on_repeated_queries, chosen.shows_server_timing) == ("off", True)


def test_a_setting_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret_keys").write_text("f" * 32 + "\n", encoding="utf-8")
    (tmp_path / "DB_POOL_MAX_SIZE").write_text("7", encoding="utf-8")
    (tmp_path / "metrics_token").write_text("", encoding="utf-8")
    (tmp_path / "elsewhere").write_text("sqlite://b.db\r\n", encoding="utf-8")
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "elsewhere"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    settings = Settings()

    assert [each.get_secret_value() for each in settings.secret_keys] == ["f" * 32]
    assert (settings.db_pool_max_size, settings.database_url) == (7, "sqlite://b.db")
    assert settings.metrics_token.get_secret_value() == ""
    monkeypatch.setenv("DB_POOL_MAX_SIZE", "8")
    assert Settings().db_pool_max_size == 8


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEYS_FILE", str(tmp_path / "missing"))

    with pytest.raises(ValueError, match=r"SECRET_KEYS_FILE=.*missing cannot be read: No such file"):
        Settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "api.example.com"])  # noqa: S104
def test_with_the_published_secret_nobody_else_reaches_a_service_of_no_chosen_environment(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.delenv("ENVIRONMENT", raising=False)

    with pytest.raises(ValueError, match=f"Not listening on {host}: SECRET_KEYS has the published default"):
        Settings().check_host(host)

    for near in ("127.0.0.1", "::1", "localhost", "127.1.2.3", "/run/service.sock"):
        Settings().check_host(near)
    Settings(environment="development").check_host(host)
    settings_with(secret_keys="f" * 32).check_host(host)


def test_the_published_secret_and_misspelt_names_are_warned_of_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABSE_URL", "sqlite://other.db")

    forgeable, named = Settings().warnings()[::-1]

    assert forgeable.startswith("SECRET_KEYS has the published default: everyone who reaches this service can forge")
    assert named == "DATABSE_URL is not a setting; did you mean DATABASE_URL?"
    assert settings_with(secret_keys="f" * 32).warnings() == [named]


def test_another_file_than_env_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "staging.env").write_text("WORKERS=3\n", encoding="utf-8")
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "staging.env"))

    assert Settings().workers == 3


def test_the_suite_reads_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WORKERS=3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert Settings().workers == 1
