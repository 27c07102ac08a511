"""Passwords, access tokens, rate limits and derived keys; what is easy to guess; secrets in files."""

from tortoise_kit.security.access_tokens import AccessTokens, InvalidToken
from tortoise_kit.security.environment import misspelt_names, setting_files
from tortoise_kit.security.keys import derive_key
from tortoise_kit.security.passwords import Passwords
from tortoise_kit.security.rate_limit import AttemptLimiter, Limit, LimitReached, Rate
from tortoise_kit.security.weak_texts import password_weakness, secret_weakness

__all__ = [
    "AccessTokens",
    "AttemptLimiter",
    "InvalidToken",
    "Limit",
    "LimitReached",
    "Passwords",
    "Rate",
    "derive_key",
    "misspelt_names",
    "password_weakness",
    "secret_weakness",
    "setting_files",
]
