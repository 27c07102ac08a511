"""Accounts for tests."""

from itertools import count
from typing import Any

from app.accounts.models import User

_numbers = count(1)


async def make_user(**columns: Any) -> User:
    number = next(_numbers)
    given = {"email": f"user-{number}@example.com", "name": f"User {number}", "password_hash": "!", **columns}
    return await User.create(**given)
