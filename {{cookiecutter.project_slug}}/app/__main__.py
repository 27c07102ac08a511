"""The command line: `python -m app`."""

import typer

from app.cli import migrations
from app.cli.seed import seed
from app.cli.server import dev, serve

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Run, migrate and fill the service.")
cli.command()(dev)
cli.command()(serve)
cli.command()(seed)
cli.add_typer(migrations.app, name="migrations", help="The database's schema, step by step.")

if __name__ == "__main__":
    cli()
