"""A Postgres of the benchmark's own: the suite's, for as long as a block runs."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import typer

SERVER = Path(__file__).parents[1] / "tests" / "support" / "postgres.py"


@contextmanager
def own_postgres() -> Generator[str]:
    """Its URL; a power cut would cost its rows, so writing is faster than on a server that keeps them."""
    with subprocess.Popen(  # noqa: S603  # a script of the suite
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        url = server.stdout.readline().strip() if server.stdout else ""
        if not url:
            message = "No Postgres: its programs did not start."
            raise typer.BadParameter(message)
        yield url
