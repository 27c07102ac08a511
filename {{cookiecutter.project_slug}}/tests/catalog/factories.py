"""Things of the catalog for tests."""

from itertools import count
from typing import Any

from app.catalog.models import Category, Product

_numbers = count(1)


async def make_category(**columns: Any) -> Category:
    number = next(_numbers)
    return await Category.create(**{"name": f"Category {number}", "slug": f"category-{number}", **columns})


async def make_product(**columns: Any) -> Product:
    number = next(_numbers)
    if "category_id" not in columns:
        columns["category"] = await make_category()
    given = {"sku": f"SKU-{number}", "name": f"Product {number}", "price": "9.90", "stock": 10, **columns}
    return await Product.create(**given)
