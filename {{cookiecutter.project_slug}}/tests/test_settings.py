import re
from typing import Literal

import pytest
from pydantic import ValidationError

from app.settings import PROJECT_FILE, Settings, project

FIELDS = Settings.model_fields


def default(name: str) -> str:
    field = FIELDS[name]
    return "" if field.default_factory or field.default is None else str(field.default)


def test_the_example_file_lists_every_setting_with_its_reason_and_default() -> None:
    text = (PROJECT_FILE.parent / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", text, re.MULTILINE)

    assert listed == [(str(field.description), name.upper(), default(name)) for name, field in FIELDS.items()]


def test_the_readme_lists_every_setting_with_its_reason_and_default() -> None:
    text = (PROJECT_FILE.parent / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.*)`)? *\| (.+) \|$", text, re.MULTILINE)

    assert listed == [(name.upper(), default(name), str(field.description)) for name, field in FIELDS.items()]


def test_a_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_POOL_MAX_SIZE", "3")

    assert Settings(environment="test").db_pool_max_size == 3


def test_the_name_of_the_service_is_the_projects_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICE_NAME", raising=False)
    assert Settings().service_name == project()["name"]

    assert Settings(service_name="other").service_name == "other"


@pytest.mark.parametrize(
    ("name", "value"), [("DB_POOL_MAX_SIZE", "0"), ("DB_COMMAND_TIMEOUT_SECONDS", "0"), ("DATABASE_URL", "shop.db")]
)
def test_a_setting_out_of_range_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_the_password_of_the_database_is_not_shown() -> None:
    url = "postgres://ann:pa55@db/shop"

    assert "pa55" not in repr(Settings(database_url=url, database_migration_url=url))


def test_migrations_use_the_services_database_unless_it_has_another_url() -> None:
    pooled = Settings(database_url="sqlite://a.db", database_migration_url="sqlite://b.db")

    assert Settings(database_url="sqlite://a.db").tortoise_for_migrations() == pooled.tortoise()
    assert Settings(database_url="sqlite://b.db").tortoise() == pooled.tortoise_for_migrations()


@pytest.mark.parametrize(
    ("environment", "on_repeated_queries", "shows_server_timing"),
    [("development", "warn", True), ("test", "raise", False), ("production", "off", False)],
)
def test_queries_are_watched_as_fits_the_environment_unless_it_is_set(
    environment: Literal["development", "test", "production"], on_repeated_queries: str, *, shows_server_timing: bool
) -> None:
    fitting = Settings(environment=environment)
    chosen = Settings(environment=environment, repeated_queries="off", server_timing_enabled=True)

    assert (fitting.on_repeated_queries, fitting.shows_server_timing) == (on_repeated_queries, shows_server_timing)
    assert (chosen.on_repeated_queries, chosen.shows_server_timing) == ("off", True)
