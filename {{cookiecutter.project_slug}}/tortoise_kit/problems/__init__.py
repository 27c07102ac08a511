"""Errors as clients see them: problem details (RFC 9457). No web framework is imported here."""

from tortoise_kit.problems.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
)

__all__ = [
    "BadRequest",
    "Conflict",
    "Forbidden",
    "NotFound",
    "Problem",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "Unprocessable",
]
