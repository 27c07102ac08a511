"""`users`: list accounts, create them with any role, change them, log them out."""

import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Annotated, Any

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from app.accounts import queries, service
from app.accounts.models import Role, User
from app.accounts.schemas import NewPassword, Registration, UserFilters, UserPatch, UserRead
from app.cli.failures import fail, run
from app.database import database
from app.settings import Settings
from tortoise_kit.problems import Conflict, NotFound, Problem
from tortoise_kit.security import Passwords

NOT_CREATED, NOT_LOGGED_OUT = "No account was created: ", "Nobody was logged out: "
NOT_CHANGED, NOT_LISTED = "Nothing was changed: ", "Not listed: "
PAGE_ROWS = 1000
COLUMNS = "{id:>10}  {role:<6}  {active:<6}  {created:<20}  {email}"

app = typer.Typer(no_args_is_help=True)

Email = Annotated[str, typer.Option(prompt=True, help="The account's address, in any case.")]
Force = Annotated[bool, typer.Option("--force", help="Also if no active admin remains.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from one line of standard input.")]
Active = Annotated[bool | None, typer.Option("--active/--inactive", help="Only active accounts, or only deactivated.")]
OfRole = Annotated[Role | None, typer.Option("--role", help="Only accounts with exactly this role.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, with all columns.")]


@app.command("list")
def list_users(*, role: OfRole = None, active: Active = None, as_json: AsJson = False) -> None:
    """List accounts, the newest first. It reads a thousand at a time, and prints them as it goes."""
    run(_list(Settings(), UserFilters(role=role, is_active=active), as_json=as_json), prefix=NOT_LISTED)


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(prompt=True, help="The address to log in with, in any case.")],
    name: Annotated[str | None, typer.Option(help="The person's name; the address up to its @ by default.")] = None,
    role: Annotated[Role, typer.Option(help="What the account may do.")] = Role.MEMBER,
    password_stdin: FromStdin = False,
) -> None:
    """Create an account. It prompts for the password: arguments would be visible in the list of processes."""
    password = _password(from_stdin=password_stdin, prefix=NOT_CREATED)
    try:
        new = Registration.model_validate(
            {"email": email, "name": name or email.partition("@")[0], "password": password}
        )
    except ValidationError as error:
        fail("; ".join(map(_reason, error.errors(include_input=False))), prefix=NOT_CREATED)
    run(_create(Settings(), new, role), Problem, prefix=NOT_CREATED)
    typer.echo(f"Created the account {new.email} with the role {role.value}.")


@app.command()
def set_password(*, email: Email, password_stdin: FromStdin = False) -> None:
    """Set the password of an account, and end all its logins. It prompts for the password."""
    text = _password(from_stdin=password_stdin, prefix=NOT_CHANGED)
    try:
        password = TypeAdapter[SecretStr](NewPassword).validate_python(text).get_secret_value()
    except ValidationError as error:
        fail(_reason({**error.errors(include_input=False)[0], "loc": ("password",)}), prefix=NOT_CHANGED)

    async def change(user: User) -> object:
        return await service.set_password(user.id, await Passwords(at_once=1).hash(password), actor=None)

    _change(email, change, "Set the password of {}, and logged it out everywhere.")


@app.command()
def set_role(
    *, email: Email, role: Annotated[Role, typer.Option(prompt=True, help="What it may do.")], force: Force = False
) -> None:
    """Set the role of an account. It takes effect with the next request."""
    _patch(email, UserPatch(role=role), f"{{}} has the role {role.value}.", force=force)


@app.command()
def deactivate(*, email: Email, force: Force = False) -> None:
    """Deactivate an account, and end all its logins."""
    _patch(email, UserPatch(is_active=False), "Deactivated {}.", force=force)


@app.command()
def activate(*, email: Email) -> None:
    """Activate a deactivated account. It can log in again."""
    _patch(email, UserPatch(is_active=True), "Activated {}.")


@app.command()
def log_out(*, email: Email) -> None:
    """End all sessions of an account, including its access tokens, after a lost device or a leaked token."""

    async def change(user: User) -> object:
        return await service.log_out_everywhere(user.id, actor=None)

    _change(email, change, "Logged {} out everywhere.", prefix=NOT_LOGGED_OUT)


def _patch(email: str, patch: UserPatch, done: str, *, force: bool = False) -> None:
    async def change(user: User) -> object:
        try:
            return await service.change_user(user.id, patch, actor=None, force=force)
        except Conflict as error:
            detail = f"{error.detail.removesuffix('.')}, or use --force."
            raise Conflict(detail, kind=error.kind) from error

    _change(email, change, done)


def _change(email: str, change: Callable[[User], Awaitable[object]], done: str, *, prefix: str = NOT_CHANGED) -> None:
    """Change the account with this address, and print `done` with it."""
    address = email.lower()

    settings = Settings()
    settings.configure_logging()  # the audit trail is a line, too

    async def changed() -> None:
        async with database(settings):
            user = await User.get_or_none(email=address)
            if user is None:
                detail = f"There is no account with the address {address}."
                raise NotFound(detail)
            await change(user)

    run(changed(), Problem, prefix=prefix)
    typer.echo(done.format(address))


async def _create(settings: Settings, new: Registration, role: Role) -> None:
    settings.configure_logging()
    async with database(settings):
        await service.register(Passwords(at_once=1), new, role=role)


async def _list(settings: Settings, filters: UserFilters, *, as_json: bool) -> None:
    async with database(settings):
        try:
            if not as_json:
                typer.echo(COLUMNS.format(id="id", role="role", active="active", created="created", email="email"))
            async for user in accounts(filters):
                typer.echo(_as_json(user) if as_json else _as_row(user))
        except BrokenPipeError:  # the reader has seen enough, as `head` has; Python flushes once more at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def accounts(filters: UserFilters) -> AsyncIterator[User]:
    """The accounts that match all `filters`, the newest first, read page by page."""
    rows = queries.users(filters).order_by("-id").limit(PAGE_ROWS)
    page = await rows
    while page:
        for user in page:
            yield user
        page = await rows.filter(id__lt=page[-1].id)


def _as_row(user: User) -> str:
    """Without the name, which may have any characters, those that control terminals included."""
    created, active = f"{user.created_at:%Y-%m-%dT%H:%M:%SZ}", "yes" if user.is_active else "no"
    return COLUMNS.format(id=user.id, role=user.role.value, active=active, created=created, email=user.email)


def _as_json(user: User) -> str:
    return json.dumps(UserRead.model_validate(user).model_dump(mode="json"))


def _reason(error: Mapping[str, Any]) -> str:
    """What is wrong with an option; Pydantic counts the items of a secret."""
    name, context = error["loc"][0], error.get("ctx", {})
    if error["type"] in {"too_short", "too_long"}:
        limit = f"at least {context['min_length']}" if "min_length" in context else f"at most {context['max_length']}"
        return f"{name}: It must have {limit} characters."
    return f"{name}: {error['msg']}"


def _password(*, from_stdin: bool, prefix: str) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail("There is no terminal to prompt for the password: use --password-stdin.", prefix=prefix)
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
