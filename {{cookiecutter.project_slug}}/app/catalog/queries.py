"""Reads of the catalog."""

from collections.abc import Sequence
from typing import Any

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from app.catalog.models import Category, Product, Tag
from app.catalog.schemas import CategoryTree, ProductFilters
from tortoise_kit.models import containing, matching, values_of
from tortoise_kit.pagination import selective_filter
from tortoise_kit.problems import Conflict, NotFound

TREE_MAX = 2_000  # categories in one response: some 150 kB
DEPTH_MAX = 32  # levels below the root in one response, which a client's parser can nest
EVERYTHING = "{}"  # every object contains it
# UNION, not UNION ALL: a cycle, which only SQL written by hand can create, ends.
_SUBTREE = """
WITH RECURSIVE subtree(id, parent_id, name, slug) AS (
    SELECT id, parent_id, name, slug FROM categories WHERE id = {root}
    UNION
    SELECT child.id, child.parent_id, child.name, child.slug
    FROM categories AS child JOIN subtree ON child.parent_id = subtree.id
)
SELECT id, parent_id, name, slug FROM subtree
"""


def categories() -> QuerySet[Category]:
    """All categories."""
    return Category.all()


async def category_tree(category_id: int) -> CategoryTree:
    """A category and everything below it, siblings sorted by name, in one statement.

    Raises:
        NotFound: The category does not exist.
        Conflict: There are more than 2 000 categories, or more than 32 levels below it.
    """
    rows = await _subtree(category_id, limit=TREE_MAX + 1)
    if not rows:
        detail = "Category not found."
        raise NotFound(detail)
    if len(rows) > TREE_MAX:
        raise _too_large()
    children: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["name"], row["id"])):
        children.setdefault(row["parent_id"], []).append(row)
    [root] = [row for row in rows if row["id"] == category_id]
    return _tree(root, children, DEPTH_MAX)


def _tree(root: dict[str, Any], children: dict[int, list[dict[str, Any]]], levels: int) -> CategoryTree:
    below = children.get(root["id"], [])
    if below and not levels:
        raise _too_large()
    branches = [_tree(row, children, levels - 1) for row in below]
    return CategoryTree(id=root["id"], name=root["name"], slug=root["slug"], children=branches)


def _too_large() -> Conflict:
    detail = f"The tree has more than {TREE_MAX} categories or {DEPTH_MAX} levels; read one of its branches."
    return Conflict(detail, kind="tree-too-large")


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


async def _tag_id(name: str) -> int:
    """The tag's key, or 0 if there is no such tag. From the key, unlike the name, the planner can estimate the rows."""
    ids = await values_of(Tag.filter(name=name), "id", int)
    return ids[0] if ids else 0


async def _subtree(category_id: int, *, limit: int | None = None) -> Sequence[dict[str, Any]]:
    """A category and all below it, in no order, or `limit` of them."""
    connection = get_connection("default")
    root = "$1" if connection.capabilities.dialect == "postgres" else "?1"
    text = _SUBTREE.format(root=root) + (f" LIMIT {limit:d}" if limit else "")
    return await connection.execute_query_dict(text, [category_id])
