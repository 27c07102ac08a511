"""Tables of accounts."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.models import UTCDatetimeField


class Role(StrEnum):
    """What an account may do. Each role may also do what those before it may."""

    MEMBER = "member"
    STAFF = "staff"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do everything that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


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

    class Meta:
        table = "users"

    def may(self, role: Role) -> bool:
        """Whether the user may do everything that `role` may."""
        return self.role.includes(role)

    def accepts_token_of(self, generation: int) -> bool:
        """Whether an access token of this generation is still valid."""
        return self.is_active and generation == self.token_generation


class RefreshToken(Model):
    """One token in the chain that renews a login. The chain is called a family, and is revoked as a whole."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="refresh_tokens", on_delete=fields.CASCADE
    )
    user_id: int
    token_hash = fields.CharField(max_length=64, unique=True, description="SHA-256, in hexadecimal")
    family = fields.UUIDField()
    expires_at = UTCDatetimeField(description="the same for all of a family")
    used_at = UTCDatetimeField(null=True, description="when it was exchanged for the next one")

    class Meta:
        table = "refresh_tokens"
        indexes = (("family",), ("user_id", "expires_at"), ("expires_at", "id"))
