"""What logging in needs, built once for each app from the settings."""

from dataclasses import dataclass
from datetime import timedelta

from app.accounts.models import LoginAttempt
from app.settings import Settings
from tortoise_kit.security import AccessTokens, AttemptLimiter, Passwords, Rate, derive_key


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """Password hashing, access tokens and rate limits.

    Attributes:
        lifetime: How long a login can be renewed, counted from its start, and its network is known.
        attempts: Counts what strangers may try.
        per_account: Failures on one account from one network.
        per_account_anywhere: Failures on one account from all networks where nobody logged in to it lately.
        per_address: Failures and registrations from one network.
        per_refresh: Refreshes from one network.
    """

    passwords: Passwords
    tokens: AccessTokens
    lifetime: timedelta
    attempts: AttemptLimiter
    per_account: Rate
    per_account_anywhere: Rate
    per_address: Rate
    per_refresh: Rate


def authenticator(settings: Settings) -> Authenticator:
    """An authenticator with these settings."""
    secrets = [each.get_secret_value() for each in settings.secret_keys]
    return Authenticator(
        passwords=Passwords(at_once=settings.password_hashes_at_once),
        tokens=AccessTokens(
            [derive_key(each, "access tokens") for each in secrets],
            issuer=settings.service_name,
            audience=settings.service_name,
            lifetime_seconds=settings.access_token_lifetime_seconds,
        ),
        lifetime=timedelta(seconds=settings.login_lifetime_seconds),
        attempts=AttemptLimiter(LoginAttempt, key=derive_key(secrets[0], "login attempts")),
        per_account=Rate.parse(settings.login_rate_per_account),
        per_account_anywhere=Rate.parse(settings.login_rate_per_account_anywhere),
        per_address=Rate.parse(settings.login_rate_per_address),
        per_refresh=Rate.parse(settings.refresh_rate_per_address),
    )
