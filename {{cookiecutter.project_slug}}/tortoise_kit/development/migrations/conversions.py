"""How the values of a column change with its type: the same conversions, and the same limits, on both databases.

A pair of types that is not in the table is rejected when the migration is written. A row whose value would be cut,
rounded or guessed is rejected when the migration is applied, before anything changes. Only the time of day of a
timestamp that becomes a date is dropped: it is the date in UTC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tortoise_kit.development.migrations.conversion_rules import POSTGRES, SQLITE, STORED_AS, Type, sqlite_words
from tortoise_kit.development.migrations.schema_model import Column
from tortoise_kit.migrations.files import MigrationError
from tortoise_kit.sql.parsing import quoted, text

FAMILIES = {  # by the types on Postgres and on SQLite; a field that stores something else has no conversions
    ("VARCHAR", "VARCHAR"): "text",
    ("TEXT", "TEXT"): "text",
    ("SMALLINT", "SMALLINT"): "int",
    ("INT", "INT"): "int",
    ("BIGINT", "BIGINT"): "int",
    ("BOOL", "INT"): "bool",
    ("DOUBLE PRECISION", "REAL"): "float",
    ("DECIMAL", "VARCHAR"): "decimal",
    ("DECIMAL", "NUMERIC"): "number",
    ("DATE", "DATE"): "date",
    ("TIMESTAMPTZ", "TIMESTAMP"): "datetime",
    ("UUID", "CHAR"): "uuid",
}
BITS = {"SMALLINT": 15, "INT": 31, "BIGINT": 63}
DECIMALS = {"decimal", "number"}
DOUBLE_DIGITS = 15  # decimal digits that a double keeps
DOUBLE_BITS = 53  # a double keeps each integer up to 2⁵³
PLAIN_PLACES = 6  # Python may write a decimal with more places as 1E-7
UTC_FIELD = "UTCDatetimeField"


@dataclass(frozen=True)
class Conversion:
    """What changes in a column's values.

    Attributes:
        value: An expression; empty if they stay, or the database converts them.
        fits: The condition that each value but NULL must meet; empty if all do.
        name: Says so in the error.
    """

    value: str = ""
    fits: str = ""
    name: str = ""


def type_of(column: Column) -> Type:
    """The type of a column that a field describes."""
    types = column.described.get("db_field_types") or {"": column.type}
    names = [str(types.get(dialect) or types[""]) for dialect in ("postgres", "sqlite")]
    bases = [name.partition("(")[0] for name in names]
    size, places, *_ = *map(int, re.findall(r"\d+", names[0].partition("(")[2])), 0, 0
    family = FAMILIES.get((bases[0], bases[1]), " ".join(names))
    return Type(family, names[0], size or BITS.get(bases[0], 0), places)


def between(table: str, old: Column, new: Column, dialect: str) -> Conversion | None:
    """The conversion of a column's values on a database; None if they stay as they are, without a check.

    Raises:
        MigrationError: The two types have no conversion that is the same on both databases.
    """
    before, after = type_of(old), type_of(new)
    c = quoted(new.name)
    rule = _rule(before, after, dialect, utc=_becomes_utc(old, new))
    if rule is None:
        message = (
            f"{table}.{new.name} changes from {before.name} to {after.name}, and no conversion is the same on both "
            "databases: add a new field, fill it in a migration of your own, then remove the old one."
        )
        raise MigrationError(message)
    words = _words(before, after, c) | (sqlite_words(before, after, c) if dialect == "sqlite" else {})
    value, *conditions = (part.format_map(words) for part in rule)
    if dialect == "sqlite" and rule != ("",):
        conditions += _stored(before, after, c, value or c)
    if choices := _choices(old, new):
        conditions.append(f"{value or c} IN ({choices})")
    fits = " AND ".join(filter(None, conditions))
    if "printf" in value:  # it would make a number of NULL
        value = f"CASE WHEN {c} IS NOT NULL THEN {value} END"
    return Conversion(value, fits, f"{table}.{new.name} fits {after.name}") if value or fits else None


def _rule(before: Type, after: Type, dialect: str, *, utc: bool) -> tuple[str, ...] | None:
    """The value and the conditions as templates; None if there are none for these types."""
    same = before.name == after.name and (before.family == after.family or dialect == "postgres")
    if same and not (utc and dialect == "sqlite"):
        return ("",)
    first, second = ("decimal" if one.family in DECIMALS else one.family for one in (before, after))
    kept = first == second == "decimal" and before.places == after.places and before.family <= after.family
    exponents = any(one.family == "decimal" and one.places > PLAIN_PLACES for one in (before, after))
    rule = (POSTGRES if dialect == "postgres" else SQLITE).get((first, second))
    if rule is None or (exponents and not kept):
        return None
    return ("", *rule[1:]) if kept or before.family == after.family == "number" else rule


def _words(before: Type, after: Type, c: str) -> dict[str, object]:
    """What the rules are made of; a condition is empty where each value meets it."""
    exact = ""
    if before.family == "int" and before.size > DOUBLE_BITS:
        exact = f"{c} BETWEEN -{2**DOUBLE_BITS} AND {2**DOUBLE_BITS}"
    elif before.family in DECIMALS and before.size > DOUBLE_DIGITS:
        exact = f"abs({c}) < 1e{DOUBLE_DIGITS - before.places}"
    return {
        "c": c,
        "type": after.name,
        "places": after.places,
        "places_pattern": rf"(\.[0-9]{{1,{after.places}}}0*)?" if after.places else r"(\.0+)?",
        "double": DOUBLE_DIGITS - after.places,
        "exact": exact,
        "short": f"length({c}) <= {after.size}" if _shorter(before, after) else "",
        "unrounded": f"{c} = round({c}, {after.places})" if after.places < before.places else "",
    }


def _stored(before: Type, after: Type, c: str, value: str) -> Iterator[str]:
    """What SQLite itself does not check: the kind of the values, and the length of a text."""
    if kinds := STORED_AS.get(before.family):
        yield f"typeof({c}) IN ({kinds})"
    if before.family != "text" and after.family == "text" and after.size:
        yield f"length({value}) <= {after.size}"


def _shorter(before: Type, after: Type) -> bool:
    return before.family == after.family == "text" and 0 < after.size < (before.size or after.size + 1)


def _becomes_utc(old: Column, new: Column) -> bool:
    """Whether the offsets of timestamps, which SQLite would compare as text, become UTC's."""
    fields = [column.described.get("field_type") for column in (old, new)]
    return fields[1] == UTC_FIELD != fields[0] and type_of(old).family == "datetime"


def _choices(old: Column, new: Column) -> str:
    """The literals of an enum's members, if a value of the old column may be none of them."""
    before, after = ((one.described.get("constraints") or {}).get("enum") for one in (old, new))
    same_field = old.described.get("field_type") == new.described.get("field_type")
    if after is None or (same_field and (before is None or set(before) <= set(after))):
        return ""
    return ", ".join(text(one) if isinstance(one, str) else str(one) for one in after)
