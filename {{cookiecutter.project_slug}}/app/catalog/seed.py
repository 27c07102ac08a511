"""Seed data: a shop for the home, its category tree, and products with prices, stock, attributes and tags."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.catalog.models import Category, Product, ProductTag, Tag
from tortoise_kit.bulk import copy_many
from tortoise_kit.development.seeding import DATA_START, SeedPlan, timestamps, with_progress
from tortoise_kit.models import searchable

MIN_PRODUCTS, MAX_PRODUCTS = 200, 5_000
ORDERS_PER_PRODUCT = 50
SOLD_OUT_SHARE = 0.05
MAX_STOCK = 500

# Room, group, leaves; a leaf's products are named after it.
TREE: dict[str, dict[str, tuple[str, ...]]] = {
    "Kitchen": {"Cookware": ("Pans", "Pots", "Kettles"), "Tableware": ("Plates", "Bowls", "Mugs")},
    "Living room": {"Lighting": ("Lamps", "Lanterns"), "Seating": ("Chairs", "Stools", "Benches")},
    "Bedroom": {"Linen": ("Blankets", "Pillows"), "Storage": ("Boxes", "Baskets")},
    "Study": {"Desk": ("Notebooks", "Pens", "Trays"), "Shelving": ("Shelves", "Bookends")},
    "Garden": {"Tools": ("Trowels", "Shears"), "Pots and planters": ("Planters", "Watering cans")},
}
TAGS = ("new", "sale", "bestseller", "gift", "handmade", "organic", "recycled", "limited")
TAG_SHARE = 0.2
COLOURS = ("white", "black", "red", "green", "blue", "yellow", "grey", "natural")
MATERIALS = ("oak", "steel", "cotton", "glass", "ceramic", "wool", "bamboo", "linen")
LOOKS = ("Plain", "Round", "Tall", "Small", "Wide", "Folding", "Classic", "Nordic", "Rustic", "Slim", "Grand", "Twin")

CATEGORY_COLUMNS = ("id", "parent_id", "name", "slug", "created_at")
TAG_COLUMNS = ("id", "name")
LINK_COLUMNS = ("id", "products_id", "tag_id")
PRODUCT_COLUMNS = (
    *("id", "sku", "name", "description", "price", "stock", "attributes", "category_id"),
    *("created_at", "updated_at", "search"),
)

type Row = tuple[Any, ...]


async def seed(plan: SeedPlan) -> None:
    """Create all categories and tags, and products in the leaf categories; all are older than `DATA_START`."""
    rng = plan.rng(__name__)
    categories = list(_categories())
    count = min(MAX_PRODUCTS, max(MIN_PRODUCTS, plan.size // ORDERS_PER_PRODUCT))
    advance = plan.track("products", count)
    await copy_many(Category, CATEGORY_COLUMNS, categories)
    await copy_many(Tag, TAG_COLUMNS, enumerate(TAGS, start=1))
    await copy_many(Product, PRODUCT_COLUMNS, with_progress(_products(rng, _leaves(categories), count), advance))
    links = ((number, *link) for number, link in enumerate(_links(rng, count), start=1))
    await copy_many(ProductTag, LINK_COLUMNS, links)


def _categories() -> Iterator[Row]:
    """The tree's rows, each after its parent; names repeat, so a slug is the whole path."""
    number = 0
    for room, groups in TREE.items():
        number += 1
        root = number
        yield (root, None, room, _slug(room), DATA_START - timedelta(days=366))
        for group, leaves in groups.items():
            number += 1
            middle = number
            yield (middle, root, group, _slug(f"{room} {group}"), DATA_START - timedelta(days=366))
            for leaf in leaves:
                number += 1
                yield (number, middle, leaf, _slug(f"{room} {group} {leaf}"), DATA_START - timedelta(days=366))


def _leaves(categories: list[Row]) -> list[tuple[int, str]]:
    parents = {parent for _, parent, *_ in categories}
    return [(number, name) for number, _, name, *_ in categories if number not in parents]


def _products(rng: random.Random, leaves: list[tuple[int, str]], count: int) -> Iterator[Row]:
    times = timestamps(rng, DATA_START - timedelta(days=365), DATA_START, count)
    for number, created_at in enumerate(times, start=1):
        category_id, kind = leaves[number % len(leaves)]
        look, material, colour = rng.choice(LOOKS), rng.choice(MATERIALS), rng.choice(COLOURS)
        name, description = f"{look} {material} {kind.lower()}", f"{look} {kind.lower()} of {material}, in {colour}."
        yield (
            number,
            f"{kind[:3].upper()}-{number:05d}",
            name,
            description,
            Decimal(rng.randrange(200, 30_000, 5)) / 100,
            0 if rng.random() < SOLD_OUT_SHARE else rng.randrange(1, MAX_STOCK),
            {"colour": colour, "materials": [material], "weight_grams": rng.randrange(50, 9_000, 50)},
            category_id,
            created_at,
            created_at,
            searchable(name, description),
        )


def _links(rng: random.Random, products: int) -> Iterator[tuple[int, int]]:
    for product in range(1, products + 1):
        for tag in range(1, len(TAGS) + 1):
            if rng.random() < TAG_SHARE:
                yield product, tag


def _slug(words: str) -> str:
    return "-".join(words.lower().split())
