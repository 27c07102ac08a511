"""Columns as the command line spells them: `name:str:100`, `fee:decimal:8,2:min=0`, `joined:date?`."""

import keyword
import re
from dataclasses import dataclass, field
from typing import NoReturn

from pydantic import BaseModel
from tortoise.models import Model

from tortoise_kit.development.features.project import FeatureError

GRAMMAR = """A column is NAME:TYPE, with what the type needs and its options behind further colons:

  name:str:100                       text of at most 100 characters
  fee:decimal:8,2:min=0:max=5000     8 digits, 2 of them after the point
  specialty:enum:general,dental      one of these values
  clinic:fk:clinics                  a row of the table clinics, as clinic_id
  tags:m2m:tags                      any number of rows of the table tags
  slot:datetime   born:date   at:time   length:duration   count:int   size:bigint   ratio:float
  active:bool     notes:text  key:uuid  facts:json        photo:binary

A ? at the end lets the column be null: joined:date?
Options are min= and max= (numbers), default= (str, text, int, bool, enum), and unique."""

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VALUE = re.compile(r"[a-z][a-z0-9_-]*")
LONGEST = 40
LONGEST_TEXT = 10_000
INT_MAX = {"int": 2**31 - 1, "bigint": 2**63 - 1}
DIGITS_MAX = 15  # exact on SQLite
NUMBERS = frozenset({"int", "bigint", "decimal", "float"})
DEFAULTS = frozenset({"str", "text", "int", "bigint", "bool", "enum"})
RANGES = frozenset({"datetime", "date", "decimal", "float"})
UNSORTABLE = frozenset({"text", "json", "binary", "time", "m2m"})
NO_FILTER = frozenset({"text", "json", "binary", "time", "duration", "m2m"})
NO_UNIQUE = frozenset({"fk", "text", "json", "binary", "m2m", "bool", "enum", "time", "duration", "float"})
WITH_ARGUMENT = {"str": "100", "decimal": "8,2", "enum": "open,closed", "fk": "clinics", "m2m": "tags"}
TYPES = (
    *WITH_ARGUMENT,
    *("text", "int", "bigint", "bool", "float", "datetime", "date", "time", "duration", "uuid", "json", "binary"),
)
TAKEN = {"id", "created_at", "limit", "order_by", "cursor"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        name: As in the model; a foreign key's without `_id`.
        kind: One of TYPES.
        argument: What the type needs: a length, `digits,places`, values, or a table.
        null: Whether it may be null.
        options: `min`, `max` and `default` as they were written.
        unique: Whether no two rows may have the same value.
    """

    name: str
    kind: str
    argument: str = ""
    null: bool = False
    options: dict[str, str] = field(default_factory=dict)
    unique: bool = False

    @property
    def field(self) -> str:
        """The name in indexes, bodies and filters: `clinic_id` for a foreign key."""
        return f"{self.name}_id" if self.kind == "fk" else self.name

    @property
    def label(self) -> str:
        """As in a sentence: `last name`."""
        return self.name.replace("_", " ")

    @property
    def size(self) -> int:
        """The length of a text."""
        return int(self.argument)

    @property
    def digits(self) -> tuple[int, int]:
        """All digits of a decimal, and those after the point."""
        digits, places = self.argument.split(",")
        return int(digits), int(places)

    @property
    def values(self) -> list[str]:
        """Of an enum."""
        return self.argument.split(",")

    @property
    def enum(self) -> str:
        """The class of an enum, with the skeleton's name for the model: `TicketStatus`, once it is spelled."""
        return f"PaperClip{self.name.title().replace('_', '')}"


def parse_column(word: str) -> Column:
    """The column that a word describes.

    Raises:
        FeatureError: It describes none; the message names the word and the remedy.
    """
    bare = word.removesuffix("?")
    name, _, rest = bare.partition(":")
    _check_name(word, name)
    kind, *parts = rest.split(":")
    if kind not in TYPES:
        reject(word, f"{kind!r} is not a type", f"write {name}:TYPE with one of {', '.join(TYPES)}")
    argument = ""
    if kind in WITH_ARGUMENT:
        argument = parts.pop(0) if parts and "=" not in parts[0] else ""
        if not _fits(kind, argument):
            reject(word, f"{argument!r} does not fit {kind}", f"write for example {name}:{kind}:{WITH_ARGUMENT[kind]}")
    options = dict(_option(word, kind, part) for part in parts if part != "unique")
    column = Column(
        name=name, kind=kind, argument=argument, null=word.endswith("?"), options=options, unique="unique" in parts
    )
    _check_options(word, column)
    return column


def _check_name(word: str, name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        reject(word, f"{name!r} is not a usable name", f"use a-z, 0-9 and single _, at most {LONGEST} characters")
    if name in TAKEN:
        reject(word, f"{name!r} is there already", "choose another name")
    if keyword.iskeyword(name) or hasattr(Model, name) or hasattr(BaseModel, name):
        reject(word, f"{name!r} has a meaning in Python, Tortoise or pydantic", "choose another name")


def _fits(kind: str, argument: str) -> bool:
    match kind:
        case "str":
            return argument.isdecimal() and 1 <= int(argument) <= LONGEST_TEXT
        case "decimal":
            found = re.fullmatch(r"(\d{1,2}),(\d{1,2})", argument)
            return found is not None and 1 <= int(found[1]) <= DIGITS_MAX and int(found[2]) < int(found[1])
        case "enum":
            values = argument.split(",")
            return len(values) == len({each.replace("-", "_") for each in values}) > 1 and all(
                map(VALUE.fullmatch, values)
            )
    return NAME.fullmatch(argument) is not None


def _option(word: str, kind: str, part: str) -> tuple[str, str]:
    name, given, value = part.partition("=")
    allowed = ["min", "max"] * (kind in NUMBERS) + ["default"] * (kind in DEFAULTS)
    if name not in allowed or not given:
        options = [*(f"{each}=VALUE" for each in allowed), *(["unique"] * (kind not in NO_UNIQUE))]
        reject(word, f"{part!r} is not an option of {kind}", f"use {' or '.join(options) or 'none'}")
    number = r"-?\d{1,15}" if kind in INT_MAX else r"-?\d{1,15}(\.\d+)?"
    if name != "default" and not re.fullmatch(number, value):
        reject(word, f"{value!r} is not a number", f"write for example {name}=0")
    return name, value


def _check_options(word: str, column: Column) -> None:
    low, high = (float(column.options.get(name, default)) for name, default in (("min", "-inf"), ("max", "inf")))
    largest = {"decimal": 10.0 ** (column.digits[0] - column.digits[1]) if column.kind == "decimal" else 0}
    limit = largest.get(column.kind, INT_MAX.get(column.kind, float("inf")))
    if low >= high or low >= limit or (high != float("inf") and high > limit):
        reject(word, f"{column.options} leave no range within the column", "let min be less than max, and both fit")
    if column.kind == "decimal" and any(
        len(value.partition(".")[2]) > column.digits[1] for value in column.options.values()
    ):
        reject(word, f"{column.options} have more places than the column", "use as many as the column has, or fewer")
    if column.unique and column.kind in NO_UNIQUE:
        reject(word, f"{column.kind} cannot be unique", "leave unique out")
    default = column.options.get("default")
    if default is not None and not _is_value(column, default, low, high):
        reject(word, f"{default!r} is no value of this column", "choose another default")


def _is_value(column: Column, default: str, low: float, high: float) -> bool:
    match column.kind:
        case "str":
            return len(default) <= column.size
        case "int" | "bigint":
            return re.fullmatch(r"-?\d{1,9}", default) is not None and low <= int(default) <= high
        case "bool":
            return default in {"true", "false"}
        case "enum":
            return default in column.values
    return True


def reject(word: str, problem: str, remedy: str) -> NoReturn:
    """Report a word of the command line that means nothing.

    Raises:
        FeatureError: Always.
    """
    message = f"{word}: {problem}: {remedy}."
    raise FeatureError(message)
