import os
import re
import select
import subprocess
import sys
from functools import partial
from pathlib import Path

import anyio
import pytest
import typer
from httpx import AsyncClient
from typer.testing import CliRunner

from app.accounts.models import Role, User
from app.cli.main import cli
from app.settings import PROJECT_FILE
from tests.accounts.factories import AUTH, PASSWORD, begin, log_in, make_user, refresh
from tests.support.clients import UserClient
from tests.support.processes import run_app

QUESTION_SECONDS = 30
CREATE = ("users", "create", "--email", "Ann@Example.com")


@pytest.mark.slow
async def test_an_account_with_a_role_is_created_and_logs_in(client: AsyncClient, session_database_url: str) -> None:
    ended = await run_app(session_database_url, *CREATE, "--role", "staff", "--password-stdin", stdin=f"{PASSWORD}\n")

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"Created the account ann@example.com with the role staff.\n"
    user = await User.get(email="ann@example.com")
    assert (user.role, user.name) == (Role.STAFF, "Ann")
    assert (await log_in(client, "ann@example.com")).status_code == 200


@pytest.mark.slow
async def test_an_address_with_an_account_is_rejected_in_one_line(db: None, session_database_url: str) -> None:
    await make_user(email="ann@example.com")

    ended = await run_app(session_database_url, *CREATE, "--password-stdin", stdin=PASSWORD)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr == b"No account was created: This e-mail address already has an account.\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "reason"),
    [
        (("--password-stdin",), "sh0rt-s3cret\n", r"password: Value should have at least 15 items[^\n]*"),
        (("--password-stdin",), "", r"password: [^\n]+"),
        ((), PASSWORD, r"There is no terminal to prompt for the password: use --password-stdin\."),
        (("--password-stdin", "--email", "ann"), PASSWORD, r"email: [^\n]+"),
    ],
    ids=["a short password", "no password", "no terminal", "no address"],
)
def test_wrong_input_is_rejected_in_one_line_without_the_password_and_before_the_database_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], stdin: str, reason: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite://{tmp_path / 'app.db'}")

    ended = CliRunner().invoke(cli, [*CREATE, *arguments], input=stdin)

    assert ended.exit_code == 1
    assert re.fullmatch(rf"No account was created: {reason}\n", ended.stderr), ended.stderr
    assert "s3cret" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
async def test_an_account_is_logged_out_everywhere(member: UserClient, session_database_url: str) -> None:
    token = await begin(member.user)
    before = (await member.get(f"{AUTH}/me")).status_code

    ended = await run_app(session_database_url, "users", "log-out", "--email", member.user.email.upper())

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"Logged %s out everywhere.\n" % member.user.email.encode()
    assert (before, (await member.get(f"{AUTH}/me")).status_code) == (200, 401)
    assert (await refresh(member, token)).status_code == 401


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_an_address_without_an_account_cannot_be_logged_out(db: None, session_database_url: str) -> None:
    ended = await run_app(session_database_url, "users", "log-out", "--email", "ann@example.com")

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr == b"Nobody was logged out: There is no account with the address ann@example.com.\n"


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_a_database_without_migrations_is_reported_in_one_line(empty_database_url: str) -> None:
    ended = await run_app(empty_database_url, *CREATE, "--password-stdin", stdin=PASSWORD)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert re.fullmatch(rb"No account was created: The database cannot be used: [^\n]+\n", ended.stderr)


def test_a_password_cannot_be_an_argument() -> None:
    group = typer.main.get_command(cli)
    create = group.commands["users"].commands["create"]  # type: ignore[attr-defined]

    assert {parameter.name for parameter in create.params} == {"email", "name", "role", "password_stdin"}


# A new session has no terminal until it opens one, and a hidden prompt appears only on a terminal.
ON_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "app", *sys.argv[1:]])
"""


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_on_a_terminal_the_password_is_asked_for_twice_and_hidden(
    client: AsyncClient, session_database_url: str
) -> None:
    shown = await anyio.to_thread.run_sync(partial(on_a_terminal, session_database_url, *CREATE, "--role", "admin"))

    assert PASSWORD not in shown
    assert shown.count("Password") == 1
    assert "Repeat for confirmation" in shown
    assert (await log_in(client, "ann@example.com")).status_code == 200


def on_a_terminal(database_url: str, *arguments: str) -> str:
    """What the command shows on a terminal, where the password is typed at each prompt."""
    import pty  # noqa: PLC0415 -- Windows has none, and runs the other tests

    keyboard, terminal = pty.openpty()
    with subprocess.Popen(  # noqa: S603 -- this service's own command
        [sys.executable, "-c", ON_A_TERMINAL, *arguments],
        cwd=PROJECT_FILE.parent,
        env={**os.environ, "DATABASE_URL": database_url},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        shown, answered = "", 0
        while select.select([keyboard], [], [], QUESTION_SECONDS)[0]:
            try:
                piece = os.read(keyboard, 1024)
            except OSError:  # how Linux reports that the other side is closed
                break
            if not piece:
                break
            shown += piece.decode()
            if shown.count(": ") > answered and shown.endswith(": "):
                answered += 1
                os.write(keyboard, f"{PASSWORD}\n".encode())
        os.close(keyboard)
        process.kill()
    return shown
