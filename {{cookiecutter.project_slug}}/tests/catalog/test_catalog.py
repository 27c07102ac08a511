"""Categories and products."""

from decimal import Decimal
from typing import Any

import pytest
from httpx2 import AsyncClient

from app.catalog.models import Category, Product
from app.catalog.queries import DEPTH_MAX, TREE_MAX
from app.cli.seed import fill
from tests.catalog.factories import make_category, make_product
from tortoise_kit.bulk import insert_many

CATEGORIES = "/api/v1/categories"


async def create(staff: AsyncClient, name: str, parent_id: int | None = None) -> int:
    answer = await staff.post(CATEGORIES, json={"name": name, "slug": name.lower(), "parent_id": parent_id})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def test_a_new_category_is_listed(staff: AsyncClient) -> None:
    number = await create(staff, "Books")

    answer = await staff.get(CATEGORIES)

    assert answer.status_code == 200
    assert [(item["id"], item["slug"]) for item in answer.json()["items"]] == [(number, "books")]


async def test_a_tree_holds_every_descendant_with_siblings_by_name(staff: AsyncClient) -> None:
    books = await create(staff, "Books")
    prose = await create(staff, "Prose", books)
    poems = await create(staff, "Poems", books)
    await create(staff, "Novels", prose)
    await create(staff, "Music")

    tree = (await staff.get(f"{CATEGORIES}/{books}/tree")).json()

    assert tree["slug"] == "books"
    assert [child["id"] for child in tree["children"]] == [poems, prose]
    assert [child["slug"] for child in tree["children"][1]["children"]] == ["novels"]


async def test_the_tree_of_a_missing_category_is_not_found(staff: AsyncClient) -> None:
    assert (await staff.get(f"{CATEGORIES}/1/tree")).status_code == 404


async def test_a_tree_beyond_its_limits_is_a_conflict_and_not_cut_off(client: AsyncClient) -> None:
    wide, deep = await make_category(), await make_category()
    await insert_many([Category(name=f"{at}", slug=f"w{at}", parent_id=wide.id) for at in range(TREE_MAX - 1)])
    branch = deep
    for at in range(DEPTH_MAX):
        branch = await make_category(parent_id=branch.id, slug=f"d{at}")
    assert (await client.get(f"{CATEGORIES}/{wide.id}/tree")).status_code == 200
    assert (await client.get(f"{CATEGORIES}/{deep.id}/tree")).status_code == 200

    await make_category(parent_id=wide.id, slug="one-more")
    last = await make_category(parent_id=branch.id, slug="deeper")
    for root in (wide, deep):
        answer = await client.get(f"{CATEGORIES}/{root.id}/tree")
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:tree-too-large")
        assert "2000 categories or 32 levels" in answer.json()["detail"]

    for root, category_id in ((deep, last.id), (wide, wide.id)):  # filters have no limit
        product = await make_product(category_id=category_id)
        found = (await client.get(f"{PRODUCTS}?category={root.id}")).json()["items"]
        assert [each["id"] for each in found] == [product.id]


PRODUCTS = "/api/v1/products"


async def new_product(**members: Any) -> dict[str, Any]:
    category = await make_category()
    return {"sku": "LAMP-1", "name": "Lamp", "price": "19.90", "category_id": category.id, **members}


async def names(staff: AsyncClient, **filters: Any) -> list[str]:
    answer = await staff.get(PRODUCTS, params={"order_by": "name", **filters})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def test_a_product_is_created_with_its_tags_and_read_back(staff: AsyncClient) -> None:
    sent = await new_product(stock=3, attributes={"colour": "red", "watts": [40, 60]}, tags=["new", "sale"])

    created = await staff.post(PRODUCTS, json=sent)
    read = await staff.get(created.headers["Location"])

    assert created.status_code == 201
    assert read.json() == created.json()
    assert {key: read.json()[key] for key in sent} == sent


async def test_tags_that_exist_are_used_again(staff: AsyncClient) -> None:
    await staff.post(PRODUCTS, json=await new_product(tags=["sale"]))

    answer = await staff.post(PRODUCTS, json=await new_product(sku="LAMP-2", tags=["sale"]))

    assert answer.json()["tags"] == ["sale"]


async def test_a_sku_is_unique(staff: AsyncClient) -> None:
    await staff.post(PRODUCTS, json=await new_product())

    answer = await staff.post(PRODUCTS, json=await new_product())

    assert answer.status_code == 409
    assert "LAMP" not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": "-1"},
        {"price": "1.001"},
        {"price": "99999999999.00"},
        {"price": "NaN"},
        {"stock": -1},
        {"stock": 2**31},
        {"name": "x" * 201},
        {"name": "a\0b"},
        {"tags": ["sale", "sale"]},
        {"colour": "red"},
        {"attributes": {"a": 2**64}},
        {"attributes": {"a": "\0"}},
        {"category_id": 0},
        {"category_id": 4711},
    ],
    ids=str,
)
async def test_an_invalid_product_is_rejected_and_not_stored(staff: AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await staff.post(PRODUCTS, json=await new_product(**wrong))

    assert answer.status_code == 422
    assert await Product.all().count() == 0


async def test_a_patch_changes_only_what_it_holds(staff: AsyncClient) -> None:
    product = await make_product(name="Lamp", description="Bright")

    answer = await staff.patch(f"{PRODUCTS}/{product.id}", json={"price": "5.00", "tags": ["sale"]})

    assert answer.status_code == 200
    assert (answer.json()["price"], answer.json()["tags"]) == ("5.00", ["sale"])
    assert (answer.json()["name"], answer.json()["description"]) == ("Lamp", "Bright")


async def test_a_patch_cannot_set_a_required_column_to_null(staff: AsyncClient) -> None:
    product = await make_product()

    answer = await staff.patch(f"{PRODUCTS}/{product.id}", json={"name": None})

    assert answer.status_code == 422


async def test_a_deleted_product_is_gone(staff: AsyncClient) -> None:
    product = await make_product()

    deleted = await staff.delete(f"{PRODUCTS}/{product.id}")

    assert deleted.status_code == 204
    assert (await staff.get(f"{PRODUCTS}/{product.id}")).status_code == 404
    assert (await staff.delete(f"{PRODUCTS}/{product.id}")).status_code == 404


async def test_filters_are_combined(staff: AsyncClient) -> None:
    root = await make_category()
    leaf = await make_category(parent=root)
    await make_product(name="Dear lamp", price="90.00", category_id=leaf.id)
    await make_product(name="Cheap lamp", price="9.00", category_id=root.id, stock=0)
    await make_product(name="Chair", price="50.00")
    await staff.post(PRODUCTS, json=await new_product(name="Table", tags=["sale"]))

    assert await names(staff) == ["Chair", "Cheap lamp", "Dear lamp", "Table"]
    assert await names(staff, category=root.id) == ["Cheap lamp", "Dear lamp"]
    assert await names(staff, category=leaf.id) == ["Dear lamp"]
    assert await names(staff, category=4711) == []
    assert await names(staff, q="LAMP") == ["Cheap lamp", "Dear lamp"]
    assert await names(staff, tag="sale") == ["Table"]
    assert await names(staff, tag="none") == []
    assert await names(staff, price_min="9.01", price_max="50") == ["Chair", "Table"]
    assert await names(staff, available=False) == ["Cheap lamp", "Table"]
    assert await names(staff, q="lamp", price_min="50") == ["Dear lamp"]


async def test_prices_sort_by_value_and_not_by_spelling(staff: AsyncClient) -> None:
    for price in ("100.00", "9.50", "20.00"):
        await make_product(name=price, price=Decimal(price))

    answer = await staff.get(PRODUCTS, params={"order_by": "-price"})

    assert [item["price"] for item in answer.json()["items"]] == ["100.00", "20.00", "9.50"]


async def test_a_seed_creates_a_tree_of_categories_and_products(db: None) -> None:
    await fill(60)

    assert await Category.filter(parent_id=None).count() == 5
    assert await Category.filter(parent__parent__parent_id=None, parent__parent_id__isnull=False).count() > 10
    products = await Product.all().prefetch_related("tags")
    assert len(products) == 200
    assert any(len(product.tags) > 1 for product in products)
    assert min(product.price for product in products) > 0
