"""What routes and policies need to identify the caller of a request."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from app.accounts import audit
from app.accounts.authentication import Authenticator
from tortoise_kit.problems import TooManyRequests
from tortoise_kit.security import RateLimiter

IPV6_NETWORK_BITS = 64  # the smallest network a provider assigns to one site (RFC 6177)


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.authenticator
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the app's authenticator."""


def network(request: Request) -> str:
    """Where a request comes from, for rate limits: the IPv4 address, or the /64 network of an IPv6 address.

    Behind a proxy this is the proxy's address, unless uvicorn trusts the proxy's headers (FORWARDED_ALLOW_IPS).
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), IPV6_NETWORK_BITS), strict=False))
    return str(address)


async def count_attempt(request: Request, login: Authenticator, account: str | None = None) -> None:
    """Count an attempt by the network it comes from, and by the e-mail address of an account.

    Raises:
        TooManyRequests: One of the two limits is reached.
    """
    where = network(request)
    await _hit(login.per_address, where, limit="address", where=where)
    if account is not None:
        await _hit(login.per_account, account, limit="account", where=where)


async def _hit(limiter: RateLimiter, key: str, *, limit: str, where: str) -> None:
    try:
        await limiter.hit(key)
    except TooManyRequests:
        audit.log_limited(limit, where)
        raise
