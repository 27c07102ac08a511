"""What logging in needs, built once for each app from the settings."""

from dataclasses import dataclass
from datetime import timedelta

from app.settings import Settings
from tortoise_kit.security import AccessTokens, Passwords, RateLimiter, derive_key


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """Password hashing, access tokens and rate limits.

    Attributes:
        lifetime: How long a login can be renewed, counted from its start.
        per_account: Limits attempts by e-mail address.
        per_address: Limits attempts by network address.
    """

    passwords: Passwords
    tokens: AccessTokens
    lifetime: timedelta
    per_account: RateLimiter
    per_address: RateLimiter


def authenticator(settings: Settings) -> Authenticator:
    """An authenticator with these settings."""
    keys = [derive_key(each.get_secret_value(), "access tokens") for each in settings.secret_keys]
    return Authenticator(
        passwords=Passwords(at_once=settings.password_hashes_at_once),
        tokens=AccessTokens(
            keys,
            issuer=settings.service_name,
            audience=settings.service_name,
            lifetime_seconds=settings.access_token_lifetime_seconds,
        ),
        lifetime=timedelta(seconds=settings.login_lifetime_seconds),
        per_account=RateLimiter(settings.login_rate_per_account),
        per_address=RateLimiter(settings.login_rate_per_address),
    )
