"""A Postgres server that lives as long as a block: the one of the service's own test suite."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import typer

from benchmarks import BYTECODE, UNRENDERED

SERVER = UNRENDERED / "tortoise_kit" / "development" / "testing" / "postgres.py"


@contextmanager
def own_postgres() -> Generator[str]:
    """Yields its URL. It does not survive a power cut, so it writes faster than a server that does."""
    with subprocess.Popen(  # noqa: S603  # a script of the service's tests
        [sys.executable, str(SERVER)],
        env={**os.environ, "PYTHONPYCACHEPREFIX": str(BYTECODE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a Ctrl-C is for the benchmark, which closes the server's input
    ) as server:
        url = server.stdout.readline().strip() if server.stdout else ""
        if not url:
            message = "No Postgres: its programs did not start."
            raise typer.BadParameter(message)
        yield url
