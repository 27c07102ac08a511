"""How many queries the routes of the catalog send."""

from app.catalog.models import Category, Product, Tag
from tests.catalog.factories import make_category, make_product
from tests.support.budgets import API, Budget, Call


def tag_names(rows: int) -> list[str]:
    return [f"tag {number}" for number in range(rows)]


async def tagged(rows: int) -> Product:
    """The last one of so many products, each with so many tags."""
    tags = [await Tag.create(name=name) for name in tag_names(rows)]
    product = await make_product()
    for _ in range(rows - 1):
        await product.tags.add(*tags)
        product = await make_product()
    await product.tags.add(*tags)
    return product


async def tree(rows: int) -> Category:
    root = category = await make_category()
    for _ in range(rows):
        category = await make_category(parent=category)
        await make_category(parent=root)
    return root


async def list_categories(rows: int) -> Call:
    await tree(rows)
    return Call("/categories")


async def create_category(rows: int) -> Call:
    return Call("/categories", {"name": "Books", "slug": "books", "parent_id": (await tree(rows)).id})


async def read_tree(rows: int) -> Call:
    return Call(f"/categories/{(await tree(rows)).id}/tree")


async def list_products(rows: int) -> Call:
    await tagged(rows)
    return Call("/products")


async def list_products_by_all_filters(rows: int) -> Call:
    product = await tagged(rows)
    filters = f"category={product.category_id}&tag=tag 0&q=Product&attributes={{}}&price_min=0&price_max=99"
    return Call(f"/products?{filters}&available=true")


async def create_product(rows: int) -> Call:
    category = await make_category()
    tags = tag_names(rows)
    return Call("/products", {"sku": "A", "name": "A", "price": "1.00", "category_id": category.id, "tags": tags})


async def read_product(rows: int) -> Call:
    return Call(f"/products/{(await tagged(rows)).id}")


async def change_product(rows: int) -> Call:
    product = await tagged(rows)
    return Call(f"/products/{product.id}", {"price": "5.00", "tags": [*tag_names(rows)[1:], "new"]})


async def delete_product(rows: int) -> Call:
    return Call(f"/products/{(await tagged(rows)).id}")


BUDGETS = (
    Budget(f"GET {API}/categories", 1, list_categories),
    Budget(f"POST {API}/categories", 2, create_category),
    Budget(f"GET {API}/categories/{{category_id}}/tree", 1, read_tree),
    Budget(f"GET {API}/products", 3, list_products, {"postgres": 1}),
    Budget(f"GET {API}/products", 5, list_products_by_all_filters, {"postgres": 4}),
    Budget(f"POST {API}/products", 9, create_product),
    Budget(f"GET {API}/products/{{product_id}}", 3, read_product, {"postgres": 1}),
    Budget(f"PATCH {API}/products/{{product_id}}", 11, change_product),
    Budget(f"DELETE {API}/products/{{product_id}}", 2, delete_product),
)
