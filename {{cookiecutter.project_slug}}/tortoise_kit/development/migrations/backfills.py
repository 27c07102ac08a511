"""What a column holds in rows that exist when it comes: the SQL of its default.

Aerich loses `db_default` when it adds a column, and gives a text, JSON or time column no default at all, so that the
migration fails on the first table with rows.
"""

import ast
import re
from typing import Any

from tortoise.fields.db_defaults import Now, RandomHex

from tortoise_kit.sql.parsing import text

NOT_SET = "__NOT_SET__"
SQLITE_NOW = "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"  # as Tortoise writes times: they are compared as text
EMPTY_JSON = {"<function builtins.dict>": "'{}'", "<function builtins.list>": "'[]'"}
_SQL_DEFAULT = re.compile(r"SqlDefault\((.*)\)", re.DOTALL)
_ENUM_MEMBER = re.compile(r"\w+\.\w+")


def database_default(field: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `db_default`, or None."""
    value = field["db_default"]
    return None if value in (NOT_SET, None) else _sql(value, dialect)


def python_default(field: dict[str, Any], dialect: str) -> str | None:
    """The SQL of a described field's `default`, or None where each row would get another value."""
    value = field["default"]
    if field.get("auto_now") or field.get("auto_now_add"):
        return _sql(str(Now()), dialect)
    if value is None:
        return None
    if value in EMPTY_JSON:
        return EMPTY_JSON[value]
    return _sql(value, dialect) if _is_constant(field) else None


def _is_constant(field: dict[str, Any]) -> bool:
    """Whether the description holds the default itself, and not the name of a function, of an enum or of a dict."""
    value = field["default"]
    if not isinstance(value, str):
        return True
    named = field["field_type"].endswith("EnumFieldInstance") and _ENUM_MEMBER.fullmatch(value)
    return not (named or value.startswith("<function ") or field["field_type"] == "JSONField")


def _sql(value: Any, dialect: str) -> str:
    if value == str(Now()):
        return SQLITE_NOW if dialect == "sqlite" else Now().get_sql(dialect=dialect)
    if value == str(RandomHex()):
        return RandomHex().get_sql(dialect=dialect)
    if isinstance(value, str) and (match := _SQL_DEFAULT.fullmatch(value)):
        return str(ast.literal_eval(match[1]))
    if isinstance(value, bool):
        return str(int(value)) if dialect == "sqlite" else str(value).upper()
    return str(value) if isinstance(value, int | float) else text(str(value))
