"""Snapshots of the models (Aerich's MODELS_STATE): how they are taken, and how a file keeps them."""

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, cast

from aerich.coder import decoder, encoder
from aerich.utils import get_models_describe
from tortoise import Tortoise
from tortoise.models import Model

from tortoise_kit.development.migrations.defaults import describe
from tortoise_kit.migrations.files import MigrationError, MigrationFile
from tortoise_kit.sql.descriptions import descriptions

LITERAL_WIDTH = 70  # characters of MODELS_STATE in a line, as Aerich writes it
AERICH_MODEL = "Aerich"

type Snapshot = dict[str, dict[str, Any]]


def newest(files: Sequence[MigrationFile]) -> Snapshot:
    """The models as the newest file describes them; empty without files.

    Raises:
        MigrationError: Two files have the same number, so neither includes the other's changes.
    """
    for one, other in pairwise(files):
        if one.number == other.number:
            message = (
                f"{one.name} and {other.name} have the same number: delete the one that is not applied anywhere yet, "
                "and make it again."
            )
            raise MigrationError(message)
    return snapshot_of(files[-1]) if files else {}


def snapshot_of(file: MigrationFile) -> Snapshot:
    """The models as a file leaves them."""
    snapshot: Snapshot = decoder(file.state())
    return snapshot


def current(app: str) -> Snapshot:
    """The models of an app with what Aerich leaves out of them, as they read after a round trip through a file.

    That is schemas, constraints, the targets of keys, second indexes, that join tables are indexed for both directions,
    and what defaults store.

    Raises:
        MigrationError: A field does not accept its default.
    """
    found: Snapshot = get_models_describe(app)
    for model in Tortoise.apps[app].values() if Tortoise.apps else ():
        _complete(found[model._meta.full_name], model)
    again: Snapshot = decoder(encoder(found))
    return again


def _complete(described: dict[str, Any], model: type[Model]) -> None:
    meta = model._meta
    described["schema"] = meta.schema
    described["indexes"], described["constraints"] = descriptions(model)
    for relation in described["m2m_fields"]:
        relation["indexed"] = True
    for relation in (*described["fk_fields"], *described["o2o_fields"]):
        target = cast("Any", meta.fields_map[relation["name"]]).to_field_instance
        relation["to_column"] = target.source_field or target.model_field_name
    for column in (described["pk_field"], *described["data_fields"]):
        describe(column, meta.fields_map[column["name"]], model)
    for column in described["data_fields"]:
        column["db_index"] = meta.fields_map[column["name"]].index  # also of a unique one
        if column["generated"]:
            column["generated_sql"] = meta.fields_map[column["name"]].get_for_dialect("postgres", "GENERATED_SQL")


def managed(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """The models whose tables are managed by migrations."""
    for key, model in snapshot.items():
        if model.get("managed") is not False and key.rpartition(".")[2] != AERICH_MODEL:
            yield model


def title(model: dict[str, Any]) -> str:
    """The name of a model's class."""
    return str(model["name"].rpartition(".")[2])


def joins(snapshot: Snapshot) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each model with each of its many-to-many fields that has a join table without a model."""
    own = {model["table"] for model in snapshot.values()}
    for model in managed(snapshot):
        for join in model["m2m_fields"]:
            if not join["_generated"] and join["through"] not in own:
                yield model, join


def literal(snapshot: Snapshot) -> str:
    """A snapshot as the lines of `MODELS_STATE` in a file."""
    compact = json.dumps(json.loads(encoder(snapshot)))
    packed = base64.b64encode(zlib.compress(compact.encode())).decode()
    return "\n".join(f'    "{packed[at : at + LITERAL_WIDTH]}"' for at in range(0, len(packed), LITERAL_WIDTH))
