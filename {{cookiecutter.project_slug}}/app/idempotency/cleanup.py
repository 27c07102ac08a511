"""What `cleanup` deletes of idempotency keys."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from app.idempotency.models import IdempotencyKey


def expired(now: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Keys that a client may use again, as new ones."""
    yield "expired idempotency keys", IdempotencyKey.filter(expires_at__lte=now).order_by("expires_at", "id")
