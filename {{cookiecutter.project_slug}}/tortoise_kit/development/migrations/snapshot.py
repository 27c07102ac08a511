"""Snapshots of the models (Aerich's MODELS_STATE): how they are taken, and how a file keeps them."""

import base64
import json
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from aerich.coder import decoder, encoder
from aerich.utils import get_models_describe
from tortoise import Tortoise

from tortoise_kit.development.migrations.defaults import describe
from tortoise_kit.migrations.files import MigrationError, MigrationFile

LITERAL_WIDTH = 70  # characters of MODELS_STATE in a line, as Aerich writes it

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
    snapshot: Snapshot = decoder(files[-1].state()) if files else {}
    return snapshot


def current(app: str) -> Snapshot:
    """The models of an app, as they read after a round trip through a file.

    Raises:
        MigrationError: A field does not accept its default.
    """
    found = get_models_describe(app)
    for model in (Tortoise.apps or {})[app].values():
        described = found[model._meta.full_name]
        for field in (described["pk_field"], *described["data_fields"]):
            describe(field, model._meta.fields_map[field["name"]], model)
    again: Snapshot = decoder(encoder(found))
    return again


def literal(snapshot: Snapshot) -> str:
    """A snapshot as the lines of `MODELS_STATE` in a file."""
    compact = json.dumps(json.loads(encoder(snapshot)))
    packed = base64.b64encode(zlib.compress(compact.encode())).decode()
    return "\n".join(f'    "{packed[at : at + LITERAL_WIDTH]}"' for at in range(0, len(packed), LITERAL_WIDTH))
