"""Rows of logins that can be deleted."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import LoginAttempt, RefreshToken


def expired(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Refresh tokens of expired logins, and counts of attempts whose window is over."""
    yield "expired refresh tokens", RefreshToken.filter(expires_at__lte=now).order_by("expires_at", "id")
    ended = LoginAttempt.filter(expires_at__lte=now.timestamp())
    yield "expired counts of login attempts", ended.order_by("expires_at", "key")
