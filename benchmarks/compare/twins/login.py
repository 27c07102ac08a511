"""Who asks: every twin reads the service's tokens, and looks the user up in its own way.

Logins verify the service's hashes with its parameters, as many at once, and return the same members. Unlike the
service, twins do not count attempts, and let logins of one account happen at the same time.
"""

import asyncio
import hashlib
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

STAFF = frozenset({"staff", "admin"})
ALGORITHM = "HS256"
KEY, ISSUER = bytes.fromhex(os.environ["TWIN_TOKEN_KEY"]), os.environ["TWIN_TOKEN_ISSUER"]
LOGIN_LIFETIME = timedelta(seconds=int(os.environ["TWIN_LOGIN_SECONDS"]))
TOKEN_SECONDS = int(os.environ["ACCESS_TOKEN_LIFETIME_SECONDS"])

_passwords = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_threads = ThreadPoolExecutor(int(os.environ["TWIN_HASHES_AT_ONCE"]))
_bearer = OAuth2PasswordBearer(tokenUrl="token")


def user_id(token: str) -> int:
    """Whose token it is; 401 if it is nobody's."""
    try:
        claims = jwt.decode(token, KEY, algorithms=[ALGORITHM], issuer=ISSUER, audience=ISSUER)
        return int(claims["sub"])
    except (jwt.PyJWTError, ValueError) as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED) from error


async def _user_id(token: Annotated[str, Depends(_bearer)]) -> int:
    return user_id(token)


UserId = Annotated[int, Depends(_user_id)]
"""A route's parameter: the key of the user who sent a valid token."""

Form = Annotated[OAuth2PasswordRequestForm, Depends()]
"""A route's parameter: an address and a password."""


def check_staff(role: str | None, *, active: bool | None) -> None:
    """401 if the user is missing or not active, 403 without the staff role."""
    if role is None or not active:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    if role not in STAFF:
        raise HTTPException(status.HTTP_403_FORBIDDEN)


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
    return NewLogin(token, hashlib.sha256(token.encode()).hexdigest(), family, datetime.now(UTC) + LOGIN_LIFETIME)


def pair(login: NewLogin, user: int, generation: int) -> dict[str, Any]:
    """Both tokens of a login."""
    now = datetime.now(UTC)
    claims = {
        "sub": str(user),
        "iat": now,
        "exp": now + timedelta(seconds=TOKEN_SECONDS),
        "iss": ISSUER,
        "aud": ISSUER,
        "jti": uuid4().hex,
        "gen": generation,
    }
    return {
        "access_token": jwt.encode(claims, KEY, algorithm=ALGORITHM),
        "refresh_token": login.token,
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
    }


async def _verified(password: str, stored: str) -> bool:
    return await asyncio.get_running_loop().run_in_executor(_threads, _passwords.verify, password, stored)
