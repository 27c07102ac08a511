"""The command line: create a feature, or delete some."""

from typing import Annotated, NoReturn

import typer

from tortoise_kit.development.features.creation import create
from tortoise_kit.development.features.deletion import Deletion, plan
from tortoise_kit.development.features.naming import words_for
from tortoise_kit.development.features.project import FeatureError, Project

Name = Annotated[str, typer.Argument(help="The plural, as in the routes: a-z, 0-9 and _, such as books.")]
Item = Annotated[str | None, typer.Option("--item", help="The singular, if it is not the name without its s.")]
Names = Annotated[list[str] | None, typer.Argument(help="The features, such as orders.", show_default=False)]
Examples = Annotated[bool, typer.Option("--examples", help="All features that the registry marks as examples.")]
Deployed = Annotated[bool, typer.Option("--deployed", help="Keep the migrations, and add one that drops the tables.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


def feature_commands(project: Project) -> typer.Typer:
    """The commands `new` and `delete` for a project."""
    app = typer.Typer(help="Create and delete features.", no_args_is_help=True, add_completion=False)

    @app.command()
    def new(name: Name, *, item: Item = None) -> None:
        """Create a feature: a table, its routes, tests on both databases, its migration and its part of the API."""
        try:
            words = words_for(project, name, item)
            written = create(project, words)
        except FeatureError as error:
            _fail(f"Nothing was created: {error}")
        typer.echo("\n".join(f"Wrote {path}" for path in written))
        typer.echo(f"The feature is {words.prose}; one item is {words.singular}. Next: uv run pytest tests/{name}")

    @app.command()
    def delete(
        names: Names = None, *, every_example: Examples = False, deployed: Deployed = False, yes: Yes = False
    ) -> None:
        """Delete features with their tests, their tables and the texts about them."""
        wanted = {*(names or ()), *(project.examples() if every_example else ())}
        try:
            deletion = plan(project, wanted, deployed=deployed)
            _show(project, deletion)
            if not yes:
                typer.confirm("Delete all this?", abort=True)
            migration = deletion.carry_out()
        except FeatureError as error:
            _fail(f"Nothing was deleted: {error}")
        wrote = f"; wrote {migration}" if migration else ""
        typer.echo(f"Deleted {', '.join(deletion.names)}{wrote}. {deletion.advice}")

    return app


def _show(project: Project, deletion: Deletion) -> None:
    for path in deletion.paths:
        typer.echo(f"delete {path}")
    for path in deletion.texts:
        typer.echo(f"change {path}")
    typer.echo(deletion.about_migrations)
    if warning := project.unsaved_work():
        typer.echo(f"Warning: {warning}", err=True)


def _fail(reason: str) -> NoReturn:
    typer.echo(" ".join(reason.split()), err=True)
    raise typer.Exit(1)
