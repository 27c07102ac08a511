from datetime import timedelta
from decimal import Decimal

import pytest
from httpx import AsyncClient

from app.catalog.models import Category, Product, ProductTag, Tag
from tests.support.plans import ROWS, analyze, assert_index_serves, indexes_used, offered
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import DATA_START

CATEGORIES, PRODUCTS = LISTS = ("/api/v1/categories", "/api/v1/products")
TEXT = "x" * 1_000  # so that the planner does not find the whole table as near as four of its rows


@pytest.fixture
async def catalog(db: None) -> int:
    """Many categories and products with ties and in no order of their own; gives the category that has them all."""
    moments = [DATA_START + timedelta(minutes=(n * 7_919) % ROWS // 3) for n in range(ROWS)]
    names = [f"name {(n * 104_729) % ROWS // 3}" for n in range(ROWS)]
    await Category.bulk_create([Category(name=names[n], slug=f"slug-{n}", created_at=moments[n]) for n in range(ROWS)])
    whole: int = (await Category.all().order_by("id").limit(1))[0].id
    await Product.bulk_create(
        [
            Product(
                sku=f"SKU-{n}",
                name=names[n],
                description=f"{'rare' if n % 500 == 0 else ''} {TEXT}",
                price=Decimal((n * 1_299_709) % 500) / 4,
                stock=0 if n % 20 == 0 else 5,
                attributes={"colour": "red" if n % 500 == 0 else "blue", "number": n},
                category_id=whole,
                created_at=moments[n],
            )
            for n in range(ROWS)
        ]
    )
    tags = [await Tag.create(name=f"tag {n}") for n in range(3)]
    rare = await Tag.create(name="rare")
    numbers = await Product.all().values_list("id", flat=True)
    links = [(number, tags[at % 3].id) for at, number in enumerate(numbers)]
    await copy_many(ProductTag, ("products_id", "tag_id"), [*links, *((number, rare.id) for number in numbers[::500])])
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
        "price_min=1&price_max=120&order_by=price",
    ],
)
async def test_an_index_serves_these_filters(client: AsyncClient, catalog: int, query: str) -> None:
    await assert_index_serves(client, f"{PRODUCTS}?{query.format(category=catalog)}", table="products")


FOUND_BY = {
    "q=rare": "idx_products_search",
    "q=rar": "idx_products_search",
    "q=name rare": "idx_products_search",
    'attributes={"colour": "red"}': "idx_products_attributes",
    'attributes={"number": 7}': "idx_products_attributes",
    "tag=rare": "idx_product_tag_tag_id",
}


@pytest.mark.only("postgres")
async def test_what_few_products_have_is_found_by_its_own_index(client: AsyncClient, catalog: int) -> None:
    for order in ("-created_at", "price"):
        for query, index in FOUND_BY.items():
            used = await indexes_used(client, f"{PRODUCTS}?{query}&order_by={order}", table="products")

            assert any(name.startswith(index) for name in used), (query, used)


@pytest.mark.only("postgres")
async def test_what_many_products_have_is_read_in_the_lists_order(client: AsyncClient, catalog: int) -> None:
    for query in ("q=name", "tag=tag 1", "available=true", "price_min=1"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert any(name.startswith("idx_products_created") for name in used), (query, used)


@pytest.mark.only("sqlite")
async def test_sqlite_reads_products_in_the_lists_order_and_sorts_none(client: AsyncClient, catalog: int) -> None:
    for query in ("q=rare", 'attributes={"colour": "red"}', "available=false"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert [name.startswith("idx_products_created") for name in used] == [True], (query, used)
