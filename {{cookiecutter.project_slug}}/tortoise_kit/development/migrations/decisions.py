"""What only a person knows about a change: what was renamed, and what may be lost."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tortoise_kit.migrations.files import MigrationError


@dataclass(frozen=True)
class Decisions:
    """The options `--rename` and `--drop` of `make`.

    Attributes:
        renames: New names by old ones. A table is `table`, a column `table.column`, by their old names; the new name of
            a column has no table. A name that stays is written twice: `table:table`.
        drops: The tables, and columns as `table.column`, that are dropped with their rows.
    """

    renames: dict[str, str] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, renames: Iterable[str], drops: Iterable[str]) -> "Decisions":
        """The options as they are written on a command line.

        Raises:
            MigrationError: A rename is not `old:new`.
        """
        pairs = [each.rpartition(":") for each in renames]
        if wrong := [f"{old}{colon}{new}" for old, colon, new in pairs if not (old and new)]:
            message = f"--rename {wrong[0]} is not usable: write OLD:NEW, such as invoices:bills or bills.sum:total."
            raise MigrationError(message)
        return cls({old: new for old, _, new in pairs}, frozenset(drops))

    def tables(self, old: Collection[str], new: Collection[str]) -> dict[str, str]:
        """The renames of these tables."""
        return _distinct({a: b for a, b in self.renames.items() if a in old and b in new})

    def columns(self, table: str, old: Collection[str], new: Collection[str]) -> dict[str, str]:
        """The renames of these columns of a table, which is given by its old name."""
        named = {column: self.renames.get(f"{table}.{column}", "") for column in old}
        return _distinct({a: b for a, b in named.items() if b in new})

    def unused(self, renamed: Collection[tuple[str, str]], dropped: Collection[str]) -> Iterator[str]:
        """The options that name nothing of the kind, as they are written."""
        yield from (f"--rename {a}:{b}" for a, b in self.renames.items() if (a, b) not in renamed)
        yield from (f"--drop {name}" for name in sorted(self.drops) if name not in dropped)


def lost_table(title: str, name: str, new: Collection[str]) -> str:
    """The question about a table that no longer has a model."""
    remedy = f", or --rename {name}:{_one_of(new)} if it has a new name" if new else ""
    return f'{title}: the table "{name}" would be dropped with all rows: add --drop {name}{remedy}.'


def lost_column(title: str, table: str, column: str, new: Collection[str]) -> str:
    """The question about a column that its model no longer has."""
    name = f"{table}.{column}"
    remedy = f", or --rename {name}:{_one_of(new)} if it has a new name" if new else ""
    return f"{title}: the column {name} would be dropped with its values: add --drop {name}{remedy}."


def unclear(title: str, name: str, new: Collection[str]) -> str:
    """The question about a table or column that may have several names now."""
    options = " or ".join(f"--rename {name}:{each}" for each in new)
    return f"{title}: it is not clear which name {name} has now: add {options}."


def other_target(title: str, name: str, column: str, before: str, after: str) -> str:
    """The question about a foreign key whose values would denote other rows."""
    return (
        f"{title}: {name} referred to {before} and now refers to {after}, so its values would denote other rows: "
        f"remove the field in a migration before, or add --rename {name}:{column} if the values are the same in both."
    )


def _distinct(renames: dict[str, str]) -> dict[str, str]:
    for name in renames.values():
        if len(same := [old for old, new in renames.items() if new == name]) > 1:
            message = f"--rename says that both {same[0]} and {same[1]} are {name} now: choose one of them."
            raise MigrationError(message)
    return renames


def _one_of(names: Collection[str]) -> str:
    return "|".join(sorted(names)[:5])
