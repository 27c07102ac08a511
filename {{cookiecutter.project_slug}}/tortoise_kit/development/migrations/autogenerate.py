"""The difference between the history and the models, for each database: what the next migration must contain.

No server is needed, and the configured database is not touched. For Postgres, snapshots of the models are compared;
for SQLite, the history runs on a scratch database in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tortoise_kit.development.migrations import declared_diff, existing_rows, postgres_diff, sqlite_rebuild
from tortoise_kit.development.migrations.decisions import Decisions
from tortoise_kit.development.migrations.identity import Identity, Models
from tortoise_kit.development.migrations.renames import Renames
from tortoise_kit.development.migrations.snapshot import Snapshot, newest
from tortoise_kit.development.migrations.sqlite_schema import require_types
from tortoise_kit.development.migrations.states import DATABASES, SchemaState, states
from tortoise_kit.migrations.files import AERICH_TABLE, MigrationError, by_hand, find

type Scripts = dict[str, list[str]]


@dataclass(frozen=True)
class Draft:
    """A migration that is not written yet.

    Attributes:
        snapshot: The models as they are now.
        renames: What is treated as a rename.
        upgrade: Statements without semicolons for each dialect; all empty when nothing changed.
        downgrade: The statements that revert them.
        missing: What existing rows lack in either direction, and the remedy, as sentences.
        questions: What a person must decide before this may be written, one sentence each.
        unlisted: What the history has created on SQLite that neither a model declares nor `by_hand.txt` lists.
        unmanaged: The models that became or ceased to be `managed = False`, which a file records without a statement.
    """

    snapshot: Snapshot
    renames: Renames = field(default_factory=Renames)
    upgrade: Scripts = field(default_factory=dict)
    downgrade: Scripts = field(default_factory=dict)
    missing: Sequence[str] = ()
    questions: Sequence[str] = ()
    unlisted: Sequence[str] = ()
    unmanaged: Sequence[str] = ()

    @property
    def needed(self) -> bool:
        """Whether more changed than comments, which wait for the next migration."""
        return bool(self.unmanaged) or any(
            not one.startswith("COMMENT ON ") for script in self.upgrade.values() for one in script
        )

    @property
    def scripts(self) -> tuple[Scripts, Scripts]:
        """`upgrade` and `downgrade` as a file holds them."""
        return sqlite_rebuild.in_one_transaction(self.upgrade), sqlite_rebuild.in_one_transaction(self.downgrade)


async def draft(
    config: dict[str, Any],
    *,
    location: Path,
    app: str,
    databases: Sequence[str] = DATABASES,
    decided: Decisions = Decisions(),  # noqa: B008 - frozen
) -> Draft:
    """Compare the models with the history at `location`.

    Raises:
        MigrationError: The history does not run on an empty SQLite, a change must be written by hand, a decision fits
            nothing, or one of the databases cannot have what a model declares.
    """
    files = find(location, app)
    both = {dialect: await states(config, files, app, dialect, databases) for dialect in sorted(databases)}
    old, new = next(iter(both.values()))  # Postgres, if the service runs on it
    identity = Identity(Models.of(old.snapshot, old.tables), Models.of(new.snapshot, new.tables), decided)
    found = identity.renames()
    if unused := identity.unused():
        message = (
            f"{', '.join(unused)} fits no table or column of this change: names are the old ones, as TABLE.COLUMN."
        )
        raise MigrationError(message)
    unlisted: list[str] = []
    if "sqlite" in both:
        kept = both["sqlite"][0].statements.values()
        known = [*both["sqlite"][0].tables.values(), *both["sqlite"][1].tables.values()]
        unlisted = declared_diff.unlisted(kept, known, by_hand(location))
        require_types([one for own in kept for one in own], old.tables, new.tables, found)
    upgrade, downgrade = {}, {}
    for dialect, (before, after) in both.items():
        upgrade[dialect] = [*after.first, *CHANGES[dialect](before, after, found)]
        downgrade[dialect] = CHANGES[dialect](after, before, found.reversed())
    missing = [
        *existing_rows.unfillable(old.tables, new.tables, found),
        *existing_rows.unrestorable(old.tables, new.tables, found),
    ]
    flags = [_unmanaged(snapshot) for snapshot in (newest(files), new.snapshot)]
    changed = sorted(name.rpartition(".")[2] for name in (flags[0] ^ flags[1]) & new.snapshot.keys())
    return Draft(new.snapshot, found, upgrade, downgrade, missing, identity.questions, unlisted, changed)


def _unmanaged(snapshot: Snapshot) -> set[str]:
    return {name for name, model in snapshot.items() if model.get("managed") is False}


def _sqlite_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    values = existing_rows.values(old.tables, new.tables, found)
    known = {name for table in old.tables.values() for name in (table.name, *table.declared.names)}
    before, after = (
        [one for table, own in state.statements.items() if table != AERICH_TABLE for one in own] for state in (old, new)
    )
    statements = sqlite_rebuild.changes(before, after, renames=found, values=values, known=known)
    return [*statements, *declared_diff.checks(old.tables, new.tables, found)]


def _postgres_changes(old: SchemaState, new: SchemaState, found: Renames) -> list[str]:
    return postgres_diff.changes(old.tables, new.tables, found, written=new.statements)


CHANGES = {"postgres": _postgres_changes, "sqlite": _sqlite_changes}
