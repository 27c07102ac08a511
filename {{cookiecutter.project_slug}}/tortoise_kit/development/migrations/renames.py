"""Renames of tables and columns, and the order in which a database can carry them out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.sql.parsing import quoted, tokens, unquoted

NAME_BYTES = 63  # the longest name Postgres keeps


@dataclass(frozen=True)
class Renames:
    """New names by old ones: of tables, and of columns for each table by its new name.

    Attributes:
        tables: Tables that keep their rows under a new name.
        columns: Columns that keep their values under a new name.
        dropped: Old tables that belong to no new one, not even to one of the same name.
        created: New tables that belong to no old one.
    """

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    created: frozenset[str] = frozenset()

    def origin(self, table: str) -> str:
        """The old name of a table; empty if it is new."""
        for before, after in self.tables.items():
            if after == table:
                return before
        return "" if table in self.tables or table in self.created else table

    def reversed(self) -> "Renames":
        """The renames that undo these."""
        back = {new: old for old, new in self.tables.items()}
        columns = {back.get(table, table): {b: a for a, b in pairs.items()} for table, pairs in self.columns.items()}
        return Renames(back, columns, dropped=self.created, created=self.dropped)

    def in_the_way(self) -> list[str]:
        """The old tables that must go before anything is renamed or created, as their names are taken again."""
        taken = {*self.tables.values(), *self.created}
        return sorted(self.dropped if self.dropped & taken else ())

    def columns_in_the_way(self, table: str, columns: Iterable[str]) -> list[str]:
        """The old columns of a table, by its new name, whose names others get."""
        names = self.columns.get(table, {})
        return [name for name in columns if name in names.values() and name not in names]


def in_order(renames: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The renames one by one, so that each new name is free by then; a cycle goes through a temporary name."""
    left = dict(renames)
    while left:
        taken = {name.casefold() for name in left}  # SQLite does not tell upper and lower case apart
        if free := next((a for a, b in left.items() if b.casefold() not in taken), None):
            yield free, left.pop(free)
        else:
            before = next(iter(left))
            aside = set_aside(before)
            yield before, aside
            left[aside] = left.pop(before)


def set_aside(name: str) -> str:
    """A temporary name for something whose name is needed before it goes."""
    return f"old__{name}".encode()[:NAME_BYTES].decode(errors="ignore")


def moved(references: str | None, tables: Mapping[str, str]) -> str | None:
    """What follows REFERENCES after tables were renamed."""
    for before, after in tables.items():
        if references and references.startswith(f"{quoted(before)} "):
            return references.replace(quoted(before), quoted(after), 1)
    return references


def target_of(references: str, renames: Renames | None = None) -> str:
    """The table and column of what follows REFERENCES, as `table.column`, after they were renamed."""
    found = renames or Renames()
    now = moved(references, found.tables) or ""
    table, _, rest = now.partition('" ("')
    name, column = table.removeprefix('"'), rest.partition('")')[0]
    return f"{name}.{found.columns.get(name, {}).get(column, column)}"


def on_sqlite(renames: Renames, tables: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The statements that rename tables and columns; SQLite itself updates what references them.

    Args:
        renames: What is renamed.
        tables: The columns of each old table. One whose name is needed keeps its values aside until it goes.
    """
    yield from (f"DROP TABLE {quoted(name)}" for name in renames.in_the_way() if name in tables)
    for before, after in in_order(renames.tables):
        yield f"ALTER TABLE {quoted(before)} RENAME TO {quoted(after)}"
    for table, names in renames.columns.items():
        old = tables.get(renames.origin(table), ())
        aside = {name: set_aside(name) for name in renames.columns_in_the_way(table, old)}
        for before, after in in_order(aside | names):
            yield f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(before)} TO {quoted(after)}"


def constraint_name(table: str, column: str, label: str) -> str:
    """The name that Postgres chooses for a constraint of one column: the longer of the two names is cut to fit."""
    parts = [table.encode(), column.encode()]
    while len(parts[0]) + len(parts[1]) + len(label) + 2 > NAME_BYTES:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    return "_".join([*(part.decode(errors="ignore") for part in parts), label])


def renamed(old: Table, new: Table, renames: Renames) -> Table:
    """The old table with the new names of itself, its columns and the tables it references."""
    names = renames.columns.get(new.name, {})
    columns = {}
    for column in old.columns.values():
        name = names.get(column.name, column.name)
        columns[name] = replace(column, name=name, references=moved(column.references, renames.tables))
    return replace(old, name=new.name, columns=columns)


def drops_first(old: Table, new: Table, renames: Renames, tables: set[str]) -> Iterator[str]:
    """What must go before a rename: columns whose name is taken again, and keys to tables that are dropped first."""
    for column in old.columns.values():
        if column.name in renames.columns_in_the_way(new.name, old.columns):
            yield f"ALTER TABLE {quoted(old.name)} DROP COLUMN {quoted(column.name)}"
        elif column.references and column.references.partition('" (')[0].removeprefix('"') in tables:
            name = constraint_name(old.name, column.name, "fkey")
            yield f"ALTER TABLE {quoted(old.name)} DROP CONSTRAINT IF EXISTS {quoted(name)}"


def without_columns_in_the_way(old: Table, new: Table, renames: Renames) -> Table:
    """The old table after `drops_first`; what a renamed column is part of is no longer the same."""
    names = renames.columns.get(new.name, {})
    gone, changed = renames.columns_in_the_way(new.name, old.columns), {*names, *names.values()}
    columns = {name: column for name, column in old.columns.items() if name not in gone}
    uniques = {name: () if changed & set(parts) else parts for name, parts in old.uniques.items()}
    indexes = {name: "" if changed & set(map(unquoted, tokens(sql))) else sql for name, sql in old.indexes.items()}
    return replace(old, columns=columns, uniques=uniques, indexes=indexes)


def on_postgres(pairs: Sequence[tuple[Table, Table]], renames: Renames) -> Iterator[str]:
    """The statements that rename columns, then the constraints that Postgres named after them."""
    constraints = dict[str, str]()
    tables = dict[str, str]()
    for old, new in pairs:
        for before, after in in_order(renames.columns.get(new.name, {})):
            yield f"ALTER TABLE {quoted(new.name)} RENAME COLUMN {quoted(before)} TO {quoted(after)}"
        renamed = dict(_renamed_constraints(old, new, renames))
        constraints |= renamed
        tables |= dict.fromkeys(renamed, new.name)
    for before, after in in_order(constraints):
        tables.setdefault(after, tables[before])
        yield f"ALTER TABLE {quoted(tables[before])} RENAME CONSTRAINT {quoted(before)} TO {quoted(after)}"


def _renamed_constraints(old: Table, new: Table, renames: Renames) -> Iterator[tuple[str, str]]:
    now = renamed(old, new, renames)
    for origin, column in zip(old.columns, now.columns.values(), strict=True):
        kept = new.columns.get(column.name)
        labels = {
            "fkey": kept and column.references == kept.references and kept.references,
            "key": kept and column.unique and kept.unique,
        }
        for label in (label for label, stays in labels.items() if stays):
            was, is_now = constraint_name(old.name, origin, label), constraint_name(new.name, column.name, label)
            if was != is_now:
                yield was, is_now
