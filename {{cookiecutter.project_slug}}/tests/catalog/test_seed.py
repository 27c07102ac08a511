from app.catalog.models import Category, Product
from app.cli.seed import fill


async def test_a_shop_is_filled_with_a_tree_and_products(db: None) -> None:
    await fill(60)

    assert await Category.filter(parent_id=None).count() == 5
    assert await Category.filter(parent__parent__parent_id=None, parent__parent_id__isnull=False).count() > 10
    products = await Product.all().prefetch_related("tags")
    assert len(products) == 200
    assert any(len(product.tags) > 1 for product in products)
    assert min(product.price for product in products) > 0
