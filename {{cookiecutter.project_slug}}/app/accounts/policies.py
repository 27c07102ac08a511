"""Who may call a route. Each route takes one of these as a parameter; the app does not start if a route has none.

async def list_products(_: Public)         everyone
async def place_order(user: SignedIn)      every user with an active account, passed as `user`
async def create_product(_: Staff)         staff and admins
async def remove_user(_: Admin)            admins
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer

from app.accounts.authentication import Authenticator
from app.accounts.dependencies import LoginDep
from app.accounts.models import Role, User
from tortoise_kit.http import identify_caller, policy
from tortoise_kit.problems import Forbidden, Unauthorized
from tortoise_kit.security import InvalidToken
from tortoise_kit.sql import get_by_key

# Relative to the documentation page, so that its Authorize button also works behind a proxy's prefix.
_bearer = OAuth2PasswordBearer(tokenUrl="api/v1/auth/token", auto_error=False)


@policy
async def _everybody() -> None:
    """Let everyone in."""


@policy
async def _signed_in(login: LoginDep, token: Annotated[str | None, Depends(_bearer)]) -> User:
    """The user who sent the access token."""
    if token is None:
        detail = "Log in and send the access token in the header `Authorization: Bearer TOKEN`."
        raise Unauthorized(detail)
    return await user_of(login, token)


async def user_of(login: Authenticator, token: str) -> User:
    """The user of an access token, wherever it was sent.

    The row is read for each request, by key and never from a replica, so that a deactivation, a logout everywhere or
    a new role takes effect immediately.

    Raises:
        Unauthorized: The token is invalid or expired, or its user no longer has access.
    """
    try:
        bearer = login.tokens.read(token)
        number = int(bearer.subject)
    except (InvalidToken, ValueError) as error:
        detail = "The access token is invalid or expired; refresh it or log in again."
        raise Unauthorized(detail, kind="invalid-token") from error
    user = await get_by_key(User, number, using="default")
    if user is None or not user.accepts_token_of(bearer.generation):
        detail = "The account was deleted, deactivated or logged out everywhere; log in again."
        raise Unauthorized(detail, kind="invalid-token")
    identify_caller(user.id)
    return user


SignedIn = Annotated[User, Depends(_signed_in)]
"""Every user with an active account; 401 for everyone else."""


def is_staff(user: User) -> bool:
    """Whether the user is staff or an admin, who see and change what belongs to others."""
    return user.may(Role.STAFF)


def _at_least(role: Role) -> Callable[..., Awaitable[User]]:
    @policy
    async def check(user: SignedIn) -> User:
        if not user.may(role):
            detail = f"This requires the {role.value} role; yours is {user.role.value}."
            raise Forbidden(detail)
        return user

    return check


Public = Annotated[None, Depends(_everybody)]
"""Everyone, with or without a token."""

Staff = Annotated[User, Depends(_at_least(Role.STAFF))]
"""Staff and admins; 403 for members."""

Admin = Annotated[User, Depends(_at_least(Role.ADMIN))]
"""Admins; 403 for everyone else."""
