"""`shell`: Python with the models and the database at hand, at a prompt or as a script."""

import os
import platform
import re
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from tortoise.context import TortoiseContext

from app.cli.failures import call, run
from app.database import database
from app.features import MODELS_APP
from app.settings import Settings
from tortoise_kit.db import transaction

BANNER = """\
Python {version}, with await. Database: {database}
Names: {names}
Each statement is committed at once. To commit several together, or none: async with transaction(): ..."""
PRODUCTION = "\nWARNING: ENVIRONMENT is production. What you write here is real."
PASSWORD = re.compile(r"(?<=://)([^:/?#]*):[^/?#]*@")

Code = Annotated[str | None, typer.Option("-c", metavar="CODE", help="Run this, which may await, and exit.")]


def shell(code: Code = None) -> None:
    """Use Python with the models and the database: at a prompt, from -c, or from a script on standard input."""
    from tortoise_kit.shell import interact

    settings = Settings().model_copy(update={"db_budget": "off"})  # of the service; an operator needs one connection
    if code is not None:
        _run_script(settings, code, "<string>")
    elif sys.stdin.isatty():
        opened, history = database(settings), _history(settings.service_name)
        call(lambda: interact(opened, lambda context: _at_prompt(context, settings), history=history))
    else:
        _run_script(settings, sys.stdin.read(), "<stdin>")


def _history(service: str) -> Path:
    """In the user's home; where a container's user has none, in a folder that does not exist."""
    return Path(os.path.expanduser(f"~/.{re.sub(r'[^A-Za-z0-9-]+', '_', service)}_history"))  # noqa: PTH111 -- raises then


def _run_script(settings: Settings, source: str, filename: str) -> None:
    error = run(_run(settings, source, filename))
    if isinstance(error, SystemExit):
        raise error
    if error is not None:
        traceback.print_exception(error)
        raise typer.Exit(1)


async def _run(settings: Settings, source: str, filename: str) -> BaseException | None:
    from tortoise_kit.shell import run_source

    async with database(settings) as context:
        return await run_source(source, {"__name__": "__main__", **_names(context, settings)}, filename)


def _names(context: TortoiseContext, settings: Settings) -> dict[str, Any]:
    """The variables that code begins with."""
    models = context.apps[MODELS_APP] if context.apps else {}
    return {**models, "settings": settings, "transaction": transaction}


def _at_prompt(context: TortoiseContext, settings: Settings) -> tuple[dict[str, Any], str]:
    """The variables, and the banner."""
    names = _names(context, settings)
    url = PASSWORD.sub(r"\1@", settings.database_url)
    banner = BANNER.format(version=platform.python_version(), database=url, names=", ".join(sorted(names)))
    return names, banner + (PRODUCTION if settings.environment == "production" else "")
