"""Owns one server of the chaos tests: it goes when this process' standard input ends, however the suite ended.

    python -m tests.kit.chaos.owner postgres
    python -m tests.kit.chaos.owner durable
    python -m tests.kit.chaos.owner replica PRIMARY_URL
    python -m tests.kit.chaos.owner pgbouncer SERVER_URL

The first line that it prints says where the server is; then each line it reads is a command (`start`, `stop`, `kill9`),
answered by one line when it is done. Both ways as JSON, with `error` when it failed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from tortoise_kit.development.testing.postgres import (
    Server,
    free_port,
    give_away,
    installed_package,
    new_folder,
    unprivileged,
)

# What a COMMIT acknowledged must survive kill -9, so it is written before the answer, in whole pages since a kill can
# tear one. It need not survive a power cut: no fsync.
POSTGRES_SETTINGS = (
    "fsync=off",
    "synchronous_commit=on",
    "full_page_writes=on",
    "unix_socket_directories=",
    "shared_preload_libraries=pg_stat_statements",  # for the command `statements`
    "deadlock_timeout=100ms",  # a scenario of many deadlocks shall not take a second for each
)
# Without a setting that loses data, for the doctor.
DURABLE_SETTINGS = ("unix_socket_directories=", "shared_preload_libraries=pg_stat_statements")
START_SECONDS = 20
MISSING_PGBOUNCER = (
    "PgBouncer is not installed, and the chaos tests need it: `apt-get install pgbouncer` (Debian, Ubuntu), "
    "`dnf install pgbouncer` (Fedora) or `brew install pgbouncer` (macOS)."
)
PGBOUNCER_INI = """
[databases]
* = host=127.0.0.1 port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {home}/users
pool_mode = transaction
max_client_conn = 200
default_pool_size = 20
"""


class Owned(Protocol):
    """A server that can be hurt."""

    url: str

    def start(self) -> None:
        """Start it, also after it was killed, and wait until it takes queries."""

    def stop(self) -> None:
        """End it at once, if it runs."""

    def kill9(self) -> None:
        """End each of its processes with SIGKILL."""


class Postgres:
    """A cluster: an empty one, or a streaming replica of the one at `primary`."""

    def __init__(self, home: Path, primary: str | None = None, *, settings: Sequence[str] = POSTGRES_SETTINGS) -> None:
        self._server = Server(installed_package(), home, settings=settings)
        self.url = self._copy(primary) if primary else self._server.create()

    def _copy(self, primary: str) -> str:
        parts = urlsplit(primary)
        os.environ["PGPASSWORD"] = unquote(parts.password or "")
        address = (f"--host={parts.hostname}", f"--port={parts.port}", f"--username={parts.username}")
        stream = ("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync")
        self._server.run("pg_basebackup", *address, *stream)
        netloc = parts.netloc.rpartition(":")[0] + f":{self._server.port}"
        return urlunsplit(parts._replace(netloc=netloc))

    def start(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._server.start()
            except subprocess.CalledProcessError:  # the port of a killed server can take a moment to be free
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self._server.stop()

    def kill9(self) -> None:
        lock_file = self._server.home / "data" / "postmaster.pid"
        postmaster = int(lock_file.read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGSTOP)  # else it would end in order when its children are gone
        for process in (*_children(postmaster), postmaster):
            os.kill(process, signal.SIGKILL)
        while _runs(postmaster):
            time.sleep(0.001)
        # In a container nobody may collect the dead process, and Postgres would take it for a living one.
        lock_file.unlink()


class PgBouncer:
    """PgBouncer in transaction mode before the server at `server`, for all its databases."""

    def __init__(self, home: Path, server: str) -> None:
        parts = urlsplit(server)
        self._program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
        if self._program is None:
            raise FileNotFoundError(MISSING_PGBOUNCER)
        self._home = home
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        (home / "users").write_text(f'"{parts.username}" "{unquote(parts.password or "")}"\n')
        (home / "ini").write_text(PGBOUNCER_INI.format(home=home, port=self._port, server_port=parts.port))
        for path in (home, *home.iterdir()):
            give_away(path, unprivileged())
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0] + f":{self._port}"))

    def start(self) -> None:
        with (self._home / "log").open("ab") as log:
            command = [str(self._program), "--quiet", str(self._home / "ini")]
            self._process = subprocess.Popen(  # noqa: S603 -- the system's PgBouncer, with a file of this script
                command, cwd=self._home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **unprivileged()
            )
        deadline = time.monotonic() + START_SECONDS
        while not _listens(self._port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise OSError((self._home / "log").read_text())
            time.sleep(0.01)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    kill9 = stop


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _make(kind: str, home: Path, *arguments: str) -> Owned:
    if kind == "durable":
        return Postgres(home, settings=DURABLE_SETTINGS)
    return PgBouncer(home, *arguments) if kind == "pgbouncer" else Postgres(home, *arguments)


def _tell(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 -- the other end reads it


def _serve(server: Owned, commands: Iterator[str]) -> None:
    actions = {"start": server.start, "stop": server.stop, "kill9": server.kill9}
    for line in commands:
        try:
            actions[line.strip()]()
        except (OSError, subprocess.SubprocessError) as error:
            _tell(error=str(error))
        else:
            _tell(done=line.strip())


def main(*arguments: str) -> None:
    """Own one server until standard input ends."""
    os.umask(0o022)  # the server's user reads what this one writes; the folder itself is private
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    kind, *rest = arguments
    home = new_folder()
    try:
        _own(kind, home, *rest)
    except (OSError, subprocess.SubprocessError) as error:
        _tell(error=str(error))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _own(kind: str, home: Path, *arguments: str) -> None:
    server = _make(kind, home, *arguments)
    try:
        _tell(url=server.url)
        _serve(server, iter(sys.stdin))
    finally:
        server.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
