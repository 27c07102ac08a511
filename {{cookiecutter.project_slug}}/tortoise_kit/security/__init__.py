"""Passwords, access tokens, rate limits and derived keys; what is easy to guess."""

from tortoise_kit.security.access_tokens import AccessTokens, InvalidToken
from tortoise_kit.security.keys import derive_key
from tortoise_kit.security.passwords import Passwords, Verdict
from tortoise_kit.security.rate_limit import AttemptLimiter, Limit, LimitReached, Rate
from tortoise_kit.security.weak_texts import normalized, password_weakness, secret_weakness

__all__ = [
    "AccessTokens",
    "AttemptLimiter",
    "InvalidToken",
    "Limit",
    "LimitReached",
    "Passwords",
    "Rate",
    "Verdict",
    "derive_key",
    "normalized",
    "password_weakness",
    "secret_weakness",
]
