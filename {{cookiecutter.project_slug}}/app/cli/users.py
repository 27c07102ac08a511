"""`users`: accounts that nobody can register by themselves."""

import asyncio
import sys
from typing import Annotated, NoReturn

import typer
from asyncpg import PostgresError
from pydantic import ValidationError
from tortoise.exceptions import BaseORMException

from app.accounts.models import Role, User
from app.accounts.schemas import Registration
from app.accounts.service import log_out_everywhere, register
from app.database import database
from app.settings import Settings
from tortoise_kit.problems import NotFound, Problem
from tortoise_kit.security import Passwords

UNUSABLE, REMEDY = "The database cannot be used", "Is DATABASE_URL right, and is it migrated?"
NOBODY = "Nobody was logged out"

app = typer.Typer(help="Make accounts, and log them out.", no_args_is_help=True)

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")]


@app.callback()
def _group() -> None:
    """Make accounts, and log them out."""


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(prompt=True, help="To log in with; in any case.")],
    name: Annotated[str | None, typer.Option(help="Of the person; by default the address before its @.")] = None,
    role: Annotated[Role, typer.Option(help="What the account may do.")] = Role.CUSTOMER,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account; the password is asked for, and is no argument, since those show in the list of processes."""
    password = _password(from_stdin=password_stdin)
    try:
        new = Registration.model_validate(
            {"email": email, "name": name or email.partition("@")[0], "password": password}
        )
    except ValidationError as error:
        _fail("; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors(include_input=False)))
    settings = Settings()
    try:
        asyncio.run(_create(settings, new, role))
    except Problem as error:
        _fail(error.detail)
    except (OSError, BaseORMException, PostgresError) as error:
        _fail(f"{UNUSABLE}: {error}. {REMEDY}")
    typer.echo(f"Made an account of {new.email}: {role.value}.")


@app.command()
def log_out(email: Annotated[str, typer.Option(prompt=True, help="Whose; in any case.")]) -> None:
    """End all logins of an account, its access tokens included: for a lost device, or a token that leaked."""
    settings = Settings()
    try:
        asyncio.run(_log_out(settings, email.lower()))
    except Problem as error:
        _fail(error.detail, what=NOBODY)
    except (OSError, BaseORMException, PostgresError) as error:
        _fail(f"{UNUSABLE}: {error}. {REMEDY}", what=NOBODY)
    typer.echo(f"Logged {email.lower()} out everywhere.")


async def _log_out(settings: Settings, email: str) -> None:
    async with database(settings):
        user = await User.get_or_none(email=email)
        if user is None:
            detail = f"No account has the address {email}."
            raise NotFound(detail)
        await log_out_everywhere(user)


async def _create(settings: Settings, new: Registration, role: Role) -> None:
    async with database(settings):
        await register(Passwords(at_once=1), new, role=role)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        _fail("There is no terminal to ask for a password on: give it by --password-stdin.")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _fail(reason: str, *, what: str = "No account was made") -> NoReturn:
    typer.echo(f"{what}: {' '.join(reason.split())}", err=True)
    raise typer.Exit(1)
