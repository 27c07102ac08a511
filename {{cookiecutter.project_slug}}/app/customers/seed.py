"""Seed data: every account is a customer, most of the lowest tier."""

from app.accounts.models import User
from app.customers.models import Customer, Tier
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import SeedPlan, with_progress

COLUMNS = ("id", "user_id", "name", "tier", "created_at")
WEIGHTS = {Tier.STANDARD: 75, Tier.SILVER: 18, Tier.GOLD: 7}


async def seed(plan: SeedPlan) -> None:
    """Create a customer for each account."""
    rng = plan.rng(__name__)
    accounts = await User.all().order_by("id").values_list("id", "name", "created_at")
    tiers = rng.choices(list(WEIGHTS), list(WEIGHTS.values()), k=len(accounts))
    rows = ((number, number, name, tier, at) for (number, name, at), tier in zip(accounts, tiers, strict=True))
    await copy_many(Customer, COLUMNS, with_progress(rows, plan.track("customers", len(accounts))))
