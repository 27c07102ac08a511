"""`feature`: begin one by the conventions of this service, or delete one with all that belongs to it."""

from typing import Annotated, NoReturn

import typer

from tortoise_kit.development.features.copying import make
from tortoise_kit.development.features.deletion import Deletion
from tortoise_kit.development.features.names import words_for
from tortoise_kit.development.features.planning import plan
from tortoise_kit.development.features.registry import examples
from tortoise_kit.development.features.tools import FeatureError, unsaved_work

app = typer.Typer(help="Begin and delete features.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The plural, as in the routes: a-z, 0-9 and _, such as books.")]
Item = Annotated[str | None, typer.Option("--item", help="The singular, where it is not the name without its s.")]
Names = Annotated[list[str] | None, typer.Argument(help="Which, such as orders.", show_default=False)]
Examples = Annotated[bool, typer.Option("--examples", help="All that are marked as examples in app/features.py.")]
Deployed = Annotated[bool, typer.Option("--deployed", help="Keep the migrations, and add one that drops the tables.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def new(name: Name, *, item: Item = None) -> None:
    """Begin a feature: a table, its routes, tests on both databases, its migration and its part of the API."""
    try:
        words = words_for(name, item)
        made = make(words)
    except FeatureError as error:
        _fail(f"Nothing was made: {error}")
    typer.echo("\n".join(f"Wrote {path}" for path in made))
    typer.echo(f"It is about {words.prose}, and one is called {words.singular}. Next: uv run pytest tests/{name}")


@app.command()
def delete(
    names: Names = None, *, every_example: Examples = False, deployed: Deployed = False, yes: Yes = False
) -> None:
    """Delete features with their tests, their tables and all that is written of them."""
    wanted = {*(names or ()), *(examples() if every_example else ())}
    try:
        deletion = plan(wanted, deployed=deployed)
        _show(deletion)
        if not yes:
            typer.confirm("Delete all this?", abort=True)
        migration = deletion.carry_out()
    except FeatureError as error:
        _fail(f"Nothing was deleted: {error}")
    wrote = f"; wrote {migration}" if migration else ""
    typer.echo(f"Deleted {', '.join(deletion.names)}{wrote}. {deletion.advice}")


def _show(deletion: Deletion) -> None:
    for path in deletion.paths:
        typer.echo(f"delete {path}")
    for path in deletion.texts:
        typer.echo(f"change {path}")
    typer.echo(deletion.about_migrations)
    if warning := unsaved_work():
        typer.echo(f"Beware: {warning}", err=True)


def _fail(reason: str) -> NoReturn:
    typer.echo(" ".join(reason.split()), err=True)
    raise typer.Exit(1)
