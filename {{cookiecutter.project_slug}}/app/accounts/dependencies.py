"""What routes and policies need to identify the caller of a request, and to limit what strangers may try."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from app.accounts import audit
from app.accounts.authentication import Authenticator
from tortoise_kit.http import client_network
from tortoise_kit.problems import Unavailable
from tortoise_kit.security import Limit, LimitReached


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.authenticator
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the app's authenticator."""


@asynccontextmanager
async def attempt(request: Request, login: Authenticator, account: str) -> AsyncGenerator[None]:
    """Around a check of the password of an account, by its e-mail address: counted unless the block succeeds.

    Failures are counted by network, by account and network, and by account. The last limit does not apply to a network
    from which somebody logged in to the account lately, so that no stranger locks its owner out.

    Raises:
        LimitReached: A limit is reached.
    """
    where = client_network(request)
    here = f"login from {where} to {account}"  # subjects begin differently, as clients choose what follows
    limits = (
        Limit("address", f"network {where}", login.per_address),
        Limit("account", here, login.per_account),
        Limit("account-anywhere", f"account {account}", login.per_account_anywhere, unless_known=here),
    )
    await _count(login, where, *limits)
    try:
        yield
    except Unavailable:  # the password was not checked
        await login.attempts.forget(*limits)
        raise
    await login.attempts.forget(*limits, known=here, known_seconds=login.lifetime.total_seconds())


async def count_attempt(request: Request, login: Authenticator, subject: str | None = None) -> None:
    """Count what anybody may try, such as a registration, by its network and, if there is one, by its subject.

    Raises:
        LimitReached: One of the two limits is reached.
    """
    where = client_network(request)
    about = [Limit("account", f"subject {subject}", login.per_account)] if subject else []
    await _count(login, where, Limit("address", f"network {where}", login.per_address), *about)


async def count_refresh(request: Request, login: Authenticator) -> None:
    """Count a refresh by its network.

    Raises:
        LimitReached: There were too many.
    """
    where = client_network(request)
    await _count(login, where, Limit("refresh", f"refresh from {where}", login.per_refresh))


async def _count(login: Authenticator, where: str, *limits: Limit) -> None:
    try:
        await login.attempts.count(*limits)
    except LimitReached as reached:
        audit.log_limited(reached.limit, where)
        raise
