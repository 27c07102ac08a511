"""Models with `managed = False`: neither `make` nor `check` touches their tables, whichever side has them so."""

from collections.abc import Iterator, Sequence
from typing import Any

from tortoise_kit.development.migrations.schema_model import joins, managed
from tortoise_kit.development.migrations.snapshot import Snapshot, snapshot_of
from tortoise_kit.migrations.files import MigrationFile


def comparable(old: Snapshot, new: Snapshot, files: Sequence[MigrationFile]) -> Snapshot:
    """The old models as far as migrations have to compare them with the new ones.

    A model that is not managed any more is left out, so its table is not dropped. One that is managed again is as the
    last file described it that managed it: the history has not changed the table since.
    """
    names = {model["name"] for model in _unmanaged(new)}
    left_out = {model["table"] for model in _unmanaged(new)}
    left_out |= {model["table"] for model in old.values() if model["name"] in names}
    before = {key: model for key, model in old.items() if model["table"] not in left_out}
    again = {model["table"] for model in _unmanaged(old)} & {model["table"] for model in managed(new)}
    for file in reversed(files if again else ()):
        found = {key: model for key, model in snapshot_of(file).items() if model["table"] in again}
        managed_then = {key: model for key, model in found.items() if model.get("managed") is not False}
        before |= managed_then
        again -= {model["table"] for model in managed_then.values()}
    return before


def adopted(old: Snapshot, new: Snapshot) -> set[str]:
    """The tables that become managed and that no migration has created.

    A database may have them: they are created where they are missing, and a downgrade leaves them.
    """
    models = {model["table"] for model in _unmanaged(old)} & {model["table"] for model in managed(new)}
    return models | {join["through"] for model, join in joins(new) if model["table"] in models}


def _unmanaged(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    return (model for model in snapshot.values() if model.get("managed") is False)
