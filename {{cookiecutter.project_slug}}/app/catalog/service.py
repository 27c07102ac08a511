"""What changes the catalog: one transaction each."""

from app.catalog import queries
from app.catalog.models import Category, Product, Tag
from app.catalog.schemas import CategoryCreate, ProductCreate, ProductPatch
from tortoise_kit.db import Constraint, ConstraintViolation, lock_row, transaction, transactional
from tortoise_kit.problems import Conflict, NotFound


@transactional()
async def create_category(new: CategoryCreate) -> Category:
    """Add a category; its slug must be new and its parent must exist."""
    return await Category.create(**new.model_dump())


@transactional()
async def create_product(new: ProductCreate) -> Product:
    """Add a product and the tags that do not exist yet; its SKU must be new and its category must exist."""
    product = await Product.create(**new.model_dump(exclude={"tags"}))
    await _set_tags(product, new.tags)
    return await queries.product(product.id)


@transactional()
async def change_product(product_id: int, patch: ProductPatch) -> Product:
    """Change what `patch` holds, and nothing else.

    Raises:
        NotFound: There is no such product.
    """
    changes = patch.model_dump()
    tags = changes.pop("tags", None)
    product = await lock_row(Product.filter(id=product_id))
    if product is None:
        detail = "There is no such product."
        raise NotFound(detail)
    await product.update_from_dict(changes).save(update_fields=[*changes, "search", "updated_at"])
    if tags is not None:
        await product.tags.clear()
        await _set_tags(product, tags)
    return await queries.product(product_id)


async def delete_product(product_id: int) -> None:
    """Remove a product that was never ordered.

    Raises:
        NotFound: There is no such product.
        Conflict: Orders refer to it.
    """
    try:
        async with transaction():
            deleted = await Product.filter(id=product_id).delete()
    except ConstraintViolation as error:
        if error.kind is not Constraint.REFERENCE:
            raise
        detail = "The product was ordered and must stay; set its stock to 0 instead."
        raise Conflict(detail, kind="product-in-use") from error
    if not deleted:
        detail = "There is no such product."
        raise NotFound(detail)


async def _set_tags(product: Product, names: list[str]) -> None:
    if not names:
        return
    # Two requests may make the same tag at once: the second finds the first one's row.
    await Tag.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    await product.tags.add(*await Tag.filter(name__in=names))
