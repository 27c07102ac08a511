"""`users`: create accounts with any role, and log accounts out."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from app.accounts.models import Role, User
from app.accounts.schemas import Registration
from app.accounts.service import log_out_everywhere, register
from app.cli.failures import fail, run
from app.database import database
from app.settings import Settings
from tortoise_kit.problems import NotFound, Problem
from tortoise_kit.security import Passwords

NOT_CREATED, NOT_LOGGED_OUT = "No account was created: ", "Nobody was logged out: "

app = typer.Typer(no_args_is_help=True)

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from one line of standard input.")]


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(prompt=True, help="The address to log in with, in any case.")],
    name: Annotated[str | None, typer.Option(help="The person's name; the address up to its @ by default.")] = None,
    role: Annotated[Role, typer.Option(help="What the account may do.")] = Role.MEMBER,
    password_stdin: FromStdin = False,
) -> None:
    """Create an account. It prompts for the password: arguments would be visible in the list of processes."""
    password = _password(from_stdin=password_stdin)
    try:
        new = Registration.model_validate(
            {"email": email, "name": name or email.partition("@")[0], "password": password}
        )
    except ValidationError as error:
        reasons = (f"{each['loc'][0]}: {each['msg']}" for each in error.errors(include_input=False))
        fail("; ".join(reasons), prefix=NOT_CREATED)
    run(_create(Settings(), new, role), Problem, prefix=NOT_CREATED)
    typer.echo(f"Created the account {new.email} with the role {role.value}.")


@app.command()
def log_out(
    email: Annotated[str, typer.Option(prompt=True, help="The account's address, in any case.")],
) -> None:
    """End all sessions of an account, including its access tokens, after a lost device or a leaked token."""
    run(_log_out(Settings(), email.lower()), Problem, prefix=NOT_LOGGED_OUT)
    typer.echo(f"Logged {email.lower()} out everywhere.")


async def _log_out(settings: Settings, email: str) -> None:
    async with database(settings):
        user = await User.get_or_none(email=email)
        if user is None:
            detail = f"There is no account with the address {email}."
            raise NotFound(detail)
        await log_out_everywhere(user)


async def _create(settings: Settings, new: Registration, role: Role) -> None:
    async with database(settings):
        await register(Passwords(at_once=1), new, role=role)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail("There is no terminal to prompt for the password: use --password-stdin.", prefix=NOT_CREATED)
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
