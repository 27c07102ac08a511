"""Reads of accounts."""

from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from app.accounts.models import AccountEvent, RefreshToken, User
from app.accounts.schemas import UserFilters


def users(filters: UserFilters) -> QuerySet[User]:
    """The accounts that match all `filters`."""
    conditions: dict[str, Any] = {"role": filters.role, "is_active": filters.is_active, "email": filters.email}
    return User.filter(**{name: value for name, value in conditions.items() if value is not None})


def events(user_id: int) -> QuerySet[AccountEvent]:
    """What happened to an account."""
    return AccountEvent.filter(user_id=user_id)


async def refresh_token(family: UUID) -> RefreshToken | None:
    """The newest refresh token of a login with its user, in one statement; None if the login has ended."""
    return await RefreshToken.get_or_none(family=family).select_related("user")
