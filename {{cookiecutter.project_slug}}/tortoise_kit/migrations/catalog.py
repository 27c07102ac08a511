"""What a database has: its tables, columns, constraints, indexes and the rest, as objects that can be compared."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FACETS = frozenset({"default", "generation", "NOT NULL", "comment"})  # of a column; they come and go with it

VALUES_NEEDED = "Existing rows need a value: write it in place of the dots."

type Key = tuple[str, str, str]


class Difference(NamedTuple):
    """Something that a database has otherwise than its history says, and the statements that fix it."""

    what: str
    remedy: Sequence[str]


@dataclass(frozen=True)
class SchemaObject:
    """One object of a schema.

    Attributes:
        kind: `table`, `column`, `default`, `NOT NULL`, `constraint`, `index`, `sequence`, `view`, `trigger`, ...
        owner: Its table; empty for what belongs to none.
        name: Its name; of a column's default, the column's.
        definition: What is compared.
        creation: The statement that creates it, except for a column's body.
        deletion: The statement that drops it.
        change: The statement that changes another one of its name to this; if None, it is dropped and created.
        body: The rest of a column's definition, as ADD COLUMN takes it.
    """

    kind: str
    owner: str
    name: str
    definition: str
    creation: str
    deletion: str
    change: str | None = None
    body: str = ""

    @property
    def key(self) -> Key:
        """What identifies it in a schema."""
        return self.kind, "" if self.kind == "sequence" else self.owner, self.name

    @property
    def label(self) -> str:
        """It, in a sentence."""
        if self.kind in {"column", *FACETS} and self.name:
            prefix = "" if self.kind == "column" else f"{self.kind} of "
            return f"{prefix}column {self.owner}.{self.name}"
        if self.kind == "comment":
            return f"comment of table {self.owner}"
        of = f" of {self.owner}" if self.owner not in {"", self.name} else ""
        return f"{self.kind} {self.name}{of}"


type Catalog = Mapping[Key, SchemaObject]


def differences(wanted: Catalog, there: Catalog, without_values: Collection[tuple[str, str]] = ()) -> list[Difference]:
    """What must change in a database to be as wanted, in an order in which the statements run.

    Tables, views and functions that are not wanted are left alone, since another program may own them.

    Args:
        wanted: What it should have.
        there: What it has.
        without_values: The columns, each after its table, that rows need a value for before they can be NOT NULL.
    """
    moved = _moved_tables(wanted, there)
    missing = [one for key, one in wanted.items() if key not in there and one.owner not in moved]
    extra = [one for key, one in there.items() if key not in wanted and _is_compared(one, wanted)]
    twins = _unambiguous([(one, other) for one in missing for other in extra if _is_twin(one, other)])
    renamed = {one.key for twin in twins for one in twin}
    new, old = ({one.key for one in objects} for objects in (missing, extra))
    return [
        *(Difference(f"table {b} should be named {a}.", [f"ALTER TABLE {b} RENAME TO {a}"]) for a, b in moved.items()),
        *(Difference(f"{b.label} should be named {a.name}.", [_rename(b, a)]) for a, b in twins),
        *(
            _missing(one, wanted, without_values)
            for one in missing
            if one.key not in renamed and not _comes_with_owner(one, new)
        ),
        *(_changed(one, there[key]) for key, one in wanted.items() if key in there and _differs(one, there[key])),
        *(_extra(one) for one in extra if one.key not in renamed and not _comes_with_owner(one, old) and one.deletion),
    ]


def _moved_tables(wanted: Catalog, there: Catalog) -> dict[str, str]:
    """The tables that have all columns of a missing one, under a name that no migration knows; by the missing one."""
    missing, unknown = _columns(wanted, there), _columns(there, wanted)
    return dict(_unambiguous([(a, b) for a, own in missing.items() for b, other in unknown.items() if own == other]))


def _columns(catalog: Catalog, other: Catalog) -> dict[str, set[tuple[str, str]]]:
    """The columns of each table that the other catalog lacks."""
    found: dict[str, set[tuple[str, str]]] = {}
    for kind, table, name in catalog:
        if kind == "column" and ("table", table, table) not in other:
            found.setdefault(table, set()).add((name, catalog[kind, table, name].definition))
    return found


def _unambiguous[T](pairs: list[tuple[T, T]]) -> list[tuple[T, T]]:
    """The pairs whose sides are in no other pair: which of several is meant, only a person can know."""
    counts = Counter(side for pair in pairs for side in pair)
    return [pair for pair in pairs if all(counts[side] == 1 for side in pair)]


def _missing(one: SchemaObject, wanted: Catalog, without_values: Collection[tuple[str, str]]) -> Difference:
    if one.kind in {"column", "NOT NULL"} and (one.owner, one.name) in without_values:
        required = wanted["NOT NULL", one.owner, one.name].creation
        update = f"UPDATE {one.owner} SET {one.name} = ... WHERE {one.name} IS NULL"  # noqa: S608 -- for a person
        column = [one.creation + one.body.removesuffix(" NOT NULL")] if one.kind == "column" else []
        return Difference(f"{one.label} is missing. {VALUES_NEEDED}", [*column, update, required])
    return Difference(f"{one.label} is missing.", _creation(one, wanted))


def _extra(one: SchemaObject) -> Difference:
    loss = " Dropping it loses its values." if one.kind == "column" else ""
    return Difference(f"{one.label} is in no migration.{loss}", [one.deletion])


def _differs(wanted: SchemaObject, there: SchemaObject) -> bool:
    return wanted.definition != there.definition


def _is_compared(one: SchemaObject, wanted: Catalog) -> bool:
    if one.kind in {"table", "view", "function", "extension"}:
        return False
    return not one.owner or ("table", one.owner, one.owner) in wanted


def _is_twin(wanted: SchemaObject, there: SchemaObject) -> bool:
    if (wanted.kind, wanted.owner) != (there.kind, there.owner):
        return False
    if wanted.kind == "column":
        return _nameless(wanted.body, wanted.name) == _nameless(there.body, there.name)
    named = wanted.kind in {"constraint", "index"} and not wanted.creation.startswith("--")
    return named and wanted.definition == there.definition and wanted.creation != there.creation


def _nameless(body: str, name: str) -> str:
    return body.replace(f'"{name}"', "", 1).removeprefix(name).strip()


def _rename(there: SchemaObject, wanted: SchemaObject) -> str:
    if wanted.kind == "index":
        return f"ALTER INDEX {there.deletion.rpartition(' ')[2]} RENAME TO {wanted.name}"
    kind = wanted.kind.upper()
    return f"{there.deletion.partition(' DROP ')[0]} RENAME {kind} {_sql_name(there)} TO {_sql_name(wanted)}"


def _sql_name(one: SchemaObject) -> str:
    return one.deletion.partition(f" DROP {one.kind.upper()} ")[2]


def _comes_with_owner(one: SchemaObject, keys: set[Key]) -> bool:
    """Whether it is part of a table or a column that is missing, or that goes, as a whole."""
    if one.kind != "table" and ("table", one.owner, one.owner) in keys:
        return True
    if one.kind == "sequence" and not one.creation:
        return True
    return one.kind in FACETS and ("column", one.owner, one.name) in keys


def _creation(one: SchemaObject, wanted: Catalog) -> list[str]:
    if one.kind == "column":
        return [one.creation if one.creation.startswith("--") else one.creation + one.body]
    if one.kind == "sequence":
        return [one.creation, *filter(None, [one.body])]
    if one.kind != "table":
        return [one.creation]
    own = [other for other in wanted.values() if other.owner == one.owner and other.key != one.key]
    if one.creation:  # SQLite's statement, which holds all but its indexes and triggers
        return [one.creation, *(other.creation for other in own if other.kind in {"index", "trigger"})]
    sequences = [other for other in own if other.kind == "sequence" and other.creation]
    columns = ",\n    ".join(other.body for other in own if other.kind == "column")
    rest = [other.creation for other in own if other.kind in {"constraint", "index", "trigger", "comment"}]
    before, after = [other.creation for other in sequences], [other.body for other in sequences]
    return [*before, f"CREATE TABLE {one.name} (\n    {columns}\n)", *after, *rest]


def _changed(wanted: SchemaObject, there: SchemaObject) -> Difference:
    what = f"{wanted.label} differs: it is {there.definition}, and should be {wanted.definition}."
    if there.definition == f"{wanted.definition} NOT VALID":  # a constraint
        return Difference(f"{wanted.label} is not validated.", [there.body])
    if there.definition == f"{wanted.definition} INVALID":
        return Difference(f"{wanted.label} is invalid: it was not built to the end.", [there.deletion, wanted.creation])
    return Difference(what, [wanted.change] if wanted.change else [there.deletion, wanted.creation])
