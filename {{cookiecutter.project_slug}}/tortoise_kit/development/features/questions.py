"""What `feature new` asks in a terminal, when it is called without a name."""

import sys

import typer

from tortoise_kit.development.features.columns import GRAMMAR, parse_column
from tortoise_kit.development.features.project import FeatureError
from tortoise_kit.development.features.shape import Wish


def asked() -> tuple[str, Wish]:
    """Ask for the name and all of it; a wrong column is asked for again.

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
    return str(name), Wish(
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
