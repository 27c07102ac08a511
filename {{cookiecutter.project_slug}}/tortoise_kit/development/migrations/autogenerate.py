"""The difference between the history and the models, for each database: what the next migration must contain.

No server is needed, and the configured database is not touched. For Postgres, snapshots of the models are compared;
for SQLite, the history runs on a scratch database in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tortoise_kit.development.migrations import postgres_diff, sqlite_rebuild
from tortoise_kit.development.migrations.decisions import Decisions
from tortoise_kit.development.migrations.identity import Identity, Models
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.schema_model import Table
from tortoise_kit.development.migrations.snapshot import Snapshot
from tortoise_kit.development.migrations.sqlite_schema import require_types
from tortoise_kit.development.migrations.states import POSTGRES, SQLITE, SchemaState, states, with_targets
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, find

type Scripts = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """A migration that is not written yet.

    Attributes:
        snapshot: The models as they are now.
        renames: What is treated as a rename.
        questions: What a person must decide before this may be written, one sentence each.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The statements that revert them.
        unfillable: New NOT NULL columns, as `table.column`, without a value for existing rows.
    """

    snapshot: Snapshot
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    unfillable: Sequence[str] = ()
    questions: Sequence[str] = ()

    @property
    def needed(self) -> bool:
        """Whether more changed than comments, which wait for the next migration."""
        return any(not one.startswith("COMMENT ON ") for script in self.upgrade.values() for one in script)

    @property
    def scripts(self) -> tuple[Scripts, Scripts]:
        """`upgrade` and `downgrade` as a file holds them."""
        return sqlite_rebuild.in_one_transaction(self.upgrade), sqlite_rebuild.in_one_transaction(self.downgrade)


async def draft(config: dict[str, Any], *, location: Path, app: str, decided: Decisions = Decisions()) -> Draft:  # noqa: B008 - frozen
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, a change must be written by hand, or a decision
            fits nothing.
    """
    files = find(location, app)
    old_sqlite, new_sqlite = await states(config, files, app, SQLITE)
    described = await states(config, files, app, POSTGRES)
    old, new = (with_targets(state, sqlite) for state, sqlite in zip(described, (old_sqlite, new_sqlite), strict=True))
    identity = Identity(Models.of(old.snapshot, old.tables), Models.of(new.snapshot, new.tables), decided)
    found = identity.renames()
    if unused := identity.unused():
        message = (
            f"{', '.join(unused)} fits no table or column of this change: names are the old ones, as TABLE.COLUMN."
        )
        raise MigrationError(message)
    views = [one for own in old_sqlite.statements.values() for one in own]
    require_types(views, old.tables, new.tables, found)
    upgrade = {
        "postgres": postgres_diff.changes(old.tables, new.tables, found, written=new.statements),
        "sqlite": _sqlite_changes(old_sqlite, new_sqlite, found),
    }
    downgrade = {
        "postgres": postgres_diff.changes(new.tables, old.tables, found.reversed()),
        "sqlite": _sqlite_changes(new_sqlite, old_sqlite, found.reversed()),
    }
    upgrade = {
        dialect: [*state.first, *upgrade[dialect]] for dialect, state in (("postgres", new), ("sqlite", new_sqlite))
    }
    return Draft(
        new.snapshot, found, upgrade, downgrade, _unfillable(old.tables, new.tables, found), identity.questions
    )


def _sqlite_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    fills = {
        name: {column.name: column.backfill for column in table.columns.values() if column.backfill}
        for name, table in new.tables.items()
    }
    known = {name for table in old.tables.values() for name in (table.name, *table.indexes)}
    before, after = (
        [one for table, own in state.statements.items() if table != AERICH_TABLE for one in own] for state in (old, new)
    )
    return sqlite_rebuild.changes(before, after, renames=found, fills=fills, known=known)


def _unfillable(old: Mapping[str, Table], new: Mapping[str, Table], found: Renames) -> list[str]:
    columns = []
    for name, table in new.items():
        before = old.get(found.origin(name))
        for column in table.columns.values() if before else ():
            origin = found.columns.get(name, {})
            came = before and column.name not in before.columns and column.name not in origin.values()
            if came and not (column.nullable or column.backfill or column.generated):
                _require_key(table)
                columns.append(f"{table.title}: {name}.{column.name}")
    return columns


def _require_key(table: Table) -> None:
    """A join table has none, and no field that could have a default."""
    if not any(column.primary_key for column in table.columns.values()):
        message = (
            f'{table.title}: the table "{table.name}" joins other models now: give the relation another `through`.'
        )
        raise MigrationError(message)
