"""What routes and policies take from a request to know who calls."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from app.accounts.authentication import Authenticator

IPV6_NETWORK_BITS = 64  # what one customer of a provider gets at least (RFC 6177), and so can choose from


async def _login(request: Request) -> Authenticator:
    login: Authenticator = request.app.state.login
    return login


LoginDep = Annotated[Authenticator, Depends(_login)]
"""A route's parameter: the tools of the app that serves it."""


def network(request: Request) -> str:
    """Where a request comes from, for counting: its address, or the network of an IPv6 address.

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
