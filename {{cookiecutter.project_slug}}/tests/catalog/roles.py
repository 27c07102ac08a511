"""Who may do what with the catalog."""

from app.accounts.models import User
from tests.catalog.factories import make_category, make_product
from tests.support.roles import EVERYBODY_READS, STAFF_CREATE, STAFF_READ, Given, Rule

CATEGORIES, PRODUCTS = "/api/v1/categories", "/api/v1/products"


async def new_category(_caller: User | None) -> Given:
    return Given(json={"name": "Books", "slug": "books"})


async def category(_caller: User | None) -> Given:
    return Given(path={"category_id": (await make_category()).id})


async def new_product(_caller: User | None) -> Given:
    return Given(json={"sku": "NEW", "name": "Lamp", "price": "9.90", "category_id": (await make_category()).id})


async def product(_caller: User | None) -> Given:
    return Given(path={"product_id": (await make_product()).id})


async def patch(caller: User | None) -> Given:
    return Given((await product(caller)).path, json={"price": "5.00"})


RULES = [
    Rule("GET", CATEGORIES, EVERYBODY_READS),
    Rule("POST", CATEGORIES, STAFF_CREATE, new_category),
    Rule("GET", f"{CATEGORIES}/{{category_id}}/tree", EVERYBODY_READS, category),
    Rule("GET", PRODUCTS, EVERYBODY_READS),
    Rule("POST", PRODUCTS, STAFF_CREATE, new_product),
    Rule("GET", f"{PRODUCTS}/{{product_id}}", EVERYBODY_READS, product),
    Rule("PATCH", f"{PRODUCTS}/{{product_id}}", STAFF_READ, patch),
    Rule("DELETE", f"{PRODUCTS}/{{product_id}}", (401, 403, 204, 204), product),
]
