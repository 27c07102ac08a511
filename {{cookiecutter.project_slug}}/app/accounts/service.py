"""Writes to accounts and logins, one transaction each. No transaction is open while a password is hashed."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tortoise.connection import get_connection
from tortoise.expressions import F

from app.accounts import queries
from app.accounts.authentication import Authenticator
from app.accounts.models import RefreshToken, Role, User
from app.accounts.schemas import Registration, TokenPair
from tortoise_kit.db import Constraint, ConstraintViolation, lock_name, transaction, transactional
from tortoise_kit.problems import Conflict, Unauthorized
from tortoise_kit.security import Passwords

TOKEN_BYTES = 32  # random and too long to guess, so storing its plain SHA-256 is safe


async def register(passwords: Passwords, new: Registration, *, role: Role = Role.MEMBER) -> User:
    """Create an account.

    Raises:
        Conflict: The e-mail address already has one.
    """
    password_hash = await passwords.hash(new.password.get_secret_value())
    try:
        async with transaction():
            return await User.create(**new.model_dump(exclude={"password"}), password_hash=password_hash, role=role)
    except ConstraintViolation as error:
        if error.kind is not Constraint.UNIQUE:
            raise
        detail = "This e-mail address already has an account."
        raise Conflict(detail, kind="email-taken") from error


async def log_in(login: Authenticator, *, email: str, password: str) -> TokenPair:
    """Start a login. If the stored hash uses outdated parameters, the password is hashed again.

    Raises:
        Unauthorized: The user is unknown or inactive, or the password is wrong. All three cost the same work.
    """
    user = await User.get_or_none(email=email, using_db=get_connection("default"))
    verdict = await login.passwords.verify(password, user.password_hash if user else None)
    if user is None or not verdict.valid or not user.is_active:
        detail = "The e-mail address or the password is wrong."
        raise Unauthorized(detail, kind="wrong-credentials")
    return _pair(login, user, await begin(user, login.lifetime, new_hash=verdict.new_hash))


@transactional()
async def begin(user: User, lifetime: timedelta, *, new_hash: str | None = None) -> str:
    """Begin a login; returns its first refresh token, and deletes this user's expired ones.

    Args:
        user: Who logs in.
        lifetime: How long the login can be renewed.
        new_hash: Replaces the user's password hash, unless the password was changed in the meantime.
    """
    now = datetime.now(UTC)
    if new_hash is not None:
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=new_hash)
    await RefreshToken.filter(user_id=user.id, expires_at__lt=now).delete()
    return await _store(user.id, uuid4(), now + lifetime)


async def refresh(login: Authenticator, token: str) -> TokenPair:
    """Exchange a refresh token for a new pair. Each token works once.

    Raises:
        Unauthorized: The token is unknown, expired or already used, or its user is inactive. If it was already used,
            the whole family is revoked: one of the two senders is a thief (RFC 9700, section 4.14.2).
    """
    exchanged = await _exchange(token)
    if exchanged is None:
        detail = "The refresh token is invalid or expired; log in again."
        raise Unauthorized(detail, kind="invalid-refresh-token")
    return _pair(login, *exchanged)


@transactional()
async def log_out(token: str) -> None:
    """End the login that a refresh token belongs to. An unknown token is not an error (RFC 7009, section 2.2)."""
    presented = await _locked(token)
    if presented is not None:
        await RefreshToken.filter(family=presented.family).delete()


@transactional()
async def log_out_everywhere(user: User) -> None:
    """End all logins of a user, and revoke the access tokens as well."""
    await _hold_logins(user.id)
    await RefreshToken.filter(user_id=user.id).delete()
    await User.filter(id=user.id).update(token_generation=F("token_generation") + 1)


def _pair(login: Authenticator, user: User, refresh_token: str) -> TokenPair:
    return TokenPair(
        access_token=login.tokens.issue(str(user.id), generation=user.token_generation),
        refresh_token=refresh_token,
        expires_in=login.tokens.lifetime_seconds,
    )


@transactional()
async def _exchange(token: str) -> tuple[User, str] | None:
    """The user and the next token, or None. Raising would roll back the revocation."""
    presented = await _locked(token)
    if presented is None:
        return None
    if presented.used_at is not None:
        await RefreshToken.filter(family=presented.family).delete()
        return None
    now = datetime.now(UTC)
    if presented.expires_at <= now or not presented.user.is_active:
        return None
    await RefreshToken.filter(id=presented.id).update(used_at=now)
    return presented.user, await _store(presented.user_id, presented.family, presented.expires_at)


async def _locked(token: str) -> RefreshToken | None:
    """The token's row, read under the lock on its user's logins, so that two uses of one token take turns."""
    known = await queries.refresh_token(_hashed(token))
    if known is None:
        return None
    await _hold_logins(known.user_id)
    return await queries.refresh_token_of_user(known.id)


async def _hold_logins(user_id: int) -> None:
    """Lock the user's logins. Locking only the token's row would let another request add a token during a deletion."""
    await lock_name(f"logins of {user_id}")


async def _store(user_id: int, family: UUID, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await RefreshToken.create(user_id=user_id, family=family, token_hash=_hashed(token), expires_at=expires_at)
    return token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
