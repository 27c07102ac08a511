"""Writes of accounts and logins: one transaction each, and none is open while a password is hashed."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from tortoise.connection import get_connection

from app.accounts import queries
from app.accounts.authentication import Authenticator
from app.accounts.models import RefreshToken, Role, User
from app.accounts.schemas import Registration, TokenPair
from tortoise_kit.db import Constraint, ConstraintViolation, lock_name, transaction, transactional
from tortoise_kit.problems import Conflict, Unauthorized
from tortoise_kit.security import Passwords

TOKEN_BYTES = 32  # random: nobody guesses it, so a plain SHA-256 of it may be stored


async def register(passwords: Passwords, new: Registration, *, role: Role = Role.CUSTOMER) -> User:
    """Create an account.

    Raises:
        Conflict: The e-mail address has an account already.
    """
    password_hash = await passwords.hash(new.password.get_secret_value())
    try:
        async with transaction():
            return await User.create(**new.model_dump(exclude={"password"}), password_hash=password_hash, role=role)
    except ConstraintViolation as error:
        if error.kind is not Constraint.UNIQUE:
            raise
        detail = "This e-mail address has an account already."
        raise Conflict(detail, kind="email-taken") from error


async def log_in(login: Authenticator, *, email: str, password: str) -> TokenPair:
    """Begin a login. A password whose hash has outdated parameters is hashed again.

    Raises:
        Unauthorized: The user is unknown or inactive, or the password is wrong; all after the same work.
    """
    user = await User.get_or_none(email=email, using_db=get_connection("default"))
    verdict = await login.passwords.verify(password, user.password_hash if user else None)
    if user is None or not verdict.valid or not user.is_active:
        detail = "The e-mail address or the password is wrong."
        raise Unauthorized(detail, kind="wrong-credentials")
    return _pair(login, user, await _begin(user, verdict.new_hash, login.lifetime))


async def refresh(login: Authenticator, token: str) -> TokenPair:
    """Exchange a refresh token, once, for the next pair.

    Raises:
        Unauthorized: It is unknown, expired, of an inactive user, or was used before. In the last case its whole family
            is revoked: one of the two callers has stolen it (RFC 9700, section 4.14.2).
    """
    exchanged = await _exchange(token)
    if exchanged is None:
        detail = "The refresh token is invalid or expired; log in again."
        raise Unauthorized(detail, kind="invalid-refresh-token")
    return _pair(login, *exchanged)


@transactional()
async def log_out(token: str) -> None:
    """End the login of a refresh token; an unknown token is ignored (RFC 7009, section 2.2)."""
    presented = await _locked(token)
    if presented is not None:
        await RefreshToken.filter(family=presented.family).delete()


@transactional()
async def log_out_everywhere(user: User) -> None:
    """End all logins of a user; all access tokens issued until now become invalid too."""
    await _hold_logins(user.id)
    await RefreshToken.filter(user_id=user.id).delete()
    await User.filter(id=user.id).update(tokens_valid_after=datetime.now(UTC))


def _pair(login: Authenticator, user: User, refresh_token: str) -> TokenPair:
    return TokenPair(
        access_token=login.tokens.issue(str(user.id)),
        refresh_token=refresh_token,
        expires_in=login.tokens.lifetime_seconds,
    )


@transactional()
async def _begin(user: User, new_hash: str | None, lifetime: timedelta) -> str:
    """The first refresh token of a family; the user's expired ones are deleted."""
    now = datetime.now(UTC)
    if new_hash is not None:  # unless the password was changed meanwhile
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=new_hash)
    await RefreshToken.filter(user_id=user.id, expires_at__lt=now).delete()
    return await _store(user.id, uuid4(), now + lifetime)


@transactional()
async def _exchange(token: str) -> tuple[User, str] | None:
    """The user and the next token; None instead of an error, since a revocation must be committed."""
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
    """The row of a token, read again under the lock on its user's logins, in case another request came first."""
    known = await queries.refresh_token(_hashed(token))
    if known is None:
        return None
    await _hold_logins(known.user_id)
    return await queries.refresh_token_of_user(known.id)


async def _hold_logins(user_id: int) -> None:
    """Locking only the token's row would let another request add a token while its family or user's are deleted."""
    await lock_name(f"logins of {user_id}")


async def _store(user_id: int, family: UUID, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await RefreshToken.create(user_id=user_id, family=family, token_hash=_hashed(token), expires_at=expires_at)
    return token


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
