"""Reads of accounts."""

from typing import Any

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


async def refresh_token(token_hash: str) -> RefreshToken | None:
    """The refresh token with this hash, if there is one."""
    return await RefreshToken.get_or_none(token_hash=token_hash)


async def refresh_token_of_user(token_id: int) -> RefreshToken | None:
    """A refresh token with its user, in one statement."""
    return await RefreshToken.get_or_none(id=token_id).select_related("user")
