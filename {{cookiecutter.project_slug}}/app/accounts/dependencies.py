"""What routes and policies need to identify the caller of a request."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.authentication import Authenticator

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
