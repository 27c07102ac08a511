from datetime import timedelta

from app.accounts import service
from tests.accounts.factories import PASSWORD, make_user, password_hash
from tests.support.budgets import API, Budget, Call

LIFETIME = timedelta(days=1)


async def logins(rows: int) -> str:
    """Log in each of several users several times; returns the last refresh token."""
    users = [await make_user() for _ in range(rows)]
    tokens = [await service._begin(user, None, LIFETIME) for user in users for _ in range(rows)]
    return tokens[-1]


async def register(rows: int) -> Call:
    await logins(rows)
    return Call("/auth/register", {"email": "new@example.com", "name": "New", "password": PASSWORD})


async def log_in(rows: int) -> Call:
    await logins(rows)
    user = await make_user(password_hash=password_hash())
    return Call("/auth/token", form={"grant_type": "password", "username": user.email, "password": PASSWORD})


async def refresh(rows: int) -> Call:
    return Call("/auth/refresh", {"refresh_token": await logins(rows)})


async def log_out(rows: int) -> Call:
    return Call("/auth/logout", {"refresh_token": await logins(rows)})


async def log_out_everywhere(rows: int) -> Call:
    await logins(rows)
    return Call("/auth/logout-everywhere")


async def me(rows: int) -> Call:
    await logins(rows)
    return Call("/auth/me")


BUDGETS = (
    Budget(f"POST {API}/auth/register", 1, register),
    Budget(f"POST {API}/auth/token", 3, log_in),
    Budget(f"POST {API}/auth/refresh", 4, refresh, {"postgres": 5}),
    Budget(f"POST {API}/auth/logout", 3, log_out, {"postgres": 4}),
    Budget(f"POST {API}/auth/logout-everywhere", 3, log_out_everywhere, {"postgres": 4}),
    Budget(f"GET {API}/auth/me", 1, me),
)
