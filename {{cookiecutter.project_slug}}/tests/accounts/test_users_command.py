import json
import os
import re
import select
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import anyio
import pytest
import typer
from httpx2 import AsyncClient
from typer.testing import CliRunner

from app.accounts.models import AccountEvent, Event, Role, User
from app.accounts.schemas import UserFilters
from app.accounts.seed import SIZE_PER_USER, seed
from app.cli import users
from app.cli.main import cli
from app.settings import PROJECT_FILE
from tests.accounts.factories import AUTH, PASSWORD, begin, log_in, make_user, refresh, survivors
from tests.support.clients import UserClient
from tests.support.processes import run_app
from tortoise_kit.development.seeding import SeedPlan
from tortoise_kit.sql import recorded_queries

QUESTION_SECONDS = 30
NEW = "battery horse correct"
CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AUDITED = re.compile(rb"(account\.\w+) .*\[app\.accounts\.audit\].* user_id=\d+")
CREATE = ("users", "create", "--email", "Ann@Example.com")


def audited(ended: CompletedProcess[bytes]) -> list[str]:
    """The events of the command's log, which has nothing else."""
    found = [AUDITED.search(line) for line in ended.stderr.splitlines()]
    assert all(found), ended.stderr
    return [match[1].decode() for match in found if match]


@pytest.mark.slow
async def test_an_account_with_a_role_is_created_and_logs_in(client: AsyncClient, session_database_url: str) -> None:
    ended = await run_app(session_database_url, *CREATE, "--role", "staff", "--password-stdin", stdin=f"{PASSWORD}\n")

    assert (ended.returncode, audited(ended)) == (0, [Event.CREATED])
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
        (("--password-stdin",), "sh0rt-s3cret\n", r"password: It must have at least 15 characters\."),
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

    assert (ended.returncode, audited(ended)) == (0, [Event.LOGGED_OUT_EVERYWHERE])
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


@pytest.mark.slow
async def test_a_password_is_set_and_every_login_ends(
    client: AsyncClient, ann: User, session_database_url: str
) -> None:
    pair = (await log_in(client, ann.email)).json()

    ended = await run_app(
        session_database_url, "users", "set-password", "--email", "ANN@example.com", "--password-stdin", stdin=NEW
    )

    assert (ended.returncode, audited(ended)) == (0, [Event.PASSWORD_SET])
    assert ended.stdout == b"Set the password of ann@example.com, and logged it out everywhere.\n"
    assert await survivors(client, pair) == []
    assert [(await log_in(client, ann.email, each)).status_code for each in (PASSWORD, NEW)] == [401, 200]


@pytest.mark.slow
async def test_an_account_is_deactivated_and_activated_and_its_role_set(
    client: AsyncClient, ann: User, session_database_url: str
) -> None:
    pair = (await log_in(client, ann.email)).json()

    printed = [
        await run_app(session_database_url, "users", *command, "--email", ann.email)
        for command in (("deactivate",), ("activate",), ("set-role", "--role", "admin"))
    ]

    assert [(ended.returncode, ended.stdout, audited(ended)) for ended in printed] == [
        (0, b"Deactivated ann@example.com.\n", [Event.DEACTIVATED]),
        (0, b"Activated ann@example.com.\n", [Event.ACTIVATED]),
        (0, b"ann@example.com has the role admin.\n", [Event.ROLE_CHANGED]),
    ]
    assert await survivors(client, pair) == []
    assert (await User.get(id=ann.id)).role is Role.ADMIN
    events = await AccountEvent.all().order_by("id")
    assert [(event.kind, event.actor_id, event.user_id) for event in events] == [
        (kind, None, ann.id) for kind in (Event.DEACTIVATED, Event.ACTIVATED, Event.ROLE_CHANGED)
    ]


@pytest.mark.slow
async def test_the_last_active_admin_is_only_ended_by_force(admin: UserClient, session_database_url: str) -> None:
    address = ("--email", admin.user.email)

    kept = [
        await run_app(session_database_url, "users", *command, *address)
        for command in (("deactivate",), ("set-role", "--role", "member"))
    ]
    forced = await run_app(session_database_url, "users", "deactivate", "--force", *address)

    reason = b"Nothing was changed: This is the last active admin; make someone else an admin first, or use --force.\n"
    assert [(ended.returncode, ended.stdout, ended.stderr) for ended in kept] == [(1, b"", reason)] * 2
    assert (forced.returncode, audited(forced)) == (0, [Event.DEACTIVATED])
    assert not (await User.get(id=admin.user.id)).is_active


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_an_address_without_an_account_cannot_be_changed(db: None, session_database_url: str) -> None:
    for command in (("set-password", "--password-stdin"), ("set-role", "--role", "staff"), ("deactivate",)):
        ended = await run_app(session_database_url, "users", *command, "--email", "ann@example.com", stdin=PASSWORD)

        assert (ended.returncode, ended.stdout) == (1, b"")
        assert ended.stderr == b"Nothing was changed: There is no account with the address ann@example.com.\n"


@pytest.mark.parametrize("stdin", ["sh0rt-s3cret", ""])
def test_a_password_that_may_not_be_set_is_rejected_in_one_line_without_it(stdin: str) -> None:
    ended = CliRunner().invoke(cli, ["users", "set-password", "--email", "a@example.com", "--password-stdin"], stdin)

    assert ended.exit_code == 1
    assert ended.stderr == "Nothing was changed: password: It must have at least 15 characters.\n"
    assert "s3cret" not in ended.stderr


@pytest.mark.slow
async def test_accounts_are_listed_by_role_and_activity_as_a_table_or_as_json(
    db: None, session_database_url: str
) -> None:
    ann = await make_user(email="ann@example.com", name="A\x1b[2J\u202e", role=Role.ADMIN, created_at=CREATED)
    ben = await make_user(email="ben@example.com", is_active=False, created_at=CREATED)
    zoe = await make_user(email="zoe@example.com", created_at=CREATED)

    table = await run_app(session_database_url, "users", "list")
    found = [
        (await run_app(session_database_url, "users", "list", "--json", *options)).stdout
        for options in ((), ("--role", "member", "--active"), ("--inactive",), ("--role", "staff"))
    ]

    assert (table.returncode, table.stderr) == (0, b"")
    assert [line.split() for line in table.stdout.decode().splitlines()] == [
        ["id", "role", "active", "created", "email"],
        [str(zoe.id), "member", "yes", "2026-01-02T03:04:05Z", "zoe@example.com"],
        [str(ben.id), "member", "no", "2026-01-02T03:04:05Z", "ben@example.com"],
        [str(ann.id), "admin", "yes", "2026-01-02T03:04:05Z", "ann@example.com"],
    ]
    listed = [[json.loads(line) for line in each.splitlines()] for each in found]
    assert [[each["id"] for each in lines] for lines in listed] == [[zoe.id, ben.id, ann.id], [zoe.id], [ben.id], []]
    assert listed[0][2]["name"] == ann.name
    assert b"\x1b" not in found[0] + table.stdout
    assert listed[0][0].keys() == {"id", "email", "name", "role", "is_active", "created_at"}


@pytest.mark.slow
@pytest.mark.only("sqlite")
async def test_a_list_ends_quietly_when_its_reader_has_seen_enough(db: None, session_database_url: str) -> None:
    await seed(SeedPlan(size=SIZE_PER_USER * 4_000))  # more than a pipe holds

    def first_line_of_list() -> tuple[bytes, int, bytes]:
        with subprocess.Popen(
            [sys.executable, "-m", "app", "users", "list"],
            cwd=PROJECT_FILE.parent,
            env={**os.environ, "DATABASE_URL": session_database_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            first = process.stdout.readline()
            process.stdout.close()
            return first, process.wait(QUESTION_SECONDS), process.stderr.read()

    first, code, complaints = await anyio.to_thread.run_sync(first_line_of_list)

    assert first.split()[0] == b"id"
    assert (code, complaints) == (0, b"")


async def test_a_list_reads_accounts_in_pages_by_key(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "PAGE_ROWS", 3)
    made = [(await make_user()).id for _ in range(7)]

    with recorded_queries() as log:
        listed = [user.id async for user in users.accounts(UserFilters())]

    assert listed == made[::-1]
    assert len(log.queries) == 4
    assert not [query for query in log.queries if "OFFSET" in query.text]


def test_the_documentation_lists_every_command() -> None:
    page = (PROJECT_FILE.parent / "docs" / "login.md").read_text(encoding="utf-8")
    group = typer.main.get_command(cli).commands["users"]  # type: ignore[attr-defined]

    assert set(re.findall(r"`users ([a-z-]+)`", page)) == set(group.commands)


def test_a_password_cannot_be_an_argument() -> None:
    group = typer.main.get_command(cli)
    create, set_password = [group.commands["users"].commands[name] for name in ("create", "set-password")]  # type: ignore[attr-defined]

    assert {parameter.name for parameter in create.params} == {"email", "name", "role", "password_stdin"}
    assert {parameter.name for parameter in set_password.params} == {"email", "password_stdin"}


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
