"""The service that is measured: its database, its server, and which of its routes can be read."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import psutil

HOST = "127.0.0.1"
COMMAND_SECONDS = 1800  # to seed millions of rows
START_SECONDS = 60
STOP_SECONDS = 30
READ_SECONDS = 30
ADMIN = {"username": "admin@example.com", "password": "development only", "grant_type": "password"}  # of the seed
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEYS": "of a server that only the benchmark reaches",
    "SHUTDOWN_DELAY_SECONDS": "0",
    "DOCS_ENABLED": "true",  # for the OpenAPI document
}
DIRECTLY = build_opener(ProxyHandler({}))  # this machine's own server, whatever proxy the shell names


class ServerError(Exception):
    """A command or the server failed; its own output is on the screen."""


@dataclass(frozen=True)
class Server:
    """The running server: its port, its process, and what its processes use."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Of user and system, since they began."""
        return float(sum(sum(each.cpu_times()[:2]) for each in self._processes()))

    def memory(self) -> float:
        """Resident, in MiB."""
        return float(sum(each.memory_info().rss for each in self._processes()) / 2**20)

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@dataclass(frozen=True)
class Route:
    """A GET route: its template `/api/v1/books/{book_id}` in the OpenAPI document, and its path `/api/v1/books/1`."""

    template: str
    path: str


def prepare(database_url: str, size: int) -> None:
    """Migrate an empty database and fill it.

    Raises:
        ServerError: A command failed; `seed` does where rows are already there.
    """
    for command in (("migrations", "upgrade"), ("seed", "--size", str(size))):
        environment = {**os.environ, "DATABASE_URL": database_url, "ENVIRONMENT": "development"}
        program = [sys.executable, "-m", "app", *command]
        if subprocess.run(program, check=False, env=environment, timeout=COMMAND_SECONDS).returncode:  # noqa: S603
            message = f"`python -m app {' '.join(command)}` failed."
            raise ServerError(message)


@contextmanager
def serving(database_url: str) -> Generator[Server]:
    """Run the server as in production.

    Raises:
        ServerError: It was not ready in time.
    """
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--host", HOST, "--port", str(port)]
    environment = {**os.environ, **PRODUCTION, "DATABASE_URL": database_url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait_until_ready(port, server)
            yield Server(port, psutil.Process(server.pid))
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            DIRECTLY.open(f"http://{HOST}:{port}/health/ready", timeout=READ_SECONDS).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"the server was not ready within {START_SECONDS} s."
    raise ServerError(message)


def log_in(port: int) -> str:
    """An access token of the seed's admin."""
    return str(_read(port, "/api/v1/auth/token", form=ADMIN)["access_token"])


def routes(port: int, token: str) -> Iterator[Route]:
    """Each GET route of the API that needs no values, and below each list that of its first item."""
    gets = {path: of["get"] for path, of in _read(port, "/openapi.json")["paths"].items() if "get" in of}
    required = {path: sum(each["required"] for each in get.get("parameters", ())) for path, get in gets.items()}
    for path in gets:
        if required[path] or not path.startswith("/api/"):
            continue
        yield Route(path, path)
        page = _read(port, path, token=token)
        if isinstance(page, dict) and page.get("items") and "id" in page["items"][0]:
            for item in (each for each in gets if each.startswith(f"{path}/{{") and required[each] == 1):
                yield Route(item, f"{path}/{page['items'][0]['id']}{item[item.index('}') + 1 :]}")


def _read(port: int, path: str, *, token: str = "", form: dict[str, str] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(f"http://{HOST}:{port}{path}", urlencode(form).encode() if form else None, headers)
    try:
        with DIRECTLY.open(request, timeout=READ_SECONDS) as response:  # this machine's own server
            return json.loads(response.read())
    except HTTPError:
        return None  # its errors are counted when it is measured
