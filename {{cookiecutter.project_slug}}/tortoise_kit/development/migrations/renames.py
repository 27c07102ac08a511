"""Renames of tables and columns, and the order in which a database can carry them out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tortoise_kit.sql.parsing import quoted

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
