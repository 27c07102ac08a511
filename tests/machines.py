"""A new user's machine: Python with pip, an empty home, and nothing else that a developer would have."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

COMMAND_SECONDS = 1500  # a whole suite is one command, and takes some minutes beside another one on two cores
START_SECONDS = 120
STOP_SECONDS = 20
# What belongs to this run of the tests, and not to the machine.
OF_THIS_RUN = ("PYTEST_", "UV_", "VIRTUAL_ENV", "PYTHON", "DATABASE_URL", "TEST_DATABASE_URL", "PRE_COMMIT")
KEPT = ("UV_DEFAULT_INDEX", "UV_EXCLUDE_NEWER", "UV_INDEX", "UV_PYTHON")  # where packages and interpreters come from
open_directly = build_opener(ProxyHandler({})).open  # a server of this machine, whatever proxy the shell names
# Images of Python set the last, and each process of a project's suite would compile all modules again.
NOT_FOR_PROJECTS = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")


class Machine:
    """Runs commands as a shell of that user would."""

    def __init__(self, home: Path, *, path: str | None = None) -> None:
        self.home = home
        inherited = {
            name: value for name, value in os.environ.items() if name in KEPT or not name.startswith(OF_THIS_RUN)
        }
        self.environment = {
            **inherited,
            "HOME": str(home),
            "PATH": path or _path_of_new_python(home / "python"),
            "GIT_AUTHOR_NAME": "A User",
            "GIT_AUTHOR_EMAIL": "user@example.org",
            "GIT_COMMITTER_NAME": "A User",
            "GIT_COMMITTER_EMAIL": "user@example.org",
            # The one thing that is not new: fetching the same packages again would test the network.
            "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv")),
        }

    def run(self, command: str, *, cwd: Path, **variables: str) -> str:
        """What the command prints; it must succeed."""
        ended = subprocess.run(
            ["bash", "-c", command],  # noqa: S607 - the shell of this machine
            cwd=cwd,
            env={**self.environment, **variables},
            capture_output=True,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
        )
        assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    @contextmanager
    def serving(
        self, command: str, *, cwd: Path, port: int, path: str = "/health/ready", **variables: str
    ) -> Generator[float]:
        """Start a server with the command, wait until `path` responds, and return the seconds. It ends afterwards."""
        assert _is_free(port), f"port {port} is taken: end what listens there, the README's command needs it"
        begun = time.perf_counter()
        log = self.home / "server.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                ["bash", "-c", command],  # noqa: S607 - the shell of this machine
                cwd=cwd,
                env={**self.environment, **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                _wait_until_ready(process, port, path, log)
                yield time.perf_counter() - begun
            finally:
                _end(process)


def path_with_uv() -> str:
    """Where uv and the Python of these tests are found, and the system's own programs."""
    uv = shutil.which("uv")
    assert uv is not None, "uv is not on the path: python3 -m pip install uv"
    return f"{Path(uv).parent}:{Path(sys.executable).resolve().parent}:{os.defpath}"


def _path_of_new_python(folder: Path) -> str:
    """A `python3` with pip that has no package at all."""
    venv.create(folder, with_pip=True, symlinks=True)
    return f"{folder / 'bin'}:{Path(sys.base_prefix) / 'bin'}:{os.defpath}"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended before it was ready\n{log.read_text()}"
        try:
            with open_directly(f"http://127.0.0.1:{port}{path}", timeout=STOP_SECONDS):
                return
        except (HTTPError, URLError, ConnectionError):
            time.sleep(0.05)
    message = f"the server was not ready within {START_SECONDS} s\n{log.read_text()}"
    raise AssertionError(message)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C for the whole group, as a terminal sends it; what is left after that is killed."""
    for ending in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, ending)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue


def run_module(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m` in a project with the packages of these tests, and give the ended process."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_FOR_PROJECTS)}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=project,
        env={**inherited, **variables},
        capture_output=True,
        check=False,
        text=True,
        timeout=COMMAND_SECONDS,
    )


def commands(readme: Path) -> list[str]:
    """Each line of each shell block of the file, in order."""
    blocks = readme.read_text(encoding="utf-8").split("```sh\n")[1:]
    return [line for block in blocks for line in block.split("```")[0].splitlines() if shlex.split(line, comments=True)]
