"""Tables of accounts."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models import AttemptCount, UTCDatetimeField


class Role(StrEnum):
    """What an account may do. Each role may also do what those before it may."""

    MEMBER = "member"
    STAFF = "staff"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do everything that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class Event(StrEnum):
    """What happens to accounts and logins: the kind of an `AccountEvent`, and the message of a log line.

    Those of logins are logged only: anyone can cause them, as often as they like.
    """

    CREATED = "account.created"
    RENAMED = "account.renamed"
    EMAIL_CHANGED = "account.email_changed"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 -- an event
    PASSWORD_SET = "account.password_set"  # noqa: S105 -- an event
    ROLE_CHANGED = "account.role_changed"
    ACTIVATED = "account.activated"
    DEACTIVATED = "account.deactivated"
    LOGGED_OUT_EVERYWHERE = "account.logged_out_everywhere"
    LOGIN_FAILED = "login.failed"
    LOGIN_LIMITED = "login.limited"
    TOKEN_REUSED = "login.token_reused"  # noqa: S105 -- an event


class User(Model):
    """A person with an account."""

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True, description="lower case")
    name = fields.CharField(max_length=100)
    password_hash = fields.CharField(max_length=255)
    role = fields.CharEnumField(Role, max_length=20, default=Role.MEMBER)
    is_active = fields.BooleanField(default=True)
    created_at = UTCDatetimeField(auto_now_add=True)
    token_generation = fields.IntField(default=0, description="access tokens of another generation are revoked")
    refresh_tokens: fields.ReverseRelation["RefreshToken"]
    events: fields.ReverseRelation["AccountEvent"]

    class Meta:
        table = "users"
        indexes = (("created_at", "id"), ("role", "created_at", "id"), ("is_active", "created_at", "id"))

    def may(self, role: Role) -> bool:
        """Whether the user may do everything that `role` may."""
        return self.role.includes(role)

    def accepts_token_of(self, generation: int) -> bool:
        """Whether an access token of this generation is still valid."""
        return self.is_active and generation == self.token_generation


class RefreshToken(Model):
    """The newest token of the chain that renews a login. The chain is called a family, and is revoked as a whole.

    Each token names its family, so a used one is recognized without a separate row.
    """

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="refresh_tokens", on_delete=fields.CASCADE
    )
    user_id: int
    token_hash = fields.CharField(max_length=64, description="SHA-256, in hexadecimal")
    family = fields.UUIDField(unique=True)
    expires_at = UTCDatetimeField(description="the same for all of a family")

    class Meta:
        table = "refresh_tokens"
        indexes = (("user_id", "expires_at"), ("expires_at", "id"))


class LoginAttempt(AttemptCount):
    """How often strangers tried to log in, to register or to refresh."""

    class Meta:
        table = "login_attempts"
        indexes = (("expires_at", "key"),)


class AccountEvent(Model):
    """One entry of the audit trail of accounts, written in the transaction of its change, and never updated.

    It outlives the accounts, so it has no e-mail address and no name.
    """

    id = fields.BigIntField(primary_key=True)
    at = UTCDatetimeField(auto_now_add=True)
    kind = fields.CharEnumField(Event, max_length=40, description="an Event")
    actor_id = fields.BigIntField(null=True, description="the user who did it; null for a command")
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="events", null=True, on_delete=fields.SET_NULL
    )
    user_id: int | None
    detail = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "account_events"
        indexes = (("user_id", "at", "id"),)
