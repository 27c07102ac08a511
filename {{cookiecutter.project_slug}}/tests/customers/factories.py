"""Customers for tests."""

from typing import Any

from app.customers.models import Customer
from tests.accounts.factories import make_user


async def make_customer(**columns: Any) -> Customer:
    """The customer of a new account, with these values."""
    customer = await Customer.get(id=(await make_user()).id)
    await customer.update_from_dict(columns).save()
    return customer
