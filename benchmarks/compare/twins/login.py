"""Who asks: every twin reads the service's tokens in the service's way, and looks the user up in its own."""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer

from app.accounts.authentication import authenticator
from app.accounts.models import Role
from app.settings import Settings
from tortoise_kit.security import AccessTokens, InvalidToken

STAFF = frozenset({Role.STAFF.value, Role.ADMIN.value})


def tokens() -> AccessTokens:
    """The service's, by the same secret."""
    return authenticator(Settings()).tokens


_tokens = tokens()
_bearer = OAuth2PasswordBearer(tokenUrl="token")


def user_id(token: str) -> int:
    """Whose token it is; 401 if it is nobody's."""
    try:
        return int(_tokens.read(token).subject)
    except (InvalidToken, ValueError) as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from error


async def _user_id(token: Annotated[str, Depends(_bearer)]) -> int:
    return user_id(token)


UserId = Annotated[int, Depends(_user_id)]
"""A route's parameter: the key of the user who sent a valid token."""


def check_staff(role: str | None, *, active: bool | None) -> None:
    """401 if the user is missing or not active, 403 without the staff role."""
    if role is None or not active:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    if role not in STAFF:
        raise HTTPException(status.HTTP_403_FORBIDDEN)
