from datetime import timedelta
from decimal import Decimal

import pytest
from httpx import AsyncClient

from app.catalog.models import Category, Product, Tag
from app.kit.loads import link_many
from app.kit.seeding import OPENING
from tests.plans import ROWS, analyze, assert_index_serves, offered

CATEGORIES, PRODUCTS = LISTS = ("/api/v1/categories", "/api/v1/products")


@pytest.fixture
async def catalog(db: None) -> int:
    """Many categories and products with ties and in no order of their own; gives the category that has them all."""
    moments = [OPENING + timedelta(minutes=(n * 7_919) % ROWS // 3) for n in range(ROWS)]
    names = [f"name {(n * 104_729) % ROWS // 3}" for n in range(ROWS)]
    await Category.bulk_create([Category(name=names[n], slug=f"slug-{n}", created_at=moments[n]) for n in range(ROWS)])
    whole: int = (await Category.all().order_by("id").limit(1))[0].id
    await Product.bulk_create(
        [
            Product(
                sku=f"SKU-{n}",
                name=names[n],
                price=Decimal((n * 1_299_709) % 500) / 4,
                category_id=whole,
                created_at=moments[n],
            )
            for n in range(ROWS)
        ]
    )
    tags = [await Tag.create(name=f"tag {n}") for n in range(3)]
    numbers = await Product.all().values_list("id", flat=True)
    await link_many(Product, "tags", [(number, tags[at % 3].id) for at, number in enumerate(numbers)])
    await analyze()
    return whole


async def test_an_index_serves_each_order_of_the_categories(client: AsyncClient, catalog: int) -> None:
    for order in offered()[CATEGORIES]:
        await assert_index_serves(client, f"{CATEGORIES}?order_by={order}", table="categories")


async def test_an_index_serves_each_order_of_the_products(client: AsyncClient, catalog: int) -> None:
    for order in offered()[PRODUCTS]:
        await assert_index_serves(client, f"{PRODUCTS}?order_by={order}", table="products")


@pytest.mark.parametrize(
    "query",
    [
        "category={category}&order_by=-created_at",
        "category={category}&order_by=created_at",
        "price_min=1&order_by=price",
        "price_min=1&price_max=120&order_by=-price",
    ],
)
async def test_an_index_serves_these_filters(client: AsyncClient, catalog: int, query: str) -> None:
    await assert_index_serves(client, f"{PRODUCTS}?{query.format(category=catalog)}", table="products")
