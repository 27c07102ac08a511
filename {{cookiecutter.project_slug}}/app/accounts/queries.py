"""Reads of accounts."""

from app.accounts.models import RefreshToken


async def refresh_token(token_hash: str) -> RefreshToken | None:
    """A refresh token by its hash."""
    return await RefreshToken.get_or_none(token_hash=token_hash)


async def refresh_token_of_user(token_id: int) -> RefreshToken | None:
    """A refresh token with its user, in one query."""
    return await RefreshToken.get_or_none(id=token_id).select_related("user")
