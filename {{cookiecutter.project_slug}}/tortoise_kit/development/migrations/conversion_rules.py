"""The table of conversions: how the values of a column change with its type, and what each value must meet.

The families of types, and what SQLite stores for them; its expressions result in exactly that:

    text      VARCHAR, TEXT: text                    date      text, 2026-01-02
    int       SMALLINT, INT, BIGINT: integer         datetime  text in UTC, 2026-01-02 03:04:05.678900+00:00
    bool      integer, 0 or 1                        uuid      text in lower case, with hyphens
    float     real                                   decimal   text with all its decimal places, 1.50
                                                     number    a decimal as integer or real (`NumericField`)

SQLite's functions for times know milliseconds only, and round, so a fraction of a second is handled as text; so are the
digits of a decimal, which may be more than a double keeps.
"""

from typing import NamedTuple

INTEGER_DIGITS = 19  # of the largest integer on both databases
TRUE, FALSE = "'true', 't', 'yes', 'y', 'on', '1'", "'false', 'f', 'no', 'n', 'off', '0'"
DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
UUID = "-".join("[0-9a-f]" * digits for digits in (8, 4, 4, 4, 12))
# asyncpg writes the first and last date and time that Python knows as infinity, which Postgres formats as NULL.
LAST_DAY, FIRST_DAY = "'9999-12-31'", "'0001-01-01'"
LAST, FIRST = "'9999-12-31 23:59:59.999999+00:00'", "'0001-01-01 00:00:00.000000+00:00'"
_DROPS = " /* drops the time of day */"
_CLOCK = r"[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{{1,6}})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"


def _infinite(value: str, last: str, first: str) -> str:
    return f"CASE {value} WHEN {last} THEN 'infinity' WHEN {first} THEN '-infinity' ELSE {value} END"


def _finite(value: str, last: str, first: str) -> str:
    return f"CASE {{c}} WHEN 'infinity' THEN {last} WHEN '-infinity' THEN {first} ELSE {value} END"


# By the families before and after: the value (empty where it stays, or the database converts it), then conditions.
# Postgres itself rejects what is too large or too long, unless a cast to the exact type is written.
POSTGRES = {
    ("text", "text"): ("", "{short}"),
    ("text", "int"): ("{c}::{type}", "{c} ~ '^(0|-?[1-9][0-9]*)$'"),
    ("text", "bool"): (f"lower({{c}}) IN ({TRUE})", f"lower({{c}}) IN ({TRUE}, {FALSE})"),
    ("text", "decimal"): ("{c}::NUMERIC", "{c} ~ '^-?(0|[1-9][0-9]*){places_pattern}$'"),
    ("text", "date"): (_infinite("{c}::DATE", LAST_DAY, FIRST_DAY), f"{{c}} ~ '^{DAY}$'"),
    ("text", "datetime"): (_infinite("{c}::TIMESTAMPTZ", LAST, FIRST), f"{{c}} ~ '^{DAY}{_CLOCK}$'"),
    ("text", "uuid"): ("{c}::UUID", f"lower({{c}}) ~ '^{UUID}$'"),
    ("int", "int"): ("",),
    ("int", "text"): ("{c}::TEXT",),
    ("int", "bool"): ("{c} = 1", "{c} IN (0, 1)"),
    ("int", "float"): ("", "{exact}"),
    ("int", "decimal"): ("",),
    ("bool", "int"): ("{c}::INT",),
    ("bool", "text"): ("{c}::TEXT",),
    ("float", "int"): ("", "{c} = trunc({c})"),
    ("float", "decimal"): ("", "abs({c}) < 1e{double}", "round({c}::NUMERIC, {places})::FLOAT8 = {c}"),
    ("decimal", "int"): ("", "{c} = trunc({c})"),
    ("decimal", "float"): ("", "{exact}"),
    ("decimal", "decimal"): ("", "{unrounded}"),
    ("decimal", "text"): ("{c}::TEXT",),
    ("date", "text"): (_finite("to_char({c}, 'YYYY-MM-DD')", LAST_DAY, FIRST_DAY),),
    ("date", "datetime"): (_finite("{c}::TIMESTAMP AT TIME ZONE 'UTC'", "'9999-12-31 00:00:00+00'", "'-infinity'"),),
    ("datetime", "date"): (_infinite("({c} AT TIME ZONE 'UTC')::DATE", LAST_DAY, FIRST_DAY) + _DROPS,),
    ("datetime", "datetime"): ("",),
    ("datetime", "text"): (
        _finite("to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00'", LAST, FIRST),
    ),
    ("uuid", "text"): ("{c}::TEXT",),
}

_INTEGER = "CAST({c} AS INTEGER)"
_IN_RANGE = "BETWEEN {low} AND {high}"
_UTC = "strftime('%Y-%m-%d %H:%M:%S', {seconds}) || "
_IS_DAY = "date(substr({c}, 1, 10), '+0 days') = substr({c}, 1, 10) AND {c} >= '0001'"

SQLITE = {
    ("text", "text"): ("", "{short}"),
    ("text", "int"): (_INTEGER, f"CAST({_INTEGER} AS TEXT) = {{c}}", f"{_INTEGER} {_IN_RANGE}"),
    ("text", "bool"): POSTGRES["text", "bool"],
    ("text", "decimal"): (
        "{decimal}",
        "{c} NOT GLOB '--*' AND {digits} NOT GLOB '*[^0-9.]*' AND {digits} NOT GLOB '*.' AND {digits} NOT GLOB '*.*.*'",
        "({whole} = '0' OR {whole} GLOB '[1-9]*')",
        "{unrounded}",
        "{small}",
    ),
    ("text", "date"): ("", f"{{c}} GLOB '{DAY}'", _IS_DAY),
    ("text", "datetime"): (
        _UTC + "{written} || '+00:00'",
        f"{{c}} GLOB '{DAY}[ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9]*' AND substr({{c}}, 12, 2) <= '23'",
        _IS_DAY,
        "({fraction} = '' OR {fraction} GLOB '.[0-9]*' AND {fraction} NOT GLOB '.*.*' AND length({fraction}) <= 7)",
        "({offset} = 'Z' OR {offset} GLOB '[+-][01][0-9]:[0-5][0-9]' AND substr({offset}, 2, 2) <= '13')",
    ),
    ("text", "uuid"): ("lower({c})", f"lower({{c}}) GLOB '{UUID}'"),
    ("int", "int"): ("", "{in_range}"),
    ("int", "text"): ("CAST({c} AS TEXT)",),
    ("int", "bool"): ("", "{c} IN (0, 1)"),
    ("int", "float"): ("CAST({c} AS REAL)", "{exact}"),
    ("int", "decimal"): ("CAST({c} AS TEXT) || '{point_zeros}'", "{small_integer}"),
    ("bool", "int"): ("", "{c} IN (0, 1)"),
    ("bool", "text"): ("CASE {c} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END", "{c} IN (0, 1)"),
    ("float", "int"): (_INTEGER, f"{_INTEGER} = {{c}}", f"{_INTEGER} {_IN_RANGE}"),
    ("float", "decimal"): (
        "{rounded}",
        "abs({c}) < 1e{double} AND abs({c}) < 1e{room}",
        "CAST(replace({rounded}, '.', '') AS INTEGER) / 1e{places} = {c}",
    ),
    ("decimal", "int"): (
        "CAST({signed} AS INTEGER)",
        "{unrounded}",
        "CAST(CAST({signed} AS INTEGER) AS TEXT) = {signed}",
        f"CAST({{signed}} AS INTEGER) {_IN_RANGE}",
    ),
    ("decimal", "float"): ("CAST(replace({exactly}, '.', '') AS INTEGER) / 1e{places_before}", "{exact}"),
    ("decimal", "decimal"): ("{decimal}", "{unrounded}", "{small}"),
    ("decimal", "text"): ("{exactly}",),
    ("date", "text"): ("{c}",),
    ("date", "datetime"): ("{c} || ' 00:00:00+00:00'",),
    ("datetime", "date"): ("date({seconds})" + _DROPS, "date({seconds}) IS NOT NULL"),
    ("datetime", "datetime"): (_UTC + "{written} || '+00:00'", "date({seconds}) IS NOT NULL"),
    ("datetime", "text"): (_UTC + "{microseconds} || '+00:00'", "date({seconds}) IS NOT NULL"),
    ("uuid", "text"): ("lower({c})",),
}

STORED_AS = {  # where a hand-written row may hold another kind, which SQLite accepts in any column
    "int": "'integer'",
    "bool": "'integer'",
    "float": "'real'",
    "number": "'integer', 'real'",
}


class Type(NamedTuple):
    """The type of a column on both databases.

    Attributes:
        family: One of the table's; the types themselves if it has no conversions.
        name: Postgres' name, with length or precision.
        size: The length of a text, the digits of a decimal, the bits of an integer; 0 if it has no limit.
        places: Decimal places.
    """

    family: str
    name: str
    size: int = 0
    places: int = 0


def sqlite_words(before: Type, after: Type, c: str) -> dict[str, object]:
    """What the rules for SQLite are made of, besides what all are; a condition is empty where each value meets it."""
    low, high = -(2**after.size), 2**after.size - 1
    room = after.size - after.places
    return {
        **_decimal_words(before, after, c),
        **_time_words(c),
        "low": low,
        "high": high,
        "in_range": f"{c} BETWEEN {low} AND {high}" if after.size < before.size else "",
        "room": room,
        "point_zeros": f".{'0' * after.places}" if after.places else "",
        "rounded": f"printf('%.{after.places}f', {c} + 0.0)",  # -0.0 + 0.0 is 0.0
        "small_integer": f"{c} BETWEEN -{10**room - 1} AND {10**room - 1}" if room < INTEGER_DIGITS else "",
        "places_before": before.places,
    }


def _decimal_words(before: Type, after: Type, c: str) -> dict[str, object]:
    stored = f"printf('%.{before.places}f', {c})" if before.family == "number" else c
    digits = f"ltrim({stored}, '-')"
    whole = f"substr({digits}, 1, instr({digits} || '.', '.') - 1)"
    rest = f"substr({digits}, instr({digits} || '.', '.') + 1)"
    signed = f"CASE WHEN {stored} GLOB '-*[1-9]*' THEN '-' ELSE '' END || {whole}"
    room, room_before = after.size - after.places, before.size - before.places
    any_text = before.family == "text"
    unrounded = f"rtrim(substr({rest}, {after.places + 1}), '0') = ''"
    return {
        "digits": digits,
        "whole": whole,
        "signed": signed,
        "decimal": _with_places(signed, rest, after.places),
        "exactly": _with_places(signed, rest, before.places),
        "unrounded": unrounded if any_text or after.places < before.places else "",
        "small": f"length(ltrim({whole}, '0')) <= {room}" if any_text or room < room_before else "",
    }


def _with_places(whole: str, rest: str, places: int) -> str:
    return f"{whole} || '.' || substr({rest} || '{'0' * places}', 1, {places})" if places else whole


def _time_words(c: str) -> dict[str, object]:
    offset = f"ltrim(substr({c}, 20), '.0123456789')"
    fraction = f"substr({c}, 20, length({c}) - 19 - length({offset}))"
    microseconds = f"substr({fraction} || substr('.000000', length({fraction}) + 1), 1, 7)"
    return {
        "seconds": f"substr({c}, 1, 19) || {offset}",
        "offset": offset,
        "fraction": fraction,
        "microseconds": microseconds,
        "written": f"replace({microseconds}, '.000000', '')",
    }
