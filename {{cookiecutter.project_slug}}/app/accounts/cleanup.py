"""What `cleanup` deletes of logins."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import RefreshToken


def expired(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Tokens of expired logins. Used tokens of current logins stay: if one is used again, it was stolen."""
    yield "expired refresh tokens", RefreshToken.filter(expires_at__lte=now).order_by("expires_at", "id")
