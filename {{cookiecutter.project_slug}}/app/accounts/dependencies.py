"""What routes and policies need to identify the caller of a request."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts import audit
from app.accounts.authentication import Authenticator
from tortoise_kit.http import client_network
from tortoise_kit.problems import TooManyRequests
from tortoise_kit.security import RateLimiter


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.authenticator
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the app's authenticator."""


async def count_attempt(request: Request, login: Authenticator, account: str | None = None) -> None:
    """Count an attempt by the network it comes from, and by the e-mail address of an account.

    Raises:
        TooManyRequests: One of the two limits is reached.
    """
    where = client_network(request)
    await _hit(login.per_address, where, limit="address", where=where)
    if account is not None:
        await _hit(login.per_account, account, limit="account", where=where)


async def _hit(limiter: RateLimiter, key: str, *, limit: str, where: str) -> None:
    try:
        await limiter.hit(key)
    except TooManyRequests:
        audit.log_limited(limit, where)
        raise
