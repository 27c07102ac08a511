"""Requests and responses of the catalog."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import MISSING, AfterValidator, BaseModel, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.catalog.models import Category, Product
from tortoise_kit.models import JSONObjectText
from tortoise_kit.schemas import (
    CreateSchema,
    Id,
    JSONObject,
    PatchSchema,
    ReadSchema,
    Text,
    column,
    column_type,
    plucked,
)

MAX_TAGS = 20

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Price = Annotated[Decimal, column_type(Product, "price")]
SearchText = Annotated[Text, Field(max_length=200)]
TagName = Annotated[Text, Field(min_length=1, max_length=50)]


def _distinct(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        kind, message = "tags_repeated", "List each tag only once"
        raise PydanticCustomError(kind, message)
    return tags


TagNames = Annotated[list[TagName], Field(max_length=MAX_TAGS), AfterValidator(_distinct)]


class CategoryRead(ReadSchema, model=Category):
    """A category."""

    id: int = column()
    name: str = column()
    slug: str = column()
    created_at: datetime = column()
    parent_id: int | None = column()


class CategoryCreate(CreateSchema, model=Category):
    """A new category. Without `parent_id` it is a root."""

    name: str = column()
    parent_id: int | None = column(default=None)

    slug: Slug


class CategoryTree(BaseModel):
    """A category with everything below it."""

    id: int
    name: str
    slug: str
    children: list["CategoryTree"]


class ProductRead(ReadSchema, model=Product, exclude=("search",)):
    """A product with the names of its tags."""

    id: int = column()
    sku: str = column()
    name: str = column()
    description: str = column()
    price: Decimal = column()
    stock: int = column()
    created_at: datetime = column()
    updated_at: datetime = column()
    category_id: int = column()

    attributes: dict[str, JsonValue]
    tags: Annotated[list[str], plucked("name")]


class ProductCreate(CreateSchema, model=Product):
    """A new product. Tags that do not exist yet are created too."""

    sku: str = column()
    name: str = column()
    description: str = column(default=...)
    price: Decimal = column()
    stock: int = column(default=...)
    category_id: int = column()

    attributes: JSONObject = Field(default_factory=dict)
    tags: TagNames = Field(default_factory=list)


class ProductPatch(PatchSchema, model=Product):
    """Changes to a product. `tags` replaces the whole list."""

    sku: str | MISSING = column(default=MISSING)
    name: str | MISSING = column(default=MISSING)
    description: str | MISSING = column(default=MISSING)
    price: Decimal | MISSING = column(default=MISSING)
    stock: int | MISSING = column(default=MISSING)
    category_id: int | MISSING = column(default=MISSING)

    attributes: JSONObject | MISSING = MISSING
    tags: TagNames | MISSING = MISSING


class ProductFilters(BaseModel):
    """Which products to list. A product must match every filter that is set."""

    category: Id | None = Field(default=None, description="Products in this category or below it.")
    tag: TagName | None = Field(default=None, description="Products with this tag.")
    q: SearchText | None = Field(
        default=None,
        description="Words to find in the name or the description. All must appear, in any order; the last one may be "
        "the beginning of a word. Case and accents are ignored. Anything but letters and digits separates words. "
        "A search without words matches every product.",
        examples=["red lam"],
    )
    attributes: JSONObjectText | None = Field(
        default=None,
        description="A JSON object that the product's attributes must contain: every member with an equal value, and "
        "nested objects and arrays with at least the given elements. Member names must be unique, integers must fit "
        "64 bits, and nesting may be at most 8 levels deep.",
        examples=['{"colour": "red"}'],
    )
    price_min: Price | None = Field(default=None, description="Products at this price or more.")
    price_max: Price | None = Field(default=None, description="Products at this price or less.")
    available: bool | None = Field(default=None, description="true: products in stock; false: products out of stock.")
