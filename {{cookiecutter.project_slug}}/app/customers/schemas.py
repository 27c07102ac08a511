"""Requests and responses of customers."""

from datetime import datetime

from pydantic import MISSING, BaseModel, Field

from app.customers.models import Customer, Tier
from tortoise_kit.schemas import PatchSchema, ReadSchema, column


class CustomerRead(ReadSchema, model=Customer):
    """A customer. `user_id` is null if the account was deleted."""

    id: int = column()
    name: str = column()
    tier: Tier = column()
    created_at: datetime = column()
    user_id: int | None = column()


class CustomerPatch(PatchSchema, model=Customer, exclude=("id", "user_id")):
    """The fields to change; all are optional."""

    name: str | MISSING = column(default=MISSING)
    tier: Tier | MISSING = column(default=MISSING)


class CustomerFilters(BaseModel):
    """Which customers to list. A customer must match every filter that is set."""

    tier: Tier | None = Field(default=None, description="Customers of this tier.")
