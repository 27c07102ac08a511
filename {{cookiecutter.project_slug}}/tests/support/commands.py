"""A command of the service, `python -m app …`, in a process of its own, whose output is no terminal."""

import os
import sys
from subprocess import CompletedProcess

import anyio

from app.settings import PROJECT_FILE

COMMAND_SECONDS = 60


async def run_app(database_url: str, *arguments: str, stdin: str = "", **variables: object) -> CompletedProcess[bytes]:
    """The ended process; `variables` are of its environment."""
    given = {"DATABASE_URL": database_url, **{name: str(value) for name, value in variables.items()}}
    with anyio.fail_after(COMMAND_SECONDS):
        return await anyio.run_process(
            [sys.executable, "-m", "app", *arguments],
            check=False,
            cwd=PROJECT_FILE.parent,
            env={**os.environ, **given},
            input=stdin.encode(),
        )
