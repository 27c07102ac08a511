"""Who asks: every twin reads the service's tokens in the service's way, and looks the user up in its own.

Logins verify the service's hashes with its parameters, two at a time, and return the same tokens. Unlike the service,
twins do not count attempts, and let logins of one account happen at the same time.
"""

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash

from app.accounts.authentication import authenticator
from app.accounts.models import Role
from app.settings import Settings
from tortoise_kit.security import AccessTokens, InvalidToken

STAFF = frozenset({Role.STAFF.value, Role.ADMIN.value})


def tokens() -> AccessTokens:
    """The service's, by the same secret."""
    return authenticator(Settings()).tokens


_settings = Settings()
_tokens = tokens()
_passwords = PasswordHash.recommended()
_threads = ThreadPoolExecutor(_settings.password_hashes_at_once)
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


Form = Annotated[OAuth2PasswordRequestForm, Depends()]
"""A route's parameter: an address and a password."""


@dataclass(frozen=True)
class NewLogin:
    """A refresh token to send, and what is stored of it."""

    token: str
    token_hash: str
    family: UUID
    expires_at: datetime


async def new_login(password: str, stored: str | None, *, active: bool | None) -> NewLogin:
    """Verify a password in a thread; 401 if it is wrong."""
    if stored is None or not active or not await _verified(password, stored):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    family = uuid4()
    token = f"{family.hex}.{secrets.token_urlsafe(32)}"
    expires_at = datetime.now(UTC) + timedelta(seconds=_settings.login_lifetime_seconds)
    return NewLogin(token, hashlib.sha256(token.encode()).hexdigest(), family, expires_at)


def pair(login: NewLogin, user: int, generation: int) -> dict[str, Any]:
    """Both tokens of a login."""
    return {
        "access_token": _tokens.issue(str(user), generation=generation),
        "refresh_token": login.token,
        "token_type": "bearer",
        "expires_in": _tokens.lifetime_seconds,
    }


async def _verified(password: str, stored: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_threads, _passwords.verify, password, stored)
