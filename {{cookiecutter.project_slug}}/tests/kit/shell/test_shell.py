"""`shell` runs code with the models and the database, at a prompt and as a script."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from app.settings import PROJECT_FILE
from tests.support.processes import COMMAND_SECONDS, run_app, upgrade
from tortoise_kit.development.testing import execute

pytestmark = pytest.mark.slow
SECRET = "vTq3-8LzRk1_XcWm7yPb0NfHsD2eGuJa"  # noqa: S105 -- made up, for these tests
# The leader of the terminal's foreground, so that Ctrl-C reaches it, also where the suite runs in the background.
ON_A_TERMINAL = """
import os, signal, sys
os.login_tty(0)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", "app", "shell"])
"""
IMPORTS = "import asyncio, time; from tests.accounts.factories import make_user"
COUNT = "SELECT count(*) FROM users"
PROMPT = ">>> "
PAGE = (PROJECT_FILE.parent / "docs" / "operations.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("```pycon\n")[2].partition("```")[0].splitlines()


class Terminal:
    """A shell, and what it shows."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self.process = process
        self.shown = ""

    def wait_for(self, text: str, *, after: int = 0) -> str:
        """What was shown from `after` on, once it contains the text."""
        deadline = time.monotonic() + COMMAND_SECONDS
        while text not in self.shown[after:]:
            assert time.monotonic() < deadline, self.shown
            if select.select([self._master], [], [], 0.1)[0]:
                self.shown += os.read(self._master, 65_536).decode()
        return self.shown[after:]

    def send(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def run(self, line: str) -> str:
        """What a line shows until the next prompt."""
        begun = len(self.shown)
        self.send(f"{line}\n")
        self.wait_for("\r\n", after=begun)
        return self.wait_for(PROMPT, after=begun + len(line))

    def end(self, keys: str) -> int:
        """The exit code after these keys."""
        self.send(keys)
        deadline = time.monotonic() + COMMAND_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.shown
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    self.shown += os.read(self._master, 65_536).decode()
                except OSError:  # on Linux, once the other end is closed
                    break
        return self.process.wait(COMMAND_SECONDS)


@contextmanager
def terminal(url: str, home: Path, **variables: str) -> Generator[Terminal]:
    """A shell on a terminal, after its first prompt."""
    environment = {**os.environ, "DATABASE_URL": url, "HOME": str(home), "TERM": "dumb", **variables}
    master, slave = pty.openpty()
    with subprocess.Popen(  # noqa: S603 -- a line of this test
        [sys.executable, "-c", ON_A_TERMINAL],
        cwd=PROJECT_FILE.parent,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        try:
            opened = Terminal(master, process)
            opened.wait_for(PROMPT)
            yield opened
        finally:
            process.kill()
            os.close(master)


async def test_code_at_the_prompt_awaits_and_its_writes_stay(empty_database_url: str, tmp_path: Path) -> None:
    await upgrade(empty_database_url)

    def talk() -> tuple[str, int]:
        with terminal(empty_database_url, tmp_path, PYTHONWARNINGS="always") as shell:
            assert "2" in shell.run("1 + 1")
            shell.run(IMPORTS)
            shell.run("user = await make_user(email='ann@example.com')")
            assert "ann@example.com" in shell.run("user.email")
            shell.run("async with transaction():\n    user.email = 'bob@example.com'\n    await user.save()\n")
            assert "1" in shell.run("await User.filter(email='bob@example.com').count()")
            assert "ZeroDivisionError" in shell.run("1 / 0")
            assert "does not exist" in shell.run("await User.get(email='nobody')").lower()
            return shell.shown, shell.end("exit()\n")

    shown, code = await anyio.to_thread.run_sync(talk)

    assert code == 0
    assert await execute(empty_database_url, "SELECT email FROM users") == [("bob@example.com",)]
    assert "Warning" not in shown


async def test_the_banner_names_the_database_without_its_password_and_production(
    empty_database_url: str, tmp_path: Path, database: str
) -> None:
    def banners() -> list[str]:
        found = []
        for variables in ({}, {"ENVIRONMENT": "production", "SECRET_KEYS": SECRET}):
            with terminal(empty_database_url, tmp_path, **variables) as shell:
                found.append(shell.shown)
                assert shell.end("\x04") == 0
        return found

    development, production = await anyio.to_thread.run_sync(banners)

    password = re.search(r":([^:@/]+)@", empty_database_url)
    assert (password is not None) == (database == "postgres")
    for banner in (development, production):
        assert empty_database_url.rpartition("/")[2] in banner
        assert "User, " in banner
        assert ", settings, transaction\r\n" in banner
        assert "async with transaction():" in banner
        assert password is None or password[1] not in banner
    assert "WARNING: ENVIRONMENT is production." in production
    assert "WARNING" not in development


async def test_ctrl_c_ends_what_runs_and_returns_to_the_prompt(empty_database_url: str, tmp_path: Path) -> None:
    await upgrade(empty_database_url)

    def talk() -> int:
        with terminal(empty_database_url, tmp_path) as shell:
            shell.run(IMPORTS)
            for line in (
                "async with transaction():\n    await make_user()\n    await asyncio.sleep(100)\n",
                "time.sleep(100)",
                "while True: pass\n",
                "half of a line",
            ):
                begun = len(shell.shown)
                shell.send(line if line.startswith("half") else f"{line}\n")
                shell.wait_for(line.splitlines()[-1].strip(), after=begun)
                time.sleep(0.5)
                shell.send("\x03")
                shell.wait_for(f"KeyboardInterrupt\r\n{PROMPT}", after=begun)
            assert "0" in shell.run("await User.all().count()")
            return shell.end("\x04")

    assert await anyio.to_thread.run_sync(talk) == 0
    assert await execute(empty_database_url, COUNT) == [(0,)], "the transaction was rolled back"


@pytest.mark.only("sqlite")
async def test_the_example_of_the_documentation_runs(empty_database_url: str, tmp_path: Path) -> None:
    await upgrade(empty_database_url)

    def talk() -> str:
        with terminal(empty_database_url, tmp_path) as shell:
            lines = [*EXAMPLE, "..."]  # an empty line ends the block
            for line, after in zip(lines, [*lines[1:], PROMPT], strict=True):
                begun = len(shell.shown)
                shell.send(f"{line[4:]}\n")
                shell.wait_for(f"\r\n{after[:4]}", after=begun)
            return shell.shown

    shown = await anyio.to_thread.run_sync(talk)

    assert len(EXAMPLE) == 3
    assert "\r\n0\r\n" in shown
    assert "Error" not in shown


@pytest.mark.only("sqlite")
async def test_lines_are_kept_for_the_next_time_in_a_private_file(empty_database_url: str, tmp_path: Path) -> None:
    def talk() -> str:
        with terminal(empty_database_url, tmp_path) as shell:
            shell.run("kept = 'this line'")
            shell.end("\x04")
        with terminal(empty_database_url, tmp_path) as shell:
            shell.run("\x10")  # the line before
            shell.run("print(kept)")
            [file] = tmp_path.glob(".*_history")
            return f"{shell.shown} mode {oct(file.stat().st_mode & 0o777)}"

    shown = await anyio.to_thread.run_sync(talk)

    assert "this line\r\n" in shown
    assert "mode 0o600" in shown


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("code", "exit_code", "error"),
    [
        ("x = 1\n1 / 0", 1, 'Traceback (most recent call last):\n  File "<string>", line 2, in <module>\n    1 / 0'),
        ("await Nothing.all()", 1, "NameError: name 'Nothing' is not defined"),
        ("x = (", 1, "SyntaxError: '(' was never closed"),
        ("import sys; sys.exit(7)", 7, ""),
        ("async with transaction():\n    raise ValueError('no')", 1, "ValueError: no\n"),
    ],
)
async def test_a_script_that_fails_shows_its_own_lines(
    empty_database_url: str, code: str, exit_code: int, error: str
) -> None:
    ended = await run_app(empty_database_url, "shell", "-c", code)

    assert (ended.returncode, ended.stdout) == (exit_code, b"")
    assert error in ended.stderr.decode()
    assert "tortoise_kit/shell" not in ended.stderr.decode()
