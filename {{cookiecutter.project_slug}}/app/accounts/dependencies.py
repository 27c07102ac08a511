"""Dependencies for routes and policies: the authenticator, and the caller's network."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.authentication import Authenticator

IPV6_NETWORK_BITS = 64  # a provider's customer gets at least this network (RFC 6177), and may use any address in it


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.login
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the authenticator of the app that serves it."""


def network(request: Request) -> str:
    """Where a request comes from, as a key for rate limits: its IPv4 address, or the network of its IPv6 address.

    Behind a proxy that is the proxy's, unless the server trusts its headers (uvicorn's FORWARDED_ALLOW_IPS).
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), IPV6_NETWORK_BITS), strict=False))
    return str(address)
