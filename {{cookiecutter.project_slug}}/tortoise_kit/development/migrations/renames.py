"""What was renamed between two snapshots of the models.

As in Aerich, a removed column and a new one that differ in nothing but their names are treated as a rename. If there
are several, the most similar names are paired, so the same models always have the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.development.migrations.snapshot import Snapshot, joins, managed
from tortoise_kit.sql.parsing import quoted


@dataclass(frozen=True)
class Renames:
    """New names by old ones: of tables, and of columns for each table by its new name."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)

    def reversed(self) -> "Renames":
        """The renames that undo these."""
        back = {new: old for old, new in self.tables.items()}
        columns = {back.get(table, table): {b: a for a, b in pairs.items()} for table, pairs in self.columns.items()}
        return Renames(back, columns)


def find(old: Snapshot, new: Snapshot, old_tables: Mapping[str, Table], new_tables: Mapping[str, Table]) -> Renames:
    """The renames from the old models to the new ones.

    A table is renamed when its model, or the model and field of its many-to-many relation, kept their names.
    """
    before, after = _owners(old), _owners(new)
    renamed = {before[owner]: after[owner] for owner in before if owner in after and before[owner] != after[owner]}
    tables = {a: b for a, b in renamed.items() if b not in old_tables and a not in new_tables}
    columns = {}
    for name, table in new_tables.items():
        origin = next((a for a, b in tables.items() if b == name), name)
        if origin in old_tables and (pairs := _columns(old_tables[origin], table, tables)):
            columns[name] = pairs
    return Renames(tables, columns)


def moved(references: str | None, tables: Mapping[str, str]) -> str | None:
    """What follows REFERENCES after tables were renamed."""
    for before, after in tables.items():
        if references and references.startswith(f"{quoted(before)} "):
            return references.replace(quoted(before), quoted(after), 1)
    return references


def _owners(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    owners = {(model["name"], ""): model["table"] for model in managed(snapshot)}
    return owners | {(model["name"], join["name"]): join["through"] for model, join in joins(snapshot)}


def _columns(old: Table, new: Table, tables: Mapping[str, str]) -> dict[str, str]:
    removed = [column for name, column in old.columns.items() if name not in new.columns]
    added = [column for name, column in new.columns.items() if name not in old.columns]
    pairs = [(a, b) for a in removed for b in added if _same(a, b, tables)]
    pairs.sort(
        key=lambda pair: (-SequenceMatcher(None, pair[0].name, pair[1].name).ratio(), pair[0].name, pair[1].name)
    )
    chosen: dict[str, str] = {}
    for a, b in pairs:
        if a.name not in chosen and b.name not in chosen.values():
            chosen[a.name] = b.name
    return chosen


def _same(old: Column, new: Column, tables: Mapping[str, str]) -> bool:
    return replace(old, name=new.name, references=moved(old.references, tables)) == new
