"""Accounts and logins for tests."""

from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

from httpx2 import AsyncClient, Response

from app.accounts import logins
from app.accounts.models import User
from tortoise_kit.development.seeding import hash_with_salt

PASSWORD = "correct horse battery"  # noqa: S105
NEW_PASSWORD = "battery horse correct"  # noqa: S105

_numbers = count(1)


async def make_user(**columns: Any) -> User:
    number = next(_numbers)
    given = {"email": f"user-{number}@example.com", "name": f"User {number}", "password_hash": "!", **columns}
    return await User.create(**given)


@cache
def password_hash() -> str:
    """Of PASSWORD; made once, since that takes its time."""
    return hash_with_salt(PASSWORD, b"a salt for tests")


AUTH = "/api/v1/auth"
USERS = "/api/v1/users"


async def begin(user: User, lifetime: timedelta = timedelta(days=1)) -> str:
    """A refresh token of a new login, without a password."""
    return await logins.begin(user, lifetime)


async def log_in(client: AsyncClient, email: str, password: str = PASSWORD) -> Response:
    form = {"grant_type": "password", "username": email, "password": password}
    return await client.post(f"{AUTH}/token", data=form)


async def refresh(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token})


async def log_out(client: AsyncClient, token: str) -> Response:
    return await client.post(f"{AUTH}/logout", json={"refresh_token": token})


async def log_out_everywhere(client: AsyncClient, access_token: str) -> Response:
    return await client.post(f"{AUTH}/logout-everywhere", headers={"Authorization": f"Bearer {access_token}"})


async def me(client: AsyncClient, access_token: str) -> Response:
    return await client.get(f"{AUTH}/me", headers={"Authorization": f"Bearer {access_token}"})


async def change_password(client: AsyncClient, access_token: str, new: str, current: str = PASSWORD) -> Response:
    body = {"current_password": current, "new_password": new}
    return await client.post(f"{AUTH}/password", json=body, headers={"Authorization": f"Bearer {access_token}"})


async def survivors(client: AsyncClient, *pairs: dict[str, str]) -> list[str]:
    """Which tokens of these pairs are still accepted; the refresh tokens are used up."""
    accepted = []
    for pair in pairs:
        accepted += ["access"] * ((await me(client, pair["access_token"])).status_code == 200)
        accepted += ["refresh"] * ((await refresh(client, pair["refresh_token"])).status_code == 200)
    return accepted
