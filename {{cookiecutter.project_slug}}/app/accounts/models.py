"""The table of accounts."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from app.kit.fields import UTCDatetimeField


class Role(StrEnum):
    """What an account may do: buy, run the shop, or manage accounts."""

    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"


class Tier(StrEnum):
    """How a customer is rated; reports group by it."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


class User(Model):
    """A person with an account."""

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True, description="lower case")
    name = fields.CharField(max_length=100)
    password_hash = fields.CharField(max_length=255)
    role = fields.CharEnumField(Role, max_length=20, default=Role.CUSTOMER)
    tier = fields.CharEnumField(Tier, max_length=20, default=Tier.STANDARD)
    is_active = fields.BooleanField(default=True)
    created_at = UTCDatetimeField(auto_now_add=True)

    class Meta:
        table = "users"
