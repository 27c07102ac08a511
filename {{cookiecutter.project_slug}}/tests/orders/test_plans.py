import pytest
from httpx import AsyncClient

from tests.orders.contract import ORDERS, make_many
from tortoise_kit.development.testing import analyze, assert_index_serves


@pytest.fixture
async def customer(db: None) -> int:
    """Many orders; returns the customer who placed half of them."""
    one = await make_many()
    await analyze()
    return one


@pytest.mark.parametrize(
    "query",
    [
        "status=paid&order_by=-created_at",
        "status=paid&order_by=created_at",
        "customer_id={customer}&order_by=-created_at",
        "customer_id={customer}&order_by=created_at",
        "created_from=2024-01-01T00:10:00Z&order_by=-created_at",
        "created_from=2024-01-01T00:10:00Z&created_to=2024-01-01T10:00:00Z&order_by=created_at",
        "status=paid&created_from=2024-01-01T00:10:00Z&order_by=-created_at",
        "customer_id={customer}&created_to=2024-01-01T10:00:00Z&order_by=-created_at",
    ],
)
async def test_an_index_serves_a_filter_with_its_order(staff: AsyncClient, customer: int, query: str) -> None:
    await assert_index_serves(staff, f"{ORDERS}?{query.format(customer=customer)}", table="orders")
