import os
import re
import sys
from subprocess import CompletedProcess

import anyio
import pytest
import typer
from httpx import AsyncClient

from app.__main__ import cli
from app.accounts.models import Role, User
from app.settings import PROJECT_FILE
from tests.accounts.factories import PASSWORD, make_user
from tests.accounts.sessions import log_in

CREATE = ("users", "create", "--email", "Ann@Example.com")


async def run(database_url: str, *arguments: str, stdin: str = "") -> CompletedProcess[bytes]:
    with anyio.fail_after(60):
        return await anyio.run_process(
            [sys.executable, "-m", "app", *arguments],
            check=False,
            cwd=PROJECT_FILE.parent,
            env={**os.environ, "DATABASE_URL": database_url},
            input=stdin.encode(),
        )


@pytest.mark.parametrize("role", Role)
async def test_an_account_of_any_role_is_made_and_logs_in(
    client: AsyncClient, session_database_url: str, role: Role
) -> None:
    ended = await run(session_database_url, *CREATE, "--role", role.value, "--password-stdin", stdin=f"{PASSWORD}\n")

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == b"Made an account of ann@example.com: %s.\n" % role.value.encode()
    user = await User.get(email="ann@example.com")
    assert (user.role, user.name) == (role, "Ann")
    assert (await log_in(client, "ann@example.com")).status_code == 200


async def test_an_address_that_has_an_account_is_refused_in_one_line(db: None, session_database_url: str) -> None:
    await make_user(email="ann@example.com")

    ended = await run(session_database_url, *CREATE, "--password-stdin", stdin=PASSWORD)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr == b"No account was made: This e-mail address has an account already.\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "reason"),
    [
        (("--password-stdin",), "sh0rt-s3cret\n", rb"password: Value should have at least 15 items[^\n]*"),
        (("--password-stdin",), "", rb"password: [^\n]+"),
        ((), PASSWORD, rb"There is no terminal to ask for a password on: give it by --password-stdin\."),
        (("--password-stdin", "--email", "ann"), PASSWORD, rb"email: [^\n]+"),
    ],
    ids=["a short password", "no password", "no terminal", "no address"],
)
@pytest.mark.only("sqlite")
async def test_what_makes_no_account_is_refused_in_one_line_without_the_password(
    db: None, session_database_url: str, arguments: tuple[str, ...], stdin: str, reason: bytes
) -> None:
    ended = await run(session_database_url, *CREATE, *arguments, stdin=stdin)

    assert ended.returncode == 1
    assert re.fullmatch(rb"No account was made: %s\n" % reason, ended.stderr), ended.stderr
    assert b"s3cret" not in ended.stderr
    assert await User.all().count() == 0


async def test_a_database_that_is_not_migrated_is_told_in_one_line(empty_database_url: str) -> None:
    ended = await run(empty_database_url, *CREATE, "--password-stdin", stdin=PASSWORD)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert re.fullmatch(rb"No account was made: The database cannot be used: [^\n]+\n", ended.stderr)


def test_a_password_is_no_argument() -> None:
    group = typer.main.get_command(cli)
    create = group.commands["users"].commands["create"]  # type: ignore[attr-defined]

    assert {parameter.name for parameter in create.params} == {"email", "name", "role", "password_stdin"}
