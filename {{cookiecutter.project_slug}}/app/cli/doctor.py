"""`doctor`: what is wrong with the database, and what to do about it."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.failures import DATABASE_ERRORS, unusable
from app.database import MIGRATIONS
from app.features import MODELS_APP
from app.settings import Settings

if TYPE_CHECKING:
    from tortoise_kit.doctor import Finding, Report

NOT_EXAMINED = 2  # the exit code

AsJSON = Annotated[bool, typer.Option("--json", help="Print a list of objects.")]


def doctor(*, as_json: AsJSON = False) -> None:
    """Find what is wrong with the database, and the remedies; the exit code is 1 if anything is, 2 if nobody knows."""
    try:
        report = asyncio.run(_examine(Settings()))
    except DATABASE_ERRORS as error:
        typer.echo(f"Not examined: {unusable(error)}", err=True)
        if as_json:
            typer.echo(json.dumps({"not_examined": unusable(error)}))
        raise typer.Exit(NOT_EXAMINED) from error
    for line in report.unchecked:
        typer.echo(f"Not checked: {line}", err=True)
    if as_json:
        typer.echo(json.dumps([each.as_json() for each in report.findings], indent=2))
    else:
        typer.echo("\n".join(map(_text, report.findings)) or "The database is healthy.")
    if report.findings:
        raise typer.Exit(1)


async def _examine(settings: Settings) -> "Report":
    from tortoise_kit.doctor import Deployment, History, examine

    deployment = Deployment(
        pool=settings.pool(),
        workers=settings.workers,
        replicas=settings.replicas,
        application_name=settings.service_name,
    )
    history = History(settings.tortoise_for_migrations(), MIGRATIONS, MODELS_APP)
    return await examine(settings.tortoise(), deployment, history)


def _text(found: "Finding") -> str:
    remedy = "".join(f"\n    {line}" for line in found.remedy.splitlines())
    return f"{found.severity}: {found.kind}: {found.subject}\n  {found.seen}{remedy}"
