"""Clients of the service that are signed in."""

from typing import Any

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.accounts.authentication import Authenticator
from app.accounts.models import Role, User
from tests.accounts.factories import make_user


class UserClient(AsyncClient):
    """Calls the service in process, as one user."""

    def __init__(self, app: FastAPI, user: User, **options: Any) -> None:
        super().__init__(transport=ASGITransport(app), base_url="http://test", headers=bearer(app, user), **options)
        self.user = user


def login_of(app: FastAPI) -> Authenticator:
    """What the app logs in with."""
    login: Authenticator = app.state.authenticator
    return login


def bearer(app: FastAPI, user: User) -> dict[str, str]:
    """The header of a request that the user sends; made without a password, since hashing one takes its time."""
    return {"Authorization": f"Bearer {login_of(app).tokens.issue(str(user.id), generation=user.token_generation)}"}


async def new_client(app: FastAPI, role: Role) -> UserClient:
    """A client of a new account."""
    return UserClient(app, await make_user(role=role))
