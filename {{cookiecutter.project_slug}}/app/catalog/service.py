"""Writes to the catalog, one transaction each."""

from app.catalog.models import Category, Product, Tag
from app.catalog.schemas import CategoryCreate, ProductCreate, ProductPatch
from tortoise_kit.bulk import get_or_create_many
from tortoise_kit.db import Constraint, ConstraintViolation, lock_row, transaction, transactional
from tortoise_kit.problems import Conflict, NotFound

MISSING = "Product not found."


@transactional()
async def create_category(new: CategoryCreate) -> Category:
    """Create a category. Its slug must be new and its parent must exist."""
    return await Category.create(**new.model_dump())


@transactional()
async def create_product(new: ProductCreate) -> Product:
    """Create a product and the tags that do not exist yet. Its SKU must be new and its category must exist."""
    product = await Product.create(**new.model_dump(exclude={"tags"}))
    await product.tags.add(*await get_or_create_many(Tag, "name", new.tags))
    await product.fetch_related("tags")
    return product


@transactional()
async def change_product(product_id: int, patch: ProductPatch) -> Product:
    """Change the fields that `patch` sets, and no others.

    Raises:
        NotFound: The product does not exist.
    """
    changes = patch.model_dump()
    tags = changes.pop("tags", None)
    product = await lock_row(Product.filter(id=product_id), missing=MISSING)
    await product.update_from_dict(changes).save(update_fields=[*changes, "search", "updated_at"])
    if tags is not None:
        await product.tags.clear()
        await product.tags.add(*await get_or_create_many(Tag, "name", tags))
    await product.fetch_related("tags")
    return product


async def delete_product(product_id: int) -> None:
    """Delete a product that has never been ordered.

    Raises:
        NotFound: The product does not exist.
        Conflict: The product has been ordered.
    """
    try:
        async with transaction():
            deleted = await Product.filter(id=product_id).delete()
    except ConstraintViolation as error:
        if error.kind is not Constraint.REFERENCE:
            raise
        detail = "The product has been ordered, so it cannot be deleted; set its stock to 0 instead."
        raise Conflict(detail, kind="product-in-use") from error
    if not deleted:
        raise NotFound(MISSING)
