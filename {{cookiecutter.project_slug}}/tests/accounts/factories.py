"""Accounts for tests."""

from functools import cache
from itertools import count
from typing import Any

from app.accounts.models import User
from tortoise_kit.security import hash_with_salt

PASSWORD = "correct horse battery"  # noqa: S105

_numbers = count(1)


async def make_user(**columns: Any) -> User:
    number = next(_numbers)
    given = {"email": f"user-{number}@example.com", "name": f"User {number}", "password_hash": "!", **columns}
    return await User.create(**given)


@cache
def password_hash() -> str:
    """Of PASSWORD; made once, since that takes its time."""
    return hash_with_salt(PASSWORD, b"a salt for tests")
