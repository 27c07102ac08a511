"""The SQL of the indexes and constraints that models declare, for each database, from their descriptions.

A description is what JSON can hold, so that the snapshots of old models have it too: the names of an index's fields,
what `describe()` returns for an `Index`, or the arguments of a constraint and its `kind`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pypika_tortoise.terms import ValueWrapper
from tortoise.exceptions import ConfigurationError
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from tortoise_kit.sql.overlaps import Overlap
from tortoise_kit.sql.parsing import quoted

NAME_BYTES = 63  # the longest name Postgres keeps
NULL_ORDER = re.compile(r"(-?)(\w+)(?: nulls (first|last))?")

type Description = dict[str, Any] | Sequence[str]
type Naming = Callable[[str, Sequence[str]], str]
"""From a prefix and the columns to the name of an index that has none."""


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


@dataclass(frozen=True)
class TableDescription:
    """What the SQL of an index depends on besides its description.

    Attributes:
        name, key: Of the table and of its primary key's column.
        columns: The columns by the names of their fields and relations.
        types: The SQL types of the columns.
        dialect: `postgres` or `sqlite`.
        naming: See `Naming`.
    """

    name: str
    key: str
    columns: Mapping[str, str]
    types: Mapping[str, str]
    dialect: str
    naming: Naming

    def column(self, name: str) -> str:
        """The column of a field or relation.

        Raises:
            ConfigurationError: There is none.
        """
        if column := self.columns.get(name) or (name if name in self.types else None):
            return column
        message = f"the table {self.name} has no field {name!r}; there are: {', '.join(sorted(self.columns))}"
        raise ConfigurationError(message)

    def quoted(self, names: Iterable[str]) -> str:
        """The columns of fields as a list in SQL."""
        return ", ".join(quoted(self.column(name)) for name in names)


def descriptions(model: type[Model]) -> tuple[list[Description], list[Description]]:
    """The descriptions of a model's indexes, and those of its constraints; Tortoise must be initialised."""
    for each in (*model._meta.indexes, *(getattr(one, "index", None) for one in model._meta.constraints)):
        if isinstance(each, Index):  # Tortoise does not always do it
            each.resolve_expressions(model)
    return [*map(_index_description, model._meta.indexes)], [*map(_constraint_description, model._meta.constraints)]


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


def _index_description(index: Any) -> Description:
    if not isinstance(index, Index):
        return list(index)
    described = index.describe()
    if isinstance(index, PartialIndex) and index.condition:  # Tortoise takes the names of fields for those of columns
        described |= {"extra": "", "equal": {name: str(ValueWrapper(value)) for name, value in index.condition.items()}}
    return described


def _constraint_description(constraint: Any) -> Description:
    path, _, arguments = constraint.deconstruct()
    return {"kind": path.rpartition(".")[2], **arguments}


def _index(table: TableDescription, described: dict[str, Any], found: Declared, *, unique: bool = False) -> None:
    using = described.get("using") or described.get("type") or ""
    if table.dialect == "sqlite" and using.upper() not in {"", "BTREE"}:
        return
    keys = list(_keys(table, described))
    plain = [key if " " in key or "(" in key else key.strip('"') for key in keys]
    name = described.get("name") or table.naming("uid" if unique else "idx", plain)
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
