import pytest

from app.accounts.models import User
from tests.accounts.factories import make_user, password_hash


@pytest.fixture
async def ann(db: None) -> User:
    """An account whose password is PASSWORD."""
    return await make_user(email="ann@example.com", password_hash=password_hash())
