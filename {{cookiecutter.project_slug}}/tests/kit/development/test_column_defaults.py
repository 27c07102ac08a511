"""The SQL of a field's default: what the field itself would have stored, on both databases."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import Field
from tortoise.fields.db_defaults import Now, RandomHex, SqlDefault
from tortoise.models import Model
from tortoise.validators import MinValueValidator

from tortoise_kit.development.migrations.defaults import database_default, describe, python_default
from tortoise_kit.migrations import MigrationError
from tortoise_kit.models import UTCDatetimeField


class Grade(Enum):
    HIGH = "high"


class Colour(StrEnum):
    RED = "red"


def described(field: Field[Any]) -> dict[str, Any]:
    field.model_field_name = "field"
    found = field.describe(serializable=True)
    describe(found, field, Model)
    return found


@pytest.mark.parametrize(
    ("field", "postgres", "sqlite"),
    [
        (fields.IntField(default=-1), "-1", "-1"),
        (fields.FloatField(default=0.5), "0.5", "0.5"),
        (fields.FloatField(default=float("-inf")), "'-inf'", "-9e999"),
        (fields.BooleanField(default=True), "TRUE", "1"),
        (fields.TextField(default="it's"), "'it''s'", "'it''s'"),
        (fields.DecimalField(max_digits=9, decimal_places=2, default=Decimal("1.5")), "'1.50'", "'1.50'"),
        (fields.TimeDeltaField(default=timedelta(hours=1)), "3600000000", "3600000000"),
        (fields.BinaryField(default=b"\x00\xff"), "'\\x00ff'", "X'00ff'"),
        (fields.DateField(default=date(2026, 1, 2)), "'2026-01-02'", "'2026-01-02'"),
        (fields.TimeField(default=time(3, 4, tzinfo=UTC)), "'03:04:00+00:00'", "'03:04:00+00:00'"),
        (
            UTCDatetimeField(default=datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))),
            "'2026-01-02 01:00:00+00:00'",
            "'2026-01-02 01:00:00+00:00'",
        ),
        (fields.UUIDField(default=UUID(int=1)), f"'{UUID(int=1)}'", f"'{UUID(int=1)}'"),
        (fields.CharEnumField(Grade, default=Grade.HIGH), "'high'", "'high'"),
        (fields.CharField(max_length=9, default=Colour.RED), "'red'", "'red'"),
        (fields.JSONField[dict[str, Any]](default=dict), "'{}'", "'{}'"),
        (fields.JSONField[list[str]](default=list), "'[]'", "'[]'"),
        (fields.JSONField[dict[str, Any]](default={"a": None}), "'{\"a\":null}'", "'{\"a\":null}'"),
        (ArrayField(default=list), "'{}'", "'{}'"),
        (ArrayField("text", default=["a", 'b"', None]), '\'{"a","b\\"",NULL}\'', '\'{"a","b\\"",NULL}\''),
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
    assert database_default(described(fields.TimeDeltaField(db_default=timedelta(hours=1))), "sqlite") == "3600000000"
    assert database_default(described(fields.TextField()), "postgres") is None


@pytest.mark.parametrize(
    ("field", "example"),
    [
        (fields.DatetimeField(auto_now=True), "2026-01-02 03:04:05.678000+00:00"),
        (fields.DatetimeField(db_default=Now()), "2026-01-02 03:04:05.678000+00:00"),
        (fields.DateField(db_default=Now()), "2026-01-02"),
    ],
)
def test_the_current_time_on_sqlite_has_tortoises_format(field: Field[Any], example: str) -> None:
    now = python_default(described(field), "sqlite") or database_default(described(field), "sqlite")

    with closing(sqlite3.connect(":memory:")) as database:
        (written,) = database.execute(f"SELECT {now}").fetchone()

    assert [character.isdigit() or character for character in written] == [
        character.isdigit() or character for character in example
    ]


def test_a_default_that_the_field_does_not_accept_is_reported() -> None:
    with pytest.raises(MigrationError, match=r"Model\.field does not accept its default -1: .*at least|greater|more"):
        described(fields.IntField(default=-1, validators=[MinValueValidator(0)]))
