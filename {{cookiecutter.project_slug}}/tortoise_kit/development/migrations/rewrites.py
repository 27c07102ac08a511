"""Which changes of a column's type make Postgres write all rows again, and block the table meanwhile."""

import json
import re
from collections.abc import Mapping

from tortoise_kit.migrations.files import MigrationError, MigrationFile

_TYPED = re.compile(
    r'ALTER\s+(?:COLUMN\s+)?"?(\w+)"?\s+(?:SET\s+DATA\s+)?TYPE\s+((?:\w+\s*)+?(?:\([\d, ]+\))?)\s*(USING|,|$)',
    re.IGNORECASE,
)
TEXTS = {"VARCHAR", "TEXT"}
DECIMALS = {"DECIMAL", "NUMERIC"}


def types_after(file: MigrationFile) -> dict[tuple[str, str], str]:
    """The types on Postgres of all columns after a file, by table and column; none if it has no models' state."""
    try:
        models = json.loads(file.state()).values()
    except MigrationError:
        return {}
    return {
        (model["table"], field["db_column"]): field["db_field_types"].get("postgres") or field["db_field_types"][""]
        for model in models
        for field in (model["pk_field"], *model["data_fields"])
        if field["db_field_types"]
    }


def rewrites(statement: str, table: str, types: Mapping[tuple[str, str], str]) -> bool | None:
    """Whether an ALTER TABLE that changes types rewrites the table; None if that is not known.

    Args:
        statement: The ALTER TABLE.
        table: Its table.
        types: The types before, by table and column.
    """
    changes = [
        _changes_rows(types.get((table, column)), new, using) for column, new, using in _TYPED.findall(statement)
    ]
    return True if True in changes else None if None in changes or not changes else False


def _changes_rows(old: str | None, new: str, using: str) -> bool | None:
    if old is None:
        return None
    (base, *sizes), (new_base, *new_sizes) = (re.findall(r"[A-Z][A-Z ]*|\d+", one.upper()) for one in (old, new))
    if base == new_base and using.upper() == "USING":
        return None
    if {base, new_base} <= DECIMALS and sizes:
        return bool(new_sizes) and (int(new_sizes[0]) < int(sizes[0]) or sizes[1:] != new_sizes[1:])
    longer = not new_sizes or (bool(sizes) and int(new_sizes[0]) >= int(sizes[0]))
    return not ({base, new_base} <= TEXTS and longer) and (base, sizes) != (new_base, new_sizes)
