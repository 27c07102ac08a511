from datetime import timedelta
from decimal import Decimal

import pytest
from httpx import AsyncClient

from app.orders.models import Order, OrderItem, Status
from tests.accounts.factories import make_user
from tests.catalog.factories import make_product
from tests.support.plans import ROWS, analyze, assert_index_serves, offered
from tortoise_kit.development.seeding import DATA_START

[ORDERS] = LISTS = ("/api/v1/orders",)


@pytest.fixture
async def customer(db: None) -> int:
    """Many orders with ties and in no order of their own; gives who placed half of them."""
    one: int = (await make_user()).id
    other: int = (await make_user()).id
    await Order.bulk_create(
        [
            Order(
                customer_id=one if n % 2 else other,
                status=Status.PAID if n % 4 < 2 else Status.SHIPPED,
                total=Decimal((n * 1_299_709) % 700) / 4,
                created_at=DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3),
            )
            for n in range(2 * ROWS)
        ]
    )
    product = await make_product()
    orders = await Order.all().values_list("id", flat=True)
    await OrderItem.bulk_create(
        [OrderItem(order_id=number, product_id=product.id, quantity=1, unit_price=1) for number in orders]
    )
    await analyze()
    return one


async def test_an_index_serves_each_order_of_the_orders(staff: AsyncClient, customer: int) -> None:
    for order in offered()[ORDERS]:
        await assert_index_serves(staff, f"{ORDERS}?order_by={order}", table="orders")


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
async def test_an_index_serves_these_filters(staff: AsyncClient, customer: int, query: str) -> None:
    await assert_index_serves(staff, f"{ORDERS}?{query.format(customer=customer)}", table="orders")
