"""Defaults of fields, as a snapshot keeps them and as SQL.

Tortoise describes a default by `str(default)`, which for most types is no value of the column. A snapshot of the kit
has what the field itself would store.
"""

import ast
import re
import warnings
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from math import isinf, isnan
from typing import Any

from tortoise.fields import Field
from tortoise.fields.db_defaults import Now, RandomHex
from tortoise.models import Model

from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import text

NOT_SET = "__NOT_SET__"
NOW = {  # by the column's type; on SQLite, times are text as Tortoise writes it
    "sqlite": {"TIMESTAMP": "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))", "DATE": "(date('now'))"},
    "postgres": {"DATE": "((CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::DATE)"},  # whatever the session's time zone
}
EMPTY = {"<function builtins.dict>": "{}", "<function builtins.list>": "[]"}
_SQL_DEFAULT = re.compile(r"SqlDefault\((.*)\)", re.DOTALL)


def describe(described: dict[str, Any], field: Field[Any], model: type[Model]) -> None:
    """Put into a field's description what its defaults store, and the values of its enum.

    Raises:
        MigrationError: The field itself does not accept its default.
    """
    for name in ("default", "db_default"):
        value = getattr(field, name)
        if described[name] not in (None, NOT_SET) and not callable(value) and not hasattr(value, "get_sql"):
            described[name] = _stored(field, model, value)
    if enum := getattr(field, "enum_type", None):
        described["constraints"]["enum"] = [field.to_db_value(member, model) for member in enum]


def database_default(described: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `db_default`, or None."""
    value = described["db_default"]
    return None if value in (NOT_SET, None) else _sql(value, described, dialect)


def python_default(described: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `default`, or None where every row would get a different value."""
    value = described["default"]
    if described.get("auto_now") or described.get("auto_now_add"):
        return _sql(str(Now()), described, dialect)
    if value in EMPTY:
        return text("{}" if _type(described, "postgres").endswith("[]") else EMPTY[value])
    if value is None or str(value).startswith("<function "):
        return None
    return _sql(value, described, dialect)


def field_sql(field: Field[Any], model: type[Model], dialect: str) -> str | None:
    """The SQL of a field's `db_default`, or None."""
    described = field.describe(serializable=True)
    describe(described, field, model)
    return database_default(described, dialect)


def is_constant(described: dict[str, Any]) -> bool:
    """Whether the SQL of a field's default has the same value for each row of a statement."""
    value = str(described["db_default"])
    return value != str(RandomHex()) and not _SQL_DEFAULT.fullmatch(value)


def _stored(field: Field[Any], model: type[Model], value: Any) -> int | float | str | bool | None:
    try:
        with warnings.catch_warnings(action="ignore"):  # of naive times, which are the application's time zone
            stored = field.to_db_value(value, model)
            return _plain(field.to_python_value(stored) if isinstance(stored, Decimal) else stored)
    except Exception as error:
        message = f"{model.__name__}.{field.model_field_name} does not accept its default {value!r}: {error}."
        raise MigrationError(message) from error


def _plain(value: Any) -> int | float | str | bool | None:
    """A value for the database as JSON can keep it, and as a literal of its column's type can be written."""
    plain: int | float | str | bool | None
    match value:
        case Enum():
            plain = _plain(value.value)
        case datetime():
            plain = (value.astimezone(UTC) if value.tzinfo else value).isoformat(" ")
        case date() | time():
            plain = value.isoformat()
        case bytes():
            plain = value.hex()
        case list() | tuple():
            plain = f"{{{','.join(map(_element, value))}}}"
        case float() if isnan(value):
            message = "SQLite stores NULL instead of NaN"
            raise ValueError(message)
        case float() if isinf(value):
            plain = str(value)  # JSON has no such number
        case None | bool() | int() | float():
            plain = value
        case _:
            plain = str(value)
    return plain


def _element(value: Any) -> str:
    """One element of an array on Postgres, which is text."""
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return str(_plain(value))
    return '"' + str(_plain(value)).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sql(value: Any, described: dict[str, Any], dialect: str) -> str:
    kind = _type(described, dialect)
    if value == str(Now()):
        return NOW[dialect].get(kind, Now().sql)
    if value == str(RandomHex()):
        return RandomHex().get_sql(dialect=dialect)
    if isinstance(value, str) and (match := _SQL_DEFAULT.fullmatch(value)):
        return str(ast.literal_eval(match[1]))
    return _literal(value, kind, dialect)


def _literal(value: Any, kind: str, dialect: str) -> str:
    on_sqlite = dialect == "sqlite"
    if isinstance(value, bool):
        return str(int(value)) if on_sqlite else str(value).upper()
    if kind == "REAL" and isinstance(value, str):
        return value.replace("inf", "9e999")
    if kind in {"BLOB", "BYTEA"}:
        return f"X'{value}'" if on_sqlite else text(rf"\x{value}")
    return str(value) if isinstance(value, int | float) else text(str(value))


def _type(described: dict[str, Any], dialect: str) -> str:
    types: dict[str, str] = described["db_field_types"] or {"": ""}
    return str(types.get(dialect) or types[""])
