"""One app behind uvicorn, on the loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.compare.subjects import Entrant
from benchmarks.environment import environment

HOST = "127.0.0.1"
START_SECONDS = 30
STOP_SECONDS = 30
# The service's own server has uvloop and httptools, too; no app writes a line for each request.
UVICORN = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")


class ServerError(Exception):
    """An app that does not start."""


@dataclass(frozen=True)
class Server:
    """Where an app listens, and in which process."""

    entrant: Entrant
    port: int
    pid: int


@contextmanager
def server(entrant: Entrant, database_url: str) -> Generator[Server]:
    """An app that listens; ends with the block.

    Raises:
        ServerError: It does not listen in time.
    """
    port = _free_port()
    program = ["app", "serve"] if entrant.command else ["uvicorn", entrant.factory, "--factory", *UVICORN]
    with subprocess.Popen(  # noqa: S603  # this Python, with our arguments
        [sys.executable, "-m", *program, "--host", HOST, "--port", str(port)],
        env=environment(database_url, entrant.folder),
    ) as process:
        try:
            _wait(entrant, port, process)
            yield Server(entrant, port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _wait(entrant: Entrant, port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"{entrant.name} did not listen within {START_SECONDS} s; its own words are above."
    raise ServerError(message)
