"""Policies: who may call a route. Each route has a parameter of one of these, or the app does not start.

async def list_products(_: Public)         everybody
async def place_order(user: SignedIn)      everybody with an active account, which is `user`
async def create_product(_: Staff)         staff and admins
async def remove_user(_: Admin)            admins
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer
from tortoise.connection import get_connection

from app.accounts.dependencies import LoginDep
from app.accounts.models import Role, User
from tortoise_kit.http import policy
from tortoise_kit.problems import Forbidden, Unauthorized
from tortoise_kit.security import InvalidToken
from tortoise_kit.sql import first

# Relative to the documentation page, so that its Authorize button works behind a proxy's prefix too.
_bearer = OAuth2PasswordBearer(tokenUrl="api/v1/auth/token", auto_error=False)


@policy
async def _everybody() -> None:
    """Nothing is checked."""


@policy
async def _signed_in(login: LoginDep, token: Annotated[str | None, Depends(_bearer)]) -> User:
    """The user that the access token identifies.

    The user is read for each request, on the primary, so that a deactivation, a logout everywhere or a new role applies
    at once.
    """
    if token is None:
        detail = "Log in, and send the access token as `Authorization: Bearer TOKEN`."
        raise Unauthorized(detail)
    try:
        bearer = login.tokens.read(token)
        number = int(bearer.subject)
    except (InvalidToken, ValueError) as error:
        detail = "The access token is invalid or expired; refresh it, or log in again."
        raise Unauthorized(detail, kind="invalid-token") from error
    user = await first(User.filter(id=number).using_db(get_connection("default")))
    if user is None or not user.accepts_token_of(bearer.issued_at):
        detail = "The account was deleted, deactivated or logged out everywhere; log in again."
        raise Unauthorized(detail, kind="invalid-token")
    return user


SignedIn = Annotated[User, Depends(_signed_in)]
"""Everybody with an active account; 401 for all others."""


def _at_least(role: Role) -> Callable[..., Awaitable[User]]:
    @policy
    async def check(user: SignedIn) -> User:
        if not user.may(role):
            detail = f"This requires the {role.value} role; yours is {user.role.value}."
            raise Forbidden(detail)
        return user

    return check


Public = Annotated[None, Depends(_everybody)]
"""Everybody, with or without a token."""

Staff = Annotated[User, Depends(_at_least(Role.STAFF))]
"""Staff and admins; 403 for customers."""

Admin = Annotated[User, Depends(_at_least(Role.ADMIN))]
"""Admins; 403 for all others."""
