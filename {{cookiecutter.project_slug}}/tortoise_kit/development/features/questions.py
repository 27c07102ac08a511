"""What `feature new` asks in a terminal, when it is called without a name."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer

from tortoise_kit.development.features.columns import GRAMMAR, parse_column
from tortoise_kit.development.features.project import FeatureError


@dataclass(frozen=True)
class Wish:
    """What somebody wants, in the words of the command line: see `feature new --help`."""

    name: str | None
    columns: Sequence[str] = ()
    item: str | None = None
    owner: str | None = None
    unique: Sequence[str] = ()
    order: Sequence[str] = ()
    filters: Sequence[str] = ()


def asked() -> Wish:
    """Ask for all of it; a wrong column is asked for again.

    Raises:
        FeatureError: Nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        message = "name the feature and its columns, such as `feature new doctors name:str:100`."
        raise FeatureError(message)
    name = typer.prompt("Name of the feature, in the plural")
    typer.echo(f"{GRAMMAR}\n")
    columns: list[str] = []
    while word := typer.prompt("Column (empty when done)", default="", show_default=False):
        try:
            parse_column(word)
        except FeatureError as error:
            typer.echo(str(error), err=True)
        else:
            columns.append(word)
    return Wish(
        name,
        columns,
        owner=_optional("Column with the user who owns a row") or None,
        unique=_several("Columns that are unique together, such as doctor,slot"),
        order=_several("Orders of the list, such as -slot,name"),
        filters=_several("Filters of the list, such as doctor,slot"),
    )


def _optional(question: str) -> str:
    return str(typer.prompt(f"{question} (empty for none)", default="", show_default=False))


def _several(question: str) -> list[str]:
    return [word] if (word := _optional(question)) else []
