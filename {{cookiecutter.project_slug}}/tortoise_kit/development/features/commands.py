"""The command line: create a feature, add columns to it, or delete some."""

from typing import Annotated, NoReturn

import typer

from tortoise_kit.development.features.addition import add as add_columns
from tortoise_kit.development.features.columns import GRAMMAR
from tortoise_kit.development.features.creation import create
from tortoise_kit.development.features.deletion import Deletion, plan
from tortoise_kit.development.features.naming import words_for
from tortoise_kit.development.features.project import FeatureError, Project
from tortoise_kit.development.features.questions import asked
from tortoise_kit.development.features.shape import Wish, shape_of

Name = Annotated[
    str | None, typer.Argument(help="The plural, as in the routes: a-z, 0-9 and _, such as books.", show_default=False)
]
Columns = Annotated[list[str] | None, typer.Argument(metavar="COLUMN...", help="See above.", show_default=False)]
Owner = Annotated[
    str | None, typer.Option("--owner", help="The column with the user whose row it is: only they and staff see it.")
]
Unique = Annotated[list[str] | None, typer.Option("--unique", help="Columns that are unique together; repeatable.")]
Order = Annotated[
    list[str] | None, typer.Option("--order", help="What lists can be sorted by, the default first: -slot,name.")
]
Filters = Annotated[list[str] | None, typer.Option("--filter", help="What lists can be filtered by: specialty,slot.")]
Feature = Annotated[str, typer.Argument(help="A feature that exists, such as doctors.")]
New = Annotated[list[str], typer.Argument(metavar="COLUMN...", help="See above.", show_default=False)]
Item = Annotated[str | None, typer.Option("--item", help="The singular, if it is not the name without its s.")]
Names = Annotated[list[str] | None, typer.Argument(help="The features, such as orders.", show_default=False)]
Examples = Annotated[bool, typer.Option("--examples", help="All features that the registry marks as examples.")]
Deployed = Annotated[bool, typer.Option("--deployed", help="Keep the migrations, and add one that drops the tables.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]

PARAGRAPHS = GRAMMAR.replace("\n\n", "\n\n\b\n")
HELP = f"""Create a feature: a table, its routes, tests on both databases, its migration and its part of the API.

\b
{PARAGRAPHS}

\b
  feature new doctors name:str:100 fee:decimal:8,2:min=0 specialty:enum:general,dental --filter specialty
  feature new appointments doctor:fk:doctors slot:datetime --owner patient --unique doctor,slot --order -slot

Without a name it asks."""
ADD_HELP = f"""Add columns to a feature, with their migration, as far as its code still has the places for them.

Rows that exist need a value: end a column with ?, or add default=VALUE.

\b
{PARAGRAPHS}

\b
  feature add doctors phone:str:20? --filter phone"""


def feature_commands(project: Project) -> typer.Typer:
    """The commands `new`, `add` and `delete` for a project."""
    app = typer.Typer(
        help="Create features, add columns to them, and delete them.", no_args_is_help=True, add_completion=False
    )

    @app.command(help=HELP)
    def new(  # noqa: PLR0913 -- each by keyword, on the command line
        name: Name = None,
        columns: Columns = None,
        *,
        item: Item = None,
        owner: Owner = None,
        unique: Unique = None,
        order: Order = None,
        filters: Filters = None,
    ) -> None:
        try:
            wish = Wish(columns or (), owner, unique or (), order or (), filters or ())
            name, wish = (name, wish) if name else asked()
            words = words_for(project, name, item)
            shape = shape_of(project, words, wish)
            written = create(project, shape)
        except FeatureError as error:
            _fail(f"Nothing was created: {error}")
        typer.echo("\n".join(f"Wrote {path}" for path in written))
        typer.echo(
            f"The feature is {words.prose}; one item is {words.singular}. Next: uv run pytest tests/{words.plural}"
        )

    @app.command(help=ADD_HELP)
    def add(feature: Feature, columns: New, *, order: Order = None, filters: Filters = None) -> None:
        try:
            addition = add_columns(project, feature, Wish(columns, order=order or (), filters=filters or ()))
        except FeatureError as error:
            _fail(f"Nothing was changed: {error}")
        typer.echo("\n".join(f"Changed {path}" for path in addition.changed))
        for each in addition.left:
            typer.echo(f"Not placed, write it by hand: {each}", err=True)
        typer.echo(f"Next: uv run pytest tests/{feature}")
        typer.echo("If a database with rows is in use: `migrations lint` says what the migration would block.")

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
