"""The SQL of the indexes and constraints that models declare, for each database, from their descriptions."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tortoise.exceptions import ConfigurationError

from tortoise_kit.sql.descriptions import Description, TableDescription
from tortoise_kit.sql.overlaps import Overlap
from tortoise_kit.sql.parsing import quoted

NAME_BYTES = 63  # the longest name Postgres keeps
INDEX_TYPES = ("", "BTREE", "HASH", "GIN", "GIST", "SPGIST", "BRIN", "BLOOM")
NULL_ORDER = re.compile(r"(-?)(\w+)(?: nulls (first|last))?")


@dataclass(frozen=True)
class IndexDefinition:
    """An index without its name: whether it is unique, and what follows the name of its table."""

    unique: bool
    definition: str

    def statement(self, name: str, table: str, *, safe: bool = False) -> str:
        """Its CREATE INDEX; `table` is SQL."""
        kind = "CREATE UNIQUE INDEX" if self.unique else "CREATE INDEX"
        return f"{kind} {'IF NOT EXISTS ' if safe else ''}{quoted(name)} ON {table} {self.definition}"


@dataclass
class Declared:
    """What one table has beside its columns, by name.

    Attributes:
        indexes: Without the names of their tables.
        constraints: What follows `CONSTRAINT name`.
        triggers: Whole statements; SQLite only.
        checks: Statements that fail if rows violate what the triggers of that name guard; SQLite only.
        extensions: Of Postgres, which the constraints need.
    """

    indexes: dict[str, IndexDefinition] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)
    extensions: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        """The names of all its indexes, constraints and triggers."""
        return {*self.indexes, *self.constraints, *self.triggers}

    def mapped(self, change: Callable[[str], str]) -> "Declared":
        """The same with other definitions of indexes and constraints, without triggers."""
        indexes = {name: replace(each, definition=change(each.definition)) for name, each in self.indexes.items()}
        constraints = {name: change(definition) for name, definition in self.constraints.items()}
        return Declared(indexes, constraints, extensions=self.extensions)


def declared(table: TableDescription, described: Iterable[Description]) -> Declared:
    """The SQL of a table's indexes and constraints.

    Raises:
        ConfigurationError: A description names no field, a name is longer than Postgres keeps or stands for two things,
            or the kind of a constraint is unknown.
    """
    found = Declared()
    for each in described:
        if not isinstance(each, dict):
            _index(table, {"fields": list(each)}, found)
        elif each.get("kind") in KINDS:
            KINDS[each["kind"]](table, each, found)
        elif "kind" in each:
            message = f"a constraint of {table.name} is a {each['kind']}; there are: {', '.join(KINDS)}"
            raise ConfigurationError(message)
        else:
            _index(table, each, found)
    return found


def _index(table: TableDescription, described: dict[str, Any], found: Declared, *, unique: bool = False) -> None:
    using = described.get("using") or described.get("type") or ""
    if using.upper() not in INDEX_TYPES:
        message = (
            f"an index of {table.name} is of the type {using}; Postgres has {', '.join(filter(None, INDEX_TYPES))}"
        )
        raise ConfigurationError(message)
    if table.dialect == "sqlite" and using.upper() not in {"", "BTREE"}:
        return
    keys = list(_keys(table, described))
    name = described.get("name") or table.naming("idx", [*_names(table, described)])
    include = [quoted(table.column(each)) for each in described.get("include") or ()]
    if table.dialect == "sqlite" and not unique:
        keys += include
    parts = [f"({', '.join(keys)})"]
    if table.dialect == "postgres":
        parts[:0] = [f"USING {using}"] if using else []
        parts += [f"INCLUDE ({', '.join(include)})"] if include else []
        parts += [] if described.get("nulls_distinct", True) else ["NULLS NOT DISTINCT"]
        parts += [f"WITH ({described['storage']})"] if described.get("storage") else []
    parts += [str(described["extra"]).strip()] if described.get("extra") else []
    equal = [f"{quoted(table.column(one))} = {value}" for one, value in (described.get("equal") or {}).items()]
    condition = described.get("condition") or " AND ".join(equal)
    parts += [f"WHERE {condition}"] if condition else []
    _add(table, found.indexes, name, IndexDefinition(unique, " ".join(parts)))


def _keys(table: TableDescription, described: dict[str, Any]) -> Iterable[str]:
    opclasses = described.get("opclasses") or () if table.dialect == "postgres" else ()
    expressions = [(f"({each})", "") for each in described.get("expressions") or ()]
    expressions += [_ordered(table, each) for each in described.get("order") or described.get("fields") or ()]
    for number, (key, order) in enumerate(expressions):
        yield " ".join(part for part in (key, *opclasses[number : number + 1], order) if part)


def _names(table: TableDescription, described: dict[str, Any]) -> Iterable[str]:
    """What an index without a name is called after, the same on both databases: its columns with their directions."""
    yield from (re.sub(r"\W+", "_", each).strip("_") for each in described.get("expressions") or ())
    for item in described.get("order") or described.get("fields") or ():
        match = NULL_ORDER.fullmatch(item)
        minus, name, nulls = match.groups() if match else ("", item, None)
        yield "_".join([table.column(name), *(["desc"] if minus else []), *([f"nulls_{nulls}"] if nulls else [])])


def _ordered(table: TableDescription, item: str) -> tuple[str, str]:
    """A column and its direction; SQLite has one place for NULLs: first when ascending, last when descending."""
    match = NULL_ORDER.fullmatch(item)
    name, minus, nulls = (match[2], match[1], match[3]) if match else (item, "", None)
    place = f"NULLS {nulls.upper()}" if nulls and table.dialect == "postgres" else ""
    return quoted(table.column(name)), f"{'DESC' if minus else ''} {place}".strip()


def _unique(table: TableDescription, described: dict[str, Any], found: Declared) -> None:
    fields, nulls_distinct = list(described.get("fields") or ()), described.get("nulls_distinct", True)
    partial = any(described.get(part) for part in ("condition", "expressions", "opclasses"))
    name = described.get("name") or table.naming("uid", [table.column(each) for each in fields])
    if table.dialect == "sqlite" and not nulls_distinct:
        pairs = [(f"ifnull({column}, 0)", f"{column} IS NULL") for column in map(quoted, map(table.column, fields))]
        described = {**described, "fields": [], "expressions": [part for pair in pairs for part in pair]}
        partial = True
    if partial:
        _index(table, {**described, "name": name}, found, unique=True)
        return
    nulls = "" if nulls_distinct else "NULLS NOT DISTINCT "
    include = described.get("include") or () if table.dialect == "postgres" else ()
    covering = f" INCLUDE ({table.quoted(include)})" if include else ""
    _add(table, found.constraints, name, f"UNIQUE {nulls}({table.quoted(fields)}){covering}")


def _check(table: TableDescription, described: dict[str, Any], found: Declared) -> None:
    _add(table, found.constraints, described["name"], f"CHECK ({described['check']})")


def _no_overlap(table: TableDescription, described: dict[str, Any], found: Declared) -> None:
    name, (start, end) = described["name"], map(table.column, described["fields"])
    if table.types[start] != table.types[end]:
        message = f"{name} needs two columns of one type: {start} is {table.types[start]}, {end} is {table.types[end]}"
        raise ConfigurationError(message)
    by = [table.column(each) for each in described["by"]]
    overlap = Overlap(table.name, table.key, start, end, by, described["condition"])
    _add(table, found.constraints, f"{name}_check", f"CHECK ({quoted(start)} <= {quoted(end)})")
    if table.dialect == "postgres":
        _add(table, found.constraints, name, overlap.exclusion(table.types[start]))
        found.extensions |= {"btree_gist"} if by else set()
        return
    keys = ", ".join(map(quoted, [*by, start]))
    _add(table, found.indexes, name, IndexDefinition(unique=False, definition=f"({keys})"))
    found.triggers |= overlap.triggers(name)
    found.checks[name] = overlap.check(name)


def _add[Definition](table: TableDescription, there: dict[str, Definition], name: str, definition: Definition) -> None:
    if len(name.encode()) > NAME_BYTES:
        message = f"the name {name!r} is longer than the {NAME_BYTES} bytes that Postgres keeps"
        raise ConfigurationError(message)
    if there.setdefault(name, definition) != definition:
        message = f"{name!r} stands for two indexes or constraints of {table.name}: name one otherwise"
        raise ConfigurationError(message)


KINDS: dict[str, Callable[[TableDescription, dict[str, Any], Declared], None]] = {
    "UniqueConstraint": _unique,
    "CheckConstraint": _check,
    "NoOverlap": _no_overlap,
}
