"""Types of columns with values of each, and an oracle: what a value becomes when the type of its column changes.

The oracle converts in Python, and uses neither SQL nor the table of conversions.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields

from tortoise_kit.models import NumericField, UTCDatetimeField

Misfit = Enum("Misfit", "MISFIT")
MISFIT = Misfit.MISFIT
BITS = {"smallint": 15, "int": 31, "bigint": 63, "timedelta": 63}
WORDS = dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True) | dict.fromkeys(
    ("false", "f", "no", "n", "off", "0"), False
)
PLACES_WITHOUT_EXPONENT = 6


class Shade(StrEnum):
    RED = "red"
    TURQUOISE = "turquoise"


class Plain(StrEnum):
    RED = "red"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Low(IntEnum):
    LOW = 1


@dataclass(frozen=True)
class ColumnType:
    """A type of column.

    Attributes:
        family: What decides how its values convert; empty if they convert to nothing else.
        field: Creates the field.
        values: What is tried, as far as the type can hold it.
        size: Characters of a text, digits of a decimal.
        places: Of a decimal.
    """

    name: str
    family: str
    field: Callable[..., Any]
    values: Sequence[Any]
    size: int = 0
    places: int = 0
    members: tuple[Any, ...] = ()


TEXTS = [
    *("", "a", "abcde", "abcdef", "é" * 9, "x" * 40, "a    ", "a\n", "red", "turquoise"),
    *("0", "7", "-7", "12", "007", "+5", "-0", " 12", "12 ", "12\n", "1e3", "0x1F", "1_000", "99999", "2147483648"),
    *("9223372036854775807", "9223372036854775808", "-99999999999999999999", "NaN", "inf"),
    *("true", "false", "TRUE", "No", "on", "maybe", "2"),
    *("1.5", "1.50", "-1.2345", "0.001", "1.", ".5", "--5", "1.2.3", "12345678.99", "-0.00", "1.500000000"),
    *("2026-01-02", "2026-02-30", "0000-01-01", "2026-1-2", "2026-01-02 ", "20260102", "9999-12-31", "0001-01-01"),
    *("2026-01-02 03:04:05+00:00", "2026-01-02T03:04:05.678901+05:30", "2026-01-02T03:04:05.5Z"),
    *("9999-12-31 23:59:59.999999Z", "0001-01-01T00:00:00+00:00", "9999-12-31 22:59:59-01:00"),
    *("2026-01-02 24:00:00Z", "2026-01-02 03:04:60Z", "2026-01-02 03:04:05", "2026-01-02 03:04:05.1234567Z"),
    *(
        "6f9619ff-8b86-4011-b42d-00cf4fc964ff",
        "6F9619FF-8B86-4011-B42D-00CF4FC964FF",
        "6f9619ff8b864011b42d00cf4fc964ff",
    ),
]
INTEGERS = [
    0,
    1,
    2,
    -7,
    99,
    100,
    999,
    32767,
    -32768,
    40000,
    2**31 - 1,
    2**31,
    10**9,
    2**53,
    2**53 + 1,
    -(2**63),
    2**63 - 1,
]
FLOATS = [
    0.0,
    -0.0,
    1.0,
    0.1,
    1.5,
    -2.25,
    0.125,
    1.005,
    99.99,
    153394719.030607,
    3e9,
    1e14,
    1e15,
    1e300,
    0.1 + 0.2,
    5e-324,
]
DECIMALS = [
    *(
        "0",
        "-0.00",
        "1",
        "-7",
        "1.5",
        "-1.25",
        "1.2345",
        "0.0001",
        "99.99",
        "100",
        "32768",
        "9999999999.99",
        "2147483648",
    ),
    *("153394719.030607", "12345678901234567.891", "-0.001", "0.00000001", "9223372036854775808", "1.50000000"),
]
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
TIMES = [
    NOON,
    NOON + timedelta(microseconds=1),
    datetime(2026, 1, 2, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 1, 2, 1, 30, tzinfo=timezone(timedelta(hours=2))),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, 500000, tzinfo=timezone(timedelta(hours=-5))),
]
UUIDS = [UUID(int=0), UUID(int=2**128 - 1), UUID("6f9619ff-8b86-4011-b42d-00cf4fc964ff")]


def varchar(length: int) -> ColumnType:
    texts = [one for one in TEXTS if len(one) <= length]
    return ColumnType(f"varchar{length}", "text", lambda **o: fields.CharField(max_length=length, **o), texts, length)


def decimal(digits: int, places: int, field: Any = fields.DecimalField, name: str = "decimal") -> ColumnType:
    values = [Decimal(one) for one in DECIMALS if _fits_decimal(Decimal(one), digits, places)]
    create = lambda **options: field(max_digits=digits, decimal_places=places, **options)  # noqa: E731 - as varchar
    return ColumnType(f"{name}{digits}_{places}", "decimal", create, values, digits, places)


def integer(name: str, field: Any) -> ColumnType:
    values = [one for one in INTEGERS if -(2 ** BITS[name]) <= one < 2 ** BITS[name]]
    return ColumnType(name, "int", field, values)


def _fits_decimal(value: Decimal, digits: int, places: int) -> bool:
    return abs(value) < Decimal(10) ** (digits - places) and value == value.quantize(Decimal(1).scaleb(-places))


TYPES = {
    one.name: one
    for one in [
        *map(varchar, (3, 5, 32, 40)),
        ColumnType("text", "text", fields.TextField, TEXTS),
        integer("smallint", fields.SmallIntField),
        integer("int", fields.IntField),
        integer("bigint", fields.BigIntField),
        ColumnType("float", "float", fields.FloatField, FLOATS),
        *(decimal(*sizes) for sizes in ((4, 0), (4, 1), (12, 2), (12, 4), (14, 8), (15, 3), (15, 8))),
        decimal(9, 2, NumericField, "number"),
        decimal(12, 4, NumericField, "number"),
        ColumnType("bool", "bool", fields.BooleanField, [True, False]),
        ColumnType("date", "date", fields.DateField, [date(2026, 1, 2), date(1, 1, 1), date(9999, 12, 31)]),
        ColumnType("datetime", "datetime", fields.DatetimeField, TIMES),
        ColumnType("utc_datetime", "datetime", UTCDatetimeField, TIMES),
        ColumnType("uuid", "uuid", fields.UUIDField, UUIDS),
        ColumnType(
            "timedelta", "int", fields.TimeDeltaField, [timedelta(0), timedelta(hours=-1), timedelta(days=90000)]
        ),
        ColumnType(
            "shade", "text", lambda **o: fields.CharEnumField(Shade, max_length=9, **o), list(Shade), 9, 0, tuple(Shade)
        ),
        ColumnType(
            "plain", "text", lambda **o: fields.CharEnumField(Plain, max_length=9, **o), list(Plain), 9, 0, tuple(Plain)
        ),
        ColumnType("short", "text", lambda **o: fields.CharEnumField(Plain, **o), list(Plain), 3, 0, tuple(Plain)),
        ColumnType("level", "int", lambda **o: fields.IntEnumField(Level, **o), list(Level), 0, 0, tuple(Level)),
        ColumnType("low", "int", lambda **o: fields.IntEnumField(Low, **o), list(Low), 0, 0, tuple(Low)),
        ColumnType("json", "", fields.JSONField, [{"a": 1.0}, [], "text"]),
        ColumnType("binary", "", fields.BinaryField, [b"", b"\x00\xff"]),
        ColumnType("time", "", fields.TimeField, [time(3, 4, tzinfo=UTC)]),
    ]
}


def converts(old: ColumnType, new: ColumnType) -> bool:
    """Whether the types have a conversion at all."""
    if old.family == new.family == "":
        return old.name == new.name
    exponents = [one for one in (old, new) if one.name.startswith("decimal") and one.places > PLACES_WITHOUT_EXPONENT]
    if exponents and not (old.family == new.family and old.places == new.places and not old.name.startswith("number")):
        return False
    pairs = "text int;text bool;text decimal;text date;text datetime;text uuid;int bool;int float;int decimal;"
    pairs += "float decimal;date datetime"
    known = {frozenset(pair.split()) for pair in pairs.split(";")}
    return old.family == new.family or frozenset((old.family, new.family)) in known


def converted(value: Any, old: ColumnType, new: ColumnType) -> Any:
    """What a value becomes, as the ORM reads it; MISFIT if it cannot."""
    if value is None:
        return None
    if isinstance(value, timedelta):
        value //= timedelta(microseconds=1)
    convert = CONVERT.get((old.family, new.family))
    found = convert(value, old, new) if convert else value
    if found is MISFIT or not _holds(new, found):
        return MISFIT
    return timedelta(microseconds=found) if new.name == "timedelta" else found


def _holds(new: ColumnType, value: Any) -> Any:
    """Whether a value of the right kind is within the limits of a type."""
    if new.members and value not in new.members:
        return False
    if new.family == "text":
        return not new.size or len(value) <= new.size
    if new.family == "int":
        return -(2 ** BITS.get(new.name, 15)) <= value < 2 ** BITS.get(new.name, 15)
    return new.family != "decimal" or _fits_decimal(value, new.size, new.places)


def _parsed(parse: Callable[[str], Any], pattern: str) -> Callable[[str, ColumnType, ColumnType], Any]:
    def convert(value: str, _old: ColumnType, _new: ColumnType) -> Any:
        try:
            return parse(value) if re.fullmatch(pattern, value, re.ASCII) else MISFIT
        except ValueError:
            return MISFIT

    return convert


def _to_float(value: int | Decimal, _old: ColumnType, _new: ColumnType) -> Any:
    exact = abs(value) <= 2**53 if isinstance(value, int) else len((value.normalize() + 0).as_tuple().digits) <= 15
    return float(value) if exact else MISFIT


def _from_float(value: float, _old: ColumnType, new: ColumnType) -> Any:
    return Decimal(repr(value + 0.0)) if abs(value) < float(f"1e{15 - new.places}") else MISFIT


def _whole(value: float | Decimal, _old: ColumnType, _new: ColumnType) -> Any:
    return int(value) if value == int(value) else MISFIT


DAY = r"\d{4}-\d\d-\d\d"
STAMP = DAY + r"[ T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
CONVERT: dict[tuple[str, str], Callable[[Any, ColumnType, ColumnType], Any]] = {
    ("text", "int"): _parsed(int, r"0|-?[1-9][0-9]*"),
    ("text", "bool"): lambda value, _old, _new: WORDS.get(value.lower(), MISFIT),
    ("text", "decimal"): _parsed(Decimal, r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"),
    ("text", "uuid"): _parsed(UUID, r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("text", "date"): _parsed(date.fromisoformat, DAY),
    ("text", "datetime"): _parsed(datetime.fromisoformat, STAMP),
    ("int", "text"): lambda value, _old, _new: str(int(value)),
    ("int", "bool"): lambda value, _old, _new: bool(value) if value in {0, 1} else MISFIT,
    ("int", "float"): _to_float,
    ("int", "decimal"): lambda value, _old, _new: Decimal(value),
    ("bool", "text"): lambda value, _old, _new: str(value).lower(),
    ("bool", "int"): lambda value, _old, _new: int(value),
    ("float", "int"): _whole,
    ("float", "decimal"): _from_float,
    ("decimal", "int"): _whole,
    ("decimal", "float"): _to_float,
    ("decimal", "text"): lambda value, old, _new: f"{value.quantize(Decimal(1).scaleb(-old.places)) + 0:f}",
    ("date", "text"): lambda value, _old, _new: value.isoformat(),
    ("date", "datetime"): lambda value, _old, _new: datetime(value.year, value.month, value.day, tzinfo=UTC),
    ("datetime", "date"): lambda value, _old, _new: value.astimezone(UTC).date(),
    ("datetime", "text"): lambda value, _old, _new: value.astimezone(UTC).isoformat(" ", "microseconds"),
    ("uuid", "text"): lambda value, _old, _new: str(value),
}
