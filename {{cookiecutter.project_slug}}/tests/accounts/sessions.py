"""Logins for tests."""

from datetime import timedelta

from httpx import AsyncClient, Response

from app.accounts import service
from app.accounts.models import User
from tests.accounts.factories import PASSWORD

AUTH = "/api/v1/auth"


async def begin(user: User, lifetime: timedelta = timedelta(days=1)) -> str:
    """A refresh token of a new login, without a password."""
    return await service._begin(user, None, lifetime)


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
