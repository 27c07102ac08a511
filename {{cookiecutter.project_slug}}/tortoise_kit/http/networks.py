"""Where a request comes from, for limits and logs."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.types import Scope

ADDRESS_LENGTH_MAX = 64  # an address with a zone; a proxy passes on what a client wrote
IPV6_NETWORK_BITS = 64  # the smallest network a provider assigns to one site (RFC 6177)


def client_network(connection: Scope | HTTPConnection) -> str:
    """Where a request comes from, for limits and logs: the IPv4 address, or the /64 network of an IPv6 address.

    Behind a proxy this is the proxy's address, unless uvicorn trusts the proxy's headers (FORWARDED_ALLOW_IPS).
    """
    client = connection.get("client")
    return network_of(client[0]) if client and len(client[0]) <= ADDRESS_LENGTH_MAX else ""


@lru_cache(maxsize=4096)
def network_of(host: str) -> str:
    """The network of an address, as `client_network` has it."""
    try:
        address = ip_address(host)
    except ValueError:
        return ""  # a proxy passes on what a client wrote in X-Forwarded-For
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((int(address), IPV6_NETWORK_BITS), strict=False))
    return str(address)
