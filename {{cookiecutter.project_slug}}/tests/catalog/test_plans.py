import pytest
from httpx import AsyncClient

from tests.catalog.contract import PRODUCTS, make_many
from tortoise_kit.development.testing import analyze, assert_index_serves, indexes_used


@pytest.fixture
async def catalog(db: None) -> int:
    """Many categories and products; returns the category of all products."""
    category = await make_many()
    await analyze()
    return category


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
async def test_an_index_serves_a_filter_with_its_order(client: AsyncClient, catalog: int, query: str) -> None:
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
async def test_a_rare_value_is_found_by_its_own_index(client: AsyncClient, catalog: int) -> None:
    for order in ("-created_at", "price"):
        for query, index in FOUND_BY.items():
            used = await indexes_used(client, f"{PRODUCTS}?{query}&order_by={order}", table="products")

            assert any(name.startswith(index) for name in used), (query, used)


@pytest.mark.only("postgres")
async def test_a_common_value_is_read_in_the_order_of_the_list(client: AsyncClient, catalog: int) -> None:
    for query in ("q=name", "tag=tag 1", "available=true", "price_min=1"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert any(name.startswith("idx_products_created") for name in used), (query, used)


@pytest.mark.only("sqlite")
async def test_sqlite_reads_products_in_the_order_of_the_list_and_sorts_none(client: AsyncClient, catalog: int) -> None:
    for query in ("q=rare", 'attributes={"colour": "red"}', "available=false"):
        used = await indexes_used(client, f"{PRODUCTS}?{query}", table="products")

        assert [name.startswith("idx_products_created") for name in used] == [True], (query, used)
