"""Values of each type of column, as source text: in bodies, in seed data, and what no column takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tortoise_kit.development.features.columns import Column
from tortoise_kit.development.features.fields import bounds

DIGITS_OF_A_NUMBER = 9  # of an item, in a text
SPREAD = 100

type Wrong = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Samples:
    """Source text of values.

    Attributes:
        body: What a client sends for item `number`, which no other item has if the column is unique.
        one: What a client sends, in a test.
        other: The same, for a change.
        row: The value in Python of row `number` of the seed, with its `rng`.
        wrong: Names of values that are rejected, and those values.
    """

    body: str
    one: str
    other: str
    row: str
    wrong: Wrong = ()


def samples_of(column: Column, *, distinct: bool) -> Samples:
    """Values of a column; `distinct` ones differ between items and rows.

    Args:
        column: One that is no relation.
        distinct: Whether items need different values, as a unique constraint demands.
    """
    return {"str": _text, "text": _text, "enum": _enum, "float": _float, "decimal": _decimal}.get(
        column.kind, _integer if column.kind in {"int", "bigint"} else _plain
    )(column, distinct=distinct)


def can_differ(column: Column) -> bool:
    """Whether the values of this column can differ for any number of rows."""
    match column.kind:
        case "str":
            return column.size >= DIGITS_OF_A_NUMBER
        case "int" | "bigint":
            return "max" not in column.options
    return column.kind in {"datetime", "date", "uuid"}


def span_of(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """The first two columns of timestamps, or else of days."""
    for kind in ENDS:
        match [each for each in columns if each.kind == kind]:
            case [start, end, *_]:
                return start, end
    return None


def _text(column: Column, *, distinct: bool) -> Samples:
    size = column.size if column.kind == "str" else 10_000
    label = column.label.capitalize()
    wrong: Wrong = (("NUL", '"a\\0"'), ("a lone surrogate", '"\\ud800"'), ("a list", "[CANARY]"))
    if column.kind == "str":
        wrong = (*wrong, ("a text that is too long", f'"n" * {size + 1}'))
    if size >= len(label) + DIGITS_OF_A_NUMBER + 5:
        return Samples(f'f"New {label.lower()} {{number}}"', f'"{label}"', '"Changed"', f'f"{label} {{number}}"', wrong)
    if size >= DIGITS_OF_A_NUMBER and distinct:
        return Samples('f"{number}n"', '"one"', '"other"', 'f"{number}"', wrong)
    return Samples('"a"', '"a"', '"b"', 'rng.choice("abc")', wrong)


def _enum(column: Column, *, distinct: bool) -> Samples:  # noqa: ARG001 -- as the others
    one, other = (f'"{each}"' for each in column.values[:2])
    return Samples(
        one, one, other, f"rng.choice(list({column.enum}))", (("an unknown value", "CANARY"), ("a number", "7"))
    )


def _integer(column: Column, *, distinct: bool) -> Samples:
    low, high = map(int, bounds(column))
    start = low if "min" in column.options else min(0, high - SPREAD)
    end = min(high, start + SPREAD)
    wrong: Wrong = (("a text", "CANARY"), ("a number that is too large", str(high + 1)))
    if "min" in column.options:
        wrong = (*wrong, ("a number that is too small", str(low - 1)))
    row = f"rng.randint({start}, {end})"
    if distinct:
        return Samples(f"{start + 10**8} + number", str(start), str(end), f"{start} + number", wrong)
    return Samples(str(start), str(start), str(end), row, wrong)


def _decimal(column: Column, *, distinct: bool) -> Samples:  # noqa: ARG001 -- as the others
    low, high = bounds(column)
    _, places = column.digits
    start = low if "min" in column.options else min(Decimal(0), high - 1)
    end = min(high, start + SPREAD)
    one, other = (f'"{each:.{places}f}"' for each in (start, end))
    scale = 10**places
    row = f"Decimal(rng.randint({int(start * scale):_}, {int(end * scale):_})) / {scale:_}"
    wrong = [("a text", "CANARY"), ("NaN", '"NaN"'), ("a number that is too large", f'"{high + 1:f}"')]
    if "min" in column.options:
        wrong.append(("a number that is too small", f'"{low - 1:f}"'))
    return Samples(one, one, other, row.replace(" / 1)", ")"), tuple(wrong))


def _float(column: Column, *, distinct: bool) -> Samples:  # noqa: ARG001 -- as the others
    low, high = bounds(column)
    start = float(low) if "min" in column.options else min(0.5, float(high) - 1)
    end = min(float(high), start + SPREAD)
    wrong = [("a text", "CANARY"), ("infinity", '"Infinity"')]
    return Samples(str(start), str(start), str(end), f"round(rng.uniform({start}, {end}), 2)", tuple(wrong))


def _plain(column: Column, *, distinct: bool) -> Samples:
    random, plain = PLAIN[column.kind]
    return plain if distinct else Samples(plain.one, plain.one, plain.other, random, plain.wrong)


TEXT = ("a text", "CANARY")
EARLIER = {"datetime": '"2029-01-01T09:00:00Z"', "date": '"2029-01-01"'}
"""A change of the start of a span, before which no end is."""
# The value of a row if rows may be alike, and the samples if they may not.
PLAIN = {
    "bool": ("rng.choice((False, True))", Samples("True", "True", "False", "True", (TEXT, ("a number", "7")))),
    "datetime": (
        "DATA_START + timedelta(minutes=rng.randrange(1_000_000))",
        Samples(
            'f"{DATA_END + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}"',
            '"2030-01-01T09:00:00Z"',
            '"2031-02-03T10:30:00Z"',
            "DATA_START + timedelta(minutes=number)",
            (TEXT, ("a timestamp without an offset", '"2030-01-01T09:00:00"')),
        ),
    ),
    "date": (
        "DATA_START.date() + timedelta(days=rng.randrange(700))",
        Samples(
            'f"{DATA_END + timedelta(days=365 * 100 + number):%Y-%m-%d}"',
            '"2030-01-01"',
            '"2031-02-03"',
            "DATA_START.date() + timedelta(days=number)",
            (TEXT, ("a day that does not exist", '"2030-02-30"')),
        ),
    ),
    "time": (
        "time(rng.randrange(24), tzinfo=UTC)",
        Samples(
            '"09:00:00Z"', '"09:00:00Z"', '"10:30:00Z"', "time(9, tzinfo=UTC)", (TEXT, ("no offset", '"09:00:00"'))
        ),
    ),
    "duration": (
        "timedelta(minutes=rng.randrange(5, 120))",
        Samples('"PT1H"', '"PT1H"', '"PT1H30M"', "timedelta(hours=1)", (TEXT,)),
    ),
    "uuid": (
        "UUID(int=rng.getrandbits(128))",
        Samples(
            "str(UUID(int=number))",
            '"00000000-0000-4000-8000-000000000001"',
            '"00000000-0000-4000-8000-000000000002"',
            "UUID(int=2**64 + number)",
            (TEXT,),
        ),
    ),
    "json": (
        '{"number": rng.randrange(100)}',
        Samples('{"number": 1}', '{"number": 1}', '{"number": 2}', "{}", (TEXT, ("a member with NUL", '{"a": "\\0"}'))),
    ),
    "binary": ("rng.randbytes(8)", Samples('"YWJj"', '"YWJj"', '"ZGVm"', 'b""', (("no base64", '"%"'),))),
}
ENDS = {
    "datetime": Samples(
        '"2030-01-01T10:00:00Z"',
        '"2030-01-01T10:00:00Z"',
        '"2031-02-03T11:30:00Z"',
        "start + timedelta(minutes=rng.randrange(5, 120))",
        PLAIN["datetime"][1].wrong,
    ),
    "date": Samples(
        '"2030-01-02"',
        '"2030-01-02"',
        '"2031-02-04"',
        "start + timedelta(days=rng.randrange(1, 30))",
        PLAIN["date"][1].wrong,
    ),
}
"""The samples of the end of a span; in a row of the seed, `start` is its start."""
