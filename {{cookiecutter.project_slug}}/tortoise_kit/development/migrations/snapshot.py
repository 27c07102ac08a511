"""Descriptions of models (MODELS_STATE): what a history's newest file knows, and how it is written down."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from aerich.coder import decoder, encoder

from tortoise_kit.migrations.files import MigrationError, MigrationFile

type State = dict[str, dict[str, Any]]


def state_of(files: Sequence[MigrationFile]) -> State:
    """The models as the newest file knows them; empty without files.

    Raises:
        MigrationError: Two files have one number, so neither knows of the other's changes.
    """
    for one, other in pairwise(files):
        if one.number == other.number:
            message = f"{one.name} and {other.name} have one number: delete the one not yet applied and make it again."
            raise MigrationError(message)
    state: State = decoder(files[-1].state()) if files else {}
    return state


def normal(state: State) -> State:
    """A description of models as it reads after a round trip through a file."""
    again: State = decoder(as_json(state))
    return again


def as_json(state: State) -> str:
    """A description as a file keeps it."""
    return encoder(state)
