"""What a new feature holds: its columns, and the rules and lists over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tortoise_kit.development.features.columns import (
    NO_FILTER,
    NO_UNIQUE,
    RANGES,
    UNSORTABLE,
    Column,
    parse_column,
    reject,
)
from tortoise_kit.development.features.naming import Words
from tortoise_kit.development.features.project import Project
from tortoise_kit.development.features.relations import Target, targets_of
from tortoise_kit.development.features.samples import ENDS, Samples, can_differ, samples_of, span_of

DEFAULT_COLUMN = "name:str:100:unique"
DEFAULT_ORDER = "-created_at"
USERS = "users"
NEVER_ORDERED = UNSORTABLE | {"duration"}
SCHEMAS = {"read", "create", "patch", "filters", "page"}
CAN_DIFFER = "use a str of 9 or more characters, an int without max, datetime, date or uuid"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A feature as it is written.

    Attributes:
        words: Its names.
        columns: In the order of the command line; the owner's first if it was not among them.
        targets: Where each relation leads, by its column's name.
        owner: The foreign key to the user whose rows these are.
        uniques: Columns that are unique together.
        orders: What a list offers, the default first.
        filters: The columns that a list filters by.
    """

    words: Words
    columns: tuple[Column, ...]
    targets: dict[str, Target] = field(default_factory=dict)
    owner: Column | None = None
    uniques: tuple[tuple[Column, ...], ...] = ()
    orders: tuple[str, ...] = (DEFAULT_ORDER,)
    filters: tuple[Column, ...] = ()

    def of(self, *kinds: str) -> list[Column]:
        """The columns of these types."""
        return [each for each in self.columns if each.kind in kinds]

    @property
    def sent(self) -> list[Column]:
        """The columns that a client sends: all but the owner's."""
        return [each for each in self.columns if each is not self.owner]

    @property
    def distinct(self) -> set[str]:
        """The columns whose values must differ between rows."""
        together = {next(each for each in unique if can_differ(each)).name for unique in self.uniques}
        return together | {each.name for each in self.columns if each.unique}

    @property
    def span(self) -> tuple[Column, Column] | None:
        """A start and an end: the first two timestamps, or else days, that each row has."""
        return span_of([each for each in self.columns if not each.null and each.name not in self.distinct])

    def samples(self, column: Column) -> Samples:
        """Values of one of the columns that is no relation; an end is after its start."""
        if self.span and column is self.span[1]:
            return ENDS[column.kind]
        return samples_of(column, distinct=column.name in self.distinct)

    def indexes(self) -> list[tuple[str, ...]]:
        """The indexes that the lists need: each order, for all rows and for those of each filter and of an owner."""
        orders = dict.fromkeys(order.removeprefix("-") for order in self.orders)
        equal = [each.field for each in self.filters if each.kind not in RANGES]
        first: dict[str, None] = dict.fromkeys([*([self.owner.field] if self.owner else []), *equal])
        found: list[tuple[str, ...]] = [(order, "id") for order in orders]
        found += [(name, order, "id") for name in first for order in orders if name != order]
        found += [(each.field, "id") for each in self.filters if each.kind in RANGES]
        led = {index[0] for index in found} | {unique[0].field for unique in self.uniques}
        found += [(each.field,) for each in self.of("fk") if each.field not in led and not each.unique]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Wish:
    """The columns of a feature and the rules over them, in the words of the command line: see `feature new --help`."""

    columns: Sequence[str] = ()
    owner: str | None = None
    unique: Sequence[str] = ()
    order: Sequence[str] = ()
    filters: Sequence[str] = ()


def shape_of(project: Project, words: Words, wish: Wish) -> Shape:
    """What the words of the command line mean.

    Raises:
        FeatureError: A word means nothing here; the message names it and the remedy.
    """
    columns = [parse_column(spec) for spec in wish.columns] or [parse_column(DEFAULT_COLUMN)]
    if wish.owner and wish.owner not in {each.name for each in columns}:
        columns.insert(0, parse_column(f"{wish.owner}:fk:{USERS}"))
    _check_names(words, columns)
    known = {each.name: each for each in columns}
    return Shape(
        words=words,
        columns=tuple(columns),
        targets=targets_of(project, words, columns),
        owner=_owner(known[wish.owner]) if wish.owner else None,
        uniques=tuple(_unique(known, option) for option in wish.unique),
        orders=tuple(check_order(known, each) for each in split(wish.order)) or (DEFAULT_ORDER,),
        filters=tuple(check_filter(known, each) for each in split(wish.filters)),
    )


def split(options: Iterable[str]) -> list[str]:
    """The words of repeated options, each with commas."""
    return [word for option in options for word in option.split(",") if word]


def _check_names(words: Words, columns: list[Column]) -> None:
    names = [name for each in columns for name in {each.name, each.field}]
    for name in names:
        if names.count(name) > 1:
            reject(name, "two columns have this name", "rename one")
    for each in columns:
        if each.kind == "enum" and each.name in SCHEMAS:
            reject(each.name, f"its class {words.spell(each.enum)} would hide another", "choose another name")
        check_unique(each)


def check_unique(column: Column) -> None:
    """Reject a unique column whose values cannot differ between the rows of tests and of the seed.

    Raises:
        FeatureError: It is one.
    """
    if column.unique and not can_differ(column):
        reject(f"{column.name}:{column.kind}:unique", "it has too few values for the example rows", CAN_DIFFER)


def _owner(column: Column) -> Column:
    if (column.kind, column.argument) != ("fk", USERS) or column.null or column.unique:
        reject(column.name, "an owner is a foreign key to users that is never null", f"write {column.name}:fk:{USERS}")
    return column


def _unique(known: dict[str, Column], option: str) -> tuple[Column, ...]:
    columns = tuple(_known(known, name) for name in split([option]))
    for each in columns:
        if each.kind in NO_UNIQUE - {"fk", "bool", "enum"}:
            reject(each.name, f"{each.kind} cannot be unique", "leave it out of --unique")
    if len(columns) < 2:  # noqa: PLR2004 -- together
        reject(option, "--unique names columns that are unique together", f"write {option}:…:unique, or add a column")
    if not any(map(can_differ, columns)):
        reject(
            option,
            "the example rows need a column that can differ for any number of rows",
            f"add {CAN_DIFFER.removeprefix('use ')}",
        )
    return columns


def check_order(known: dict[str, Column], word: str) -> str:
    """The order that a word names.

    Raises:
        FeatureError: A list cannot be sorted by it.
    """
    sign, name = ("-", word[1:]) if word.startswith("-") else ("", word)
    if name == "created_at":
        return word
    column = _known(known, name)
    if column.kind in NEVER_ORDERED or (column.kind == "decimal" and column.digits[1] == 0):
        reject(
            word, f"a list cannot be sorted by {column.kind}:{column.argument}".rstrip(":"), "leave it out of --order"
        )
    return f"{sign}{column.field}"


def check_filter(known: dict[str, Column], word: str) -> Column:
    """The column that a word names.

    Raises:
        FeatureError: No filter is written for its type.
    """
    column = _known(known, word)
    if column.kind in NO_FILTER:
        reject(word, f"no filter of {column.kind} is written", "leave it out of --filter, and write it by hand")
    return column


def _known(known: dict[str, Column], name: str) -> Column:
    return known[name] if name in known else reject(name, "there is no such column", f"use one of {', '.join(known)}")
