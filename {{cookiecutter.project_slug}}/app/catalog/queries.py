"""Reads of the catalog."""

from collections.abc import Sequence
from typing import Any

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from app.catalog.models import Category, Product, Tag
from app.catalog.schemas import CategoryTree, ProductFilters
from tortoise_kit.models import containing, matching
from tortoise_kit.pagination import selective_filter
from tortoise_kit.problems import NotFound

# The API cannot create a cycle, but SQL written by hand can: the depth ends the recursion.
MAX_DEPTH = 32
EVERYTHING = "{}"  # every object contains it
_SUBTREE = """
WITH RECURSIVE subtree(id, parent_id, name, slug, depth) AS (
    SELECT id, parent_id, name, slug, 0 FROM categories WHERE id = {root}
    UNION ALL
    SELECT child.id, child.parent_id, child.name, child.slug, subtree.depth + 1
    FROM categories AS child JOIN subtree ON child.parent_id = subtree.id
    WHERE subtree.depth < {depth}
)
SELECT id, parent_id, name, slug FROM subtree ORDER BY depth, name, id
"""


def categories() -> QuerySet[Category]:
    """All categories."""
    return Category.all()


async def category_tree(category_id: int) -> CategoryTree:
    """A category and everything below it, siblings sorted by name, in one statement.

    Raises:
        NotFound: The category does not exist.
    """
    rows = await _subtree(category_id)
    if not rows:
        detail = "Category not found."
        raise NotFound(detail)
    nodes = {row["id"]: CategoryTree(id=row["id"], name=row["name"], slug=row["slug"], children=[]) for row in rows}
    for row in rows[1:]:
        nodes[row["parent_id"]].children.append(nodes[row["id"]])
    return nodes[category_id]


async def products(filters: ProductFilters) -> QuerySet[Product]:
    """The products that match all `filters`."""
    found = Product.all()
    if filters.category is not None:
        found = found.filter(category_id__in=[row["id"] for row in await _subtree(filters.category)])
    if filters.tag is not None:
        found = found.filter(tags=await _tag_id(filters.tag))  # a single tag, so no product appears twice
    if filters.q is not None and (words := matching("search", filters.q)):
        found = await selective_filter(found, words)
    if filters.attributes and filters.attributes != EVERYTHING:
        found = await selective_filter(found, containing("attributes", filters.attributes))
    if filters.price_min is not None:
        found = found.filter(price__gte=filters.price_min)
    if filters.price_max is not None:
        found = found.filter(price__lte=filters.price_max)
    if filters.available is not None:
        found = found.filter(stock__gt=0) if filters.available else found.filter(stock=0)
    return found


async def product(product_id: int) -> Product:
    """One product with its tags.

    Raises:
        NotFound: The product does not exist.
    """
    found = await Product.get_or_none(id=product_id).prefetch_related("tags")
    if found is None:
        detail = "Product not found."
        raise NotFound(detail)
    return found


async def _tag_id(name: str) -> int:
    """The tag's key, or 0 if there is no such tag. From the key, unlike the name, the planner can estimate the rows."""
    ids = await Tag.filter(name=name).values_list("id", flat=True)
    return int(ids[0]) if ids else 0  # type: ignore[call-overload]  # of one column


async def _subtree(category_id: int) -> Sequence[dict[str, Any]]:
    connection = get_connection("default")
    root, depth = ("$1", "$2") if connection.capabilities.dialect == "postgres" else ("?1", "?2")
    return await connection.execute_query_dict(_SUBTREE.format(root=root, depth=depth), [category_id, MAX_DEPTH])
