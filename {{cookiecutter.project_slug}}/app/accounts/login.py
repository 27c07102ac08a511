"""What logging in takes: made once for each app, from the settings."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from app.kit.attempts import Attempts, rate
from app.kit.passwords import Passwords
from app.kit.secrets import derive_key
from app.kit.tokens import AccessTokens
from app.settings import Settings

IPV6_NETWORK_BITS = 64  # what one customer of a provider gets at least (RFC 6177), and so can choose from


@dataclass(frozen=True, kw_only=True)
class Login:
    """The tools of this feature's service.

    Attributes:
        lifetime: How long one login is renewed, whatever happens in between.
        per_account: Counts attempts by e-mail address.
        per_address: Counts attempts by network address.
    """

    passwords: Passwords
    tokens: AccessTokens
    lifetime: timedelta
    per_account: Attempts
    per_address: Attempts


def login_from(settings: Settings) -> Login:
    """The tools as the settings say."""
    keys = [derive_key(each.get_secret_value(), "access tokens") for each in settings.secret_keys]
    return Login(
        passwords=Passwords(at_once=settings.password_hashes_at_once),
        tokens=AccessTokens(
            keys,
            issuer=settings.service_name,
            audience=settings.service_name,
            lifetime_seconds=settings.access_token_lifetime_seconds,
        ),
        lifetime=timedelta(seconds=settings.login_lifetime_seconds),
        per_account=Attempts(rate(settings.login_rate_per_account)),
        per_address=Attempts(rate(settings.login_rate_per_address)),
    )


async def _login(request: Request) -> Login:
    login: Login = request.app.state.login
    return login


TheLogin = Annotated[Login, Depends(_login)]
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
