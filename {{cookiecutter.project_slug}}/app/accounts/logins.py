"""Logins: begun with a password, renewed with refresh tokens, ended. No transaction is open while a password is hashed.

All that happens to one account takes turns: it holds the lock of `lock_account`. So nothing that a login began with
survives the end of all logins, however close they are.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID, uuid4

from tortoise.connection import get_connection
from tortoise.expressions import F

from app.accounts import audit, queries
from app.accounts.authentication import Authenticator
from app.accounts.models import RefreshToken, User
from app.accounts.schemas import TokenPair
from tortoise_kit.db import lock_name, transactional
from tortoise_kit.problems import Unauthorized

TOKEN_BYTES = 32  # random and too long to guess, so storing its plain SHA-256 is safe
TOKEN = re.compile(r"(?P<family>[0-9a-f]{32})\.[A-Za-z0-9_-]{43}")
WRONG = "The e-mail address or the password is wrong."


async def log_in(login: Authenticator, *, email: str, password: str, network: str) -> TokenPair:
    """Start a login. If the stored hash uses outdated parameters, the password is hashed again.

    Raises:
        Unauthorized: The user is unknown or inactive, or the password is wrong. All three cost the same work.
        Unavailable: Too many passwords are being checked.
    """
    user = await User.get_or_none(email=email, using_db=get_connection("default"))
    verdict = await login.passwords.verify(password, user.password_hash if user else None, network=network)
    if user is None or not verdict.valid or not user.is_active:
        audit.log_failed_login(user, network)
        raise Unauthorized(WRONG, kind="wrong-credentials")
    return pair(login, user, await begin(user, login.lifetime, new_hash=verdict.new_hash))


@transactional()
async def begin(user: User, lifetime: timedelta, *, new_hash: str | None = None) -> str:
    """Begin a login; returns its first refresh token, and deletes this user's expired ones.

    Args:
        user: Who logs in, as read before the password was verified.
        lifetime: How long the login can be renewed.
        new_hash: Replaces the user's password hash, unless the password was changed in the meantime.

    Raises:
        Unauthorized: All logins of the account were ended in the meantime, for example because its password changed.
    """
    if await lock_unless_ended(user) is None:
        raise Unauthorized(WRONG, kind="wrong-credentials")
    now = datetime.now(UTC)
    if new_hash is not None:
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=new_hash)
    await RefreshToken.filter(user_id=user.id, expires_at__lt=now).delete()
    return await new_login(user.id, now + lifetime)


async def refresh(login: Authenticator, token: str) -> TokenPair:
    """Exchange a refresh token for a new pair. Each token works once.

    Raises:
        Unauthorized: The token is unknown, expired or already used, or its user is inactive. If it was already used,
            the whole family is revoked, and so are the access tokens of the user: one of the two senders is a thief
            (RFC 9700, section 4.14.2).
    """
    exchanged = await exchange(token)
    if exchanged is None:
        detail = "The refresh token is invalid or expired; log in again."
        raise Unauthorized(detail, kind="invalid-refresh-token")
    return pair(login, *exchanged)


@transactional()
async def log_out(token: str) -> None:
    """End the login that a refresh token belongs to. An unknown token is not an error (RFC 7009, section 2.2)."""
    presented = await _locked(token)
    if presented is not None:
        await RefreshToken.filter(family=presented.family).delete()


async def lock_account(user_id: int) -> User | None:
    """Lock an account until the transaction ends, and read it; None if there is no such account."""
    await _lock(user_id)
    return await User.get_or_none(id=user_id)


async def lock_unless_ended(user: User) -> User | None:
    """The same, and None also if all logins of the account were ended since `user` was read."""
    current = await lock_account(user.id)
    return current if current and current.accepts_token_of(user.token_generation) else None


async def end_all(user_id: int, **columns: Any) -> None:
    """End all logins of an account that is locked: its refresh tokens and access tokens are revoked.

    Args:
        user_id: The account's.
        columns: What else changes in the user's row.
    """
    await RefreshToken.filter(user_id=user_id).delete()
    await User.filter(id=user_id).update(token_generation=F("token_generation") + 1, **columns)


async def new_login(user_id: int, expires_at: datetime) -> str:
    """Store the first refresh token of a login, of an account that is locked, and return it."""
    family = uuid4()
    token = _token_of(family)
    await RefreshToken.create(user_id=user_id, family=family, token_hash=_hashed(token), expires_at=expires_at)
    return token


def pair(login: Authenticator, user: User, refresh_token: str) -> TokenPair:
    """A refresh token with an access token of the user's generation."""
    return TokenPair(
        access_token=login.tokens.issue(str(user.id), generation=user.token_generation),
        refresh_token=refresh_token,
        expires_in=login.tokens.lifetime_seconds,
    )


@transactional()
async def exchange(token: str) -> tuple[User, str] | None:
    """The user and the next token, or None. Raising would roll back the revocation."""
    newest = await _locked(token)
    if newest is None:
        return None
    if not compare_digest(newest.token_hash, _hashed(token)):
        await _end_stolen(newest)
        return None
    if newest.expires_at <= datetime.now(UTC) or not newest.user.is_active:
        return None
    following = _token_of(newest.family)
    await RefreshToken.filter(id=newest.id).update(token_hash=_hashed(following))
    return newest.user, following


async def _end_stolen(login: RefreshToken) -> None:
    """End a login of which a used token was sent, and with it all access tokens of its user: one may be a thief's.

    The user's other logins renew theirs with their refresh tokens, which stay valid.
    """
    await RefreshToken.filter(id=login.id).delete()
    await User.filter(id=login.user_id).update(token_generation=F("token_generation") + 1)
    audit.log_reused_token(login.user_id, login.family)


async def _locked(token: str) -> RefreshToken | None:
    """The newest token of the same login, read under the lock on its account, so that two uses take turns."""
    family = _family_of(token)
    known = family and await queries.refresh_token(family)
    if not family or not known:
        return None
    await _lock(known.user_id)
    return await queries.refresh_token(family)


def _token_of(family: UUID) -> str:
    return f"{family.hex}.{secrets.token_urlsafe(TOKEN_BYTES)}"


def _family_of(token: str) -> UUID | None:
    found = TOKEN.fullmatch(token)
    return UUID(found["family"]) if found else None


async def _lock(user_id: int) -> None:
    """Lock an account by a name: a lock on its row would also wait for every transaction that refers to the user."""
    await lock_name(f"account {user_id}")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
