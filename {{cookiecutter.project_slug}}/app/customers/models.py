"""The table of customers."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.signals import post_save

from app.accounts.models import User
from tortoise_kit.models import UTCDatetimeField


class Tier(StrEnum):
    """A customer's rating. Reports group by it."""

    STANDARD = "standard"
    SILVER = "silver"
    GOLD = "gold"


class Customer(Model):
    """Someone who buys. Each account has one, with the same id, which stays when the account is deleted."""

    id = fields.BigIntField(primary_key=True, generated=False)
    user: fields.OneToOneNullableRelation[User] = fields.OneToOneField(
        "models.User", related_name="customer", null=True, on_delete=fields.SET_NULL
    )
    user_id: int | None
    name = fields.CharField(max_length=100, description="the account's at first")
    tier = fields.CharEnumField(Tier, max_length=20, default=Tier.STANDARD)
    created_at = UTCDatetimeField(auto_now_add=True)

    class Meta:
        table = "customers"
        indexes = (("name", "id"), ("tier", "name", "id"))


@post_save(User)
async def _create_customer(_: type[User], user: User, created: bool, db: BaseDBAsyncClient | None, __: Any) -> None:  # noqa: FBT001 -- a signal
    """In the transaction that creates the account."""
    if created:
        await Customer.create(id=user.id, user_id=user.id, name=user.name, using_db=db)
