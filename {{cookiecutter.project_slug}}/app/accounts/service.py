"""Changes of accounts, one transaction each, with their events. No transaction is open while a password is hashed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import MISSING

from app.accounts import logins
from app.accounts.audit import record
from app.accounts.authentication import Authenticator
from app.accounts.models import Event, Role, User
from app.accounts.schemas import AccountPatch, PasswordChange, Registration, TokenPair, UserPatch
from tortoise_kit.db import Constraint, ConstraintViolation, lock_name, transaction, transactional
from tortoise_kit.problems import Conflict, NotFound, Unauthorized, Unprocessable
from tortoise_kit.security import Passwords, password_weakness

UNKNOWN = "User not found."
LAST_ADMIN = "This is the last active admin; make someone else an admin first."


async def register(passwords: Passwords, new: Registration, *, role: Role | None = None, network: str = "") -> User:
    """Create an account.

    Args:
        passwords: Hashes the password.
        new: The account.
        role: Of an account that a command creates; by default users register themselves, as members.
        network: Where the request comes from, for a fair share of the hashing.

    Raises:
        Unprocessable: The password consists of the e-mail address.
        Conflict: The e-mail address already has one.
    """
    _reject_address(new.password.get_secret_value(), new.email)
    password_hash = await passwords.hash(new.password.get_secret_value(), network=network)
    columns = {**new.model_dump(exclude={"password"}), "password_hash": password_hash, "role": role or Role.MEMBER}
    with _email_is_taken():
        async with transaction():
            user = await User.create(**columns)
            await record(Event.CREATED, user.id, actor=user if role is None else None, role=user.role)
            return user


async def change_account(passwords: Passwords, user: User, patch: AccountPatch, *, network: str = "") -> User:
    """Change a user's own name or, with the current password, their e-mail address.

    Raises:
        Unprocessable: The current password is wrong.
        Conflict: The e-mail address already has an account.
        Unauthorized: All logins of the user were ended in the meantime.
    """
    changes = patch.model_dump(exclude={"current_password"})
    if patch.changes_email:
        given = patch.current_password
        await _require_password(passwords, user, "" if given is MISSING else given.get_secret_value(), network)
    with _email_is_taken():
        return await _change_own(user, changes)


async def change_password(login: Authenticator, user: User, change: PasswordChange, *, network: str) -> TokenPair:
    """Change a user's own password, end all their logins, and begin a new one.

    Raises:
        Unprocessable: The current password is wrong (a 401 would say that the access token is), or the new one
            consists of the e-mail address.
        Unauthorized: All logins of the user were ended in the meantime, as by another change of the password.
    """
    await _require_password(login.passwords, user, change.current_password.get_secret_value(), network)
    _reject_address(change.new_password.get_secret_value(), user.email)
    password_hash = await login.passwords.hash(change.new_password.get_secret_value(), network=network)
    return logins.pair(login, *await _replace_password(user, password_hash, login.lifetime))


@transactional()
async def set_password(user_id: int, password_hash: str, *, actor: User | None) -> User:
    """Replace the hash of a password, without the old password, and end all logins of the account.

    Raises:
        NotFound: There is no such account.
    """
    user = await _locked(user_id)
    await logins.end_all(user.id, password_hash=password_hash)
    await record(Event.PASSWORD_SET, user.id, actor=actor)
    return user


@transactional()
async def change_user(user_id: int, patch: UserPatch, *, actor: User | None, force: bool = False) -> User:
    """Change an account as an admin or, if `actor` is None, as a command. Deactivation ends all its logins.

    Args:
        user_id: The account's.
        patch: The changes.
        actor: The admin.
        force: Whether the last active admin may be demoted or deactivated.

    Raises:
        NotFound: There is no such account.
        Conflict: It is the last active admin's, who would be one no more.
    """
    changes = patch.model_dump()
    ends_an_admin = changes.get("role", Role.ADMIN) is not Role.ADMIN or not changes.get("is_active", True)
    if ends_an_admin:
        await lock_name("active admins")
    user = await _locked(user_id)
    if ends_an_admin and not force and await _is_last_admin(user):
        raise Conflict(LAST_ADMIN, kind="last-admin")
    return await _apply(user, changes, actor=actor)


@transactional()
async def log_out_everywhere(user_id: int, *, actor: User | None) -> User:
    """End all logins of a user: refresh tokens and access tokens are revoked.

    Raises:
        NotFound: There is no such account.
    """
    user = await _locked(user_id)
    await logins.end_all(user.id)
    await record(Event.LOGGED_OUT_EVERYWHERE, user.id, actor=actor)
    return user


@transactional()
async def _change_own(user: User, changes: dict[str, Any]) -> User:
    return await _apply(await _unless_ended(user), changes, actor=user)


@transactional()
async def _replace_password(user: User, password_hash: str, lifetime: timedelta) -> tuple[User, str]:
    """The user and the refresh token of their only login."""
    current = await _unless_ended(user)
    await logins.end_all(user.id, password_hash=password_hash)
    await record(Event.PASSWORD_CHANGED, user.id, actor=user)
    current.token_generation += 1
    return current, await logins.new_login(user.id, datetime.now(UTC) + lifetime)


async def _apply(user: User, changes: dict[str, Any], *, actor: User | None) -> User:
    changed = {name: value for name, value in changes.items() if getattr(user, name) != value}
    for name, value in changed.items():
        event, detail = _event(name, getattr(user, name), value)
        await record(event, user.id, actor=actor, **detail)
    if changed:
        await user.update_from_dict(changed).save(update_fields=list(changed))
    if changed.get("is_active") is False:
        await logins.end_all(user.id)
    return user


def _event(column: str, old: Any, new: Any) -> tuple[Event, dict[str, Any]]:
    """What a change of this column is called, and its detail, which has no e-mail address and no name."""
    if column == "role":
        return Event.ROLE_CHANGED, {"from": old, "to": new}
    if column == "is_active":
        return Event.ACTIVATED if new else Event.DEACTIVATED, {}
    return {"name": Event.RENAMED, "email": Event.EMAIL_CHANGED}[column], {}


async def _is_last_admin(user: User) -> bool:
    if not (user.is_active and user.role is Role.ADMIN):
        return False
    return not await User.filter(role=Role.ADMIN, is_active=True).exclude(id=user.id).exists()


async def _locked(user_id: int) -> User:
    user = await logins.lock_account(user_id)
    if user is None:
        raise NotFound(UNKNOWN)
    return user


async def _unless_ended(user: User) -> User:
    current = await logins.lock_unless_ended(user)
    if current is None:
        detail = "The account was deactivated or logged out everywhere; log in again."
        raise Unauthorized(detail, kind="invalid-token")
    return current


async def _require_password(passwords: Passwords, user: User, password: str, network: str) -> None:
    if not (await passwords.verify(password, user.password_hash, network=network)).valid:
        detail = "The current password is wrong."
        raise Unprocessable(detail, kind="wrong-password")


def _reject_address(password: str, email: str) -> None:
    if password_weakness(password, known=[email]):
        detail = "The password consists of the e-mail address, which is easy to guess; choose another one."
        raise Unprocessable(detail, kind="weak-password")


@contextmanager
def _email_is_taken() -> Iterator[None]:
    try:
        yield
    except ConstraintViolation as error:
        if error.kind is not Constraint.UNIQUE:
            raise
        detail = "This e-mail address already has an account."
        raise Conflict(detail, kind="email-taken") from error
