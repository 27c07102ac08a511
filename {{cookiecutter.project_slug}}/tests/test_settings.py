import re
from itertools import pairwise

import pytest
from pydantic import ValidationError

from app.settings import PROJECT_FILE, Settings, project

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


@pytest.mark.parametrize(("inner", "outer"), [*pairwise(LIMITS)])
def test_a_limit_that_does_not_end_before_the_one_around_it_is_refused_by_name(inner: str, outer: str) -> None:
    around = float(getattr(Settings(), outer))

    with pytest.raises(ValidationError, match=f"{inner.upper()}={around} must be below {outer.upper()}={around}"):
        Settings.model_validate({inner: around})


def test_the_password_of_the_database_is_not_shown() -> None:
    url = "postgres://ann:pa55@db/shop"

    assert "pa55" not in repr(Settings(database_url=url, database_migration_url=url))


def test_migrations_use_the_services_database_unless_it_has_another_url() -> None:
    pooled = Settings(database_url="sqlite://a.db", database_migration_url="sqlite://b.db")

    assert Settings(database_url="sqlite://a.db").tortoise_for_migrations() == pooled.tortoise()
    assert Settings(database_url="sqlite://b.db").tortoise() == pooled.tortoise_for_migrations()
