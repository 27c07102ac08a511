import sqlite3
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from tortoise import fields
from tortoise.fields import Field
from tortoise.fields.db_defaults import Now, RandomHex, SqlDefault

from tortoise_kit.development.migrations.defaults import database_default, python_default


def described(field: Field[Any]) -> dict[str, Any]:
    field.model_field_name = "field"
    return {**field.describe(serializable=True), "db_field_types": {}}


@pytest.mark.parametrize(
    ("field", "postgres", "sqlite"),
    [
        (fields.IntField(default=-1), "-1", "-1"),
        (fields.FloatField(default=0.5), "0.5", "0.5"),
        (fields.BooleanField(default=True), "TRUE", "1"),
        (fields.TextField(default="it's"), "'it''s'", "'it''s'"),
        (fields.JSONField[dict[str, Any]](default=dict), "'{}'", "'{}'"),
        (fields.JSONField[list[str]](default=list), "'[]'", "'[]'"),
        (fields.JSONField[dict[str, Any]](default={"a": 1}), None, None),
        (fields.UUIDField(default=uuid4), None, None),
        (fields.IntField(), None, None),
    ],
)
def test_a_constant_python_default_fills_existing_rows(
    field: Field[Any], postgres: str | None, sqlite: str | None
) -> None:
    found = [python_default(described(field), dialect) for dialect in ("postgres", "sqlite")]

    assert found == [postgres, sqlite]


def test_a_database_default_is_its_sql() -> None:
    defaults = [fields.TextField(db_default=default) for default in ("a", SqlDefault("lower('A')"), RandomHex())]

    found = [database_default(described(field), "sqlite") for field in defaults]

    assert found == ["'a'", "lower('A')", RandomHex().get_sql(dialect="sqlite")]
    assert database_default(described(fields.DatetimeField(db_default=Now())), "postgres") == "CURRENT_TIMESTAMP"
    assert database_default(described(fields.TextField()), "postgres") is None


def test_the_current_time_on_sqlite_has_tortoises_format() -> None:
    now = python_default(described(fields.DatetimeField(auto_now=True)), "sqlite")

    with closing(sqlite3.connect(":memory:")) as database:
        (written,) = database.execute(f"SELECT {now}").fetchone()

    assert len(written) == len("2026-01-02 03:04:05.678000+00:00")
    assert written.endswith("000+00:00")
