"""`schemas`: the columns that schemas declare, which type checkers and editors read."""

from pathlib import Path
from types import ModuleType

import typer
from tortoise.exceptions import ConfigurationError

from app.cli.failures import fail
from app.features import modules
from tortoise_kit.schemas import check_columns

app = typer.Typer(no_args_is_help=True)


@app.command()
def write() -> None:
    """Write the columns of the models into the schemas of all features; review the difference."""
    from tortoise_kit.development.schemas import SchemaError, write_columns

    try:
        paths = write_columns(_schemas())
    except SchemaError as error:
        fail(error, prefix="Nothing was written: ")
    lines = [f"Wrote {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}" for path in paths]
    typer.echo("\n".join(lines) or "Nothing to do: the schemas declare what the models have.")


@app.command()
def check() -> None:
    """Fail if a schema declares other columns than its model has."""
    try:
        check_columns(_schemas())
    except ConfigurationError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    typer.echo("The schemas declare what the models have.")


def _schemas() -> list[ModuleType]:
    try:
        return modules("schemas")
    except (ImportError, ConfigurationError) as error:
        fail(f"A schema cannot be imported, correct it by hand: {error}")
