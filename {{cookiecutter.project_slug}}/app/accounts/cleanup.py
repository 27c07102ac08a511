"""Rows of logins that can be deleted."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import RefreshToken


def expired(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Refresh tokens of expired logins. Used tokens of other logins stay: seeing one again reveals a theft."""
    yield "expired refresh tokens", RefreshToken.filter(expires_at__lte=now).order_by("expires_at", "id")
