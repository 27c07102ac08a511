"""The rows that the service and all twins share: the service's own seed, and more users."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any

from rich.progress import Progress
from tortoise.connection import get_connection

from app.accounts.authentication import authenticator
from app.accounts.models import Role, User
from app.accounts.seed import COLUMNS, UNUSABLE_PASSWORD
from app.catalog.models import Product
from app.cli.seed import fill
from app.customers.models import Customer, Tier
from app.customers.seed import COLUMNS as CUSTOMER_COLUMNS
from app.database import database, migrate
from app.settings import Settings
from benchmarks.compare.subjects import FIVE_KILOBYTES_PRODUCT, STAFF_ID
from benchmarks.environment import SECRET
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import DATA_START, with_progress

STOCK = 2_000_000_000  # never sold out
KILOBYTE = 1000
OVERHEAD = 380  # bytes of a product's JSON besides its description, about


class Size(StrEnum):
    """How many users, and as many orders."""

    FULL = "full"
    SMALL = "small"

    @property
    def rows(self) -> int:
        """Of users and of orders each."""
        return 1_000_000 if self is Size.FULL else 2_000


def settings_of(database_url: str) -> Settings:
    """The same as settings, with time for statements that load a million rows."""
    return Settings.model_validate(
        {
            "environment": "production",
            "database_url": database_url,
            "secret_keys": SECRET,
            "access_token_lifetime_seconds": 3600,
            "db_statement_timeout_seconds": 600,
            "db_command_timeout_seconds": 660,
            "request_deadline_seconds": 700,
            "shutdown_timeout_seconds": 800,
        }
    )


def staff_token(database_url: str) -> str:
    """A token of the seed's staff, for an hour."""
    return authenticator(settings_of(database_url)).tokens.issue(str(STAFF_ID))


async def prepare(database_url: str, size: Size) -> None:
    """Migrate an empty database and fill it.

    Raises:
        SeedError: It holds rows already.
    """
    settings = settings_of(database_url)
    await migrate(settings)
    async with database(settings):
        await fill(size.rows)
        await _more_users(size.rows)
        await Product.all().update(stock=STOCK)
        await Product.filter(id=FIVE_KILOBYTES_PRODUCT).update(description="x" * (5 * KILOBYTE - OVERHEAD))
        await get_connection("default").execute_script("VACUUM ANALYZE")


async def remove_placed(database_url: str, size: Size) -> None:
    """Delete the orders that the apps have placed, so that lists are again what they were."""
    async with database(settings_of(database_url)):
        for table, key in (("order_events", "order_id"), ("order_items", "order_id"), ("orders", "id")):
            await get_connection("default").execute_script(f"DELETE FROM {table} WHERE {key} > {size.rows}")  # noqa: S608  # names of this module
        await get_connection("default").execute_script("VACUUM ANALYZE")


async def _more_users(wanted: int) -> None:
    there = await User.all().count()
    with Progress() as progress:
        task = progress.add_task("more users", total=wanted - there)
        rows = with_progress(_users(there + 1, wanted), lambda done: progress.advance(task, done))
        await copy_many(User, COLUMNS, rows)
    customers = ((number, number, name, Tier.STANDARD, at) for number, _, name, *_, at in _users(there + 1, wanted))
    await copy_many(Customer, CUSTOMER_COLUMNS, customers)


def _users(first: int, last: int) -> Iterator[tuple[Any, ...]]:
    for number in range(first, last + 1):
        moment = DATA_START - timedelta(seconds=number)
        name = f"Customer {number}"
        email = f"customer.{number}@example.com"
        yield (number, email, name, UNUSABLE_PASSWORD, Role.MEMBER, True, 0, moment)
