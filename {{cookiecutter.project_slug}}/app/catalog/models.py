"""Tables of the catalog."""

from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.validators import MinValueValidator

from tortoise_kit.models import GinIndex, NumericField, SearchField, UTCDatetimeField


class Category(Model):
    """A node of the category tree. A root has no parent."""

    id = fields.BigIntField(primary_key=True)
    parent: fields.ForeignKeyNullableRelation["Category"] = fields.ForeignKeyField(
        "models.Category", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    parent_id: int | None
    name = fields.CharField(max_length=100)
    slug = fields.CharField(max_length=100, unique=True)
    created_at = UTCDatetimeField(auto_now_add=True)
    children: fields.ReverseRelation["Category"]
    products: fields.ReverseRelation["Product"]

    class Meta:
        table = "categories"
        indexes = (("created_at", "id"), ("name", "id"), ("parent_id",))


class Tag(Model):
    """A label that groups products across categories."""

    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=50, unique=True)
    products: fields.ManyToManyRelation["Product"]
    product_links: fields.ReverseRelation["ProductTag"]

    class Meta:
        table = "tags"


class Product(Model):
    """Something for sale. `stock` is the number of pieces that can still be ordered."""

    id = fields.BigIntField(primary_key=True)
    sku = fields.CharField(max_length=40, unique=True)
    name = fields.CharField(max_length=200)
    description = fields.TextField(default="")
    price = NumericField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    stock = fields.IntField(default=0, validators=[MinValueValidator(0)])
    attributes = fields.JSONField[dict[str, Any]](default=dict)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name="products", on_delete=fields.RESTRICT
    )
    category_id: int
    tags: fields.ManyToManyRelation[Tag] = fields.ManyToManyField(
        "models.Tag", related_name="products", through="product_tags", on_delete=fields.CASCADE
    )
    created_at = UTCDatetimeField(auto_now_add=True)
    updated_at = UTCDatetimeField(auto_now=True)
    search = SearchField(of=("name", "description"))
    tag_links: fields.ReverseRelation["ProductTag"]

    class Meta:
        table = "products"
        indexes = (
            ("created_at", "id"),
            ("name", "id"),
            ("price", "id"),
            ("category_id", "created_at", "id"),
            GinIndex.of_words("search", name="idx_products_search"),
            GinIndex(fields=("attributes",), opclasses=("jsonb_path_ops",), name="idx_products_attributes"),
        )


class ProductTag(Model):
    """Links a product to a tag. It is a model so that it can have a second index, from a tag to its products."""

    id = fields.BigIntField(primary_key=True)
    products: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="tag_links", on_delete=fields.CASCADE
    )
    products_id: int  # the many-to-many field's name for it
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField(
        "models.Tag", related_name="product_links", on_delete=fields.CASCADE
    )
    tag_id: int

    class Meta:
        table = "product_tags"
        unique_together = (("products", "tag"),)
        indexes = (("tag_id", "products_id"),)
