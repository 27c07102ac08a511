"""What nobody needs any more of logins."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from app.accounts.models import RefreshToken


def expired(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Tokens of logins that are over; used ones of others stay, for they tell of a thief."""
    yield "expired refresh tokens", RefreshToken.filter(expires_at__lte=now).order_by("expires_at", "id")
