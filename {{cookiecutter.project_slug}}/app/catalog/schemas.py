"""What clients send to and read from the catalog."""

from decimal import Decimal
from typing import Annotated

from pydantic import MISSING, AfterValidator, BaseModel, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.catalog.models import Category, Product
from tortoise_kit.models import JSONObjectText
from tortoise_kit.schemas import CreateSchema, Id, JSONObject, PatchSchema, ReadSchema, Text, plucked

MAX_TAGS = 20

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Price = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]
Stock = Annotated[int, Field(ge=0, le=2**31 - 1)]
SearchText = Annotated[Text, Field(max_length=200)]
TagName = Annotated[Text, Field(min_length=1, max_length=50)]


def _distinct(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        kind, message = "tags_repeated", "Each tag is given once"
        raise PydanticCustomError(kind, message)
    return tags


TagNames = Annotated[list[TagName], Field(max_length=MAX_TAGS), AfterValidator(_distinct)]


class CategoryRead(ReadSchema, model=Category):
    """A category."""


class CategoryCreate(CreateSchema, model=Category):
    """A new category; without `parent_id` it is a root."""

    slug: Slug
    parent_id: Id | None = None


class CategoryTree(BaseModel):
    """A category with all that is below it."""

    id: int
    name: str
    slug: str
    children: list["CategoryTree"]


class ProductRead(ReadSchema, model=Product, exclude=("search",)):
    """A product with the names of its tags."""

    attributes: dict[str, JsonValue]
    tags: Annotated[list[str], plucked("name")]


class ProductCreate(CreateSchema, model=Product):
    """A new product. Tags that do not exist yet are made."""

    price: Price
    stock: Stock = 0
    attributes: JSONObject = Field(default_factory=dict)
    category_id: Id
    tags: TagNames = Field(default_factory=list)


class ProductPatch(PatchSchema, model=Product):
    """Changes of a product; `tags` replaces all of them."""

    price: Price | MISSING = MISSING
    stock: Stock | MISSING = MISSING
    attributes: JSONObject | MISSING = MISSING
    category_id: Id | MISSING = MISSING
    tags: TagNames | MISSING = MISSING


class ProductFilters(BaseModel):
    """Which products to list; all given filters must hold."""

    category: Id | None = Field(default=None, description="In this category or below it.")
    tag: TagName | None = None
    q: SearchText | None = Field(
        default=None,
        description="Words of the name or the description: all must be there, in any order, the last one as a whole "
        "word or the beginning of one. Case and accents make no difference; all but letters and digits separates "
        "words. Without a word it filters nothing.",
        examples=["red lam"],
    )
    attributes: JSONObjectText | None = Field(
        default=None,
        description="A JSON object that the product's attributes contain: each member with an equal value, objects "
        "and arrays with at least what is given here. No member comes twice, integers have 64 bits, and objects and "
        "arrays are nested no deeper than 8.",
        examples=['{"colour": "red"}'],
    )
    price_min: Price | None = None
    price_max: Price | None = None
    available: bool | None = Field(default=None, description="Whether any piece is in stock.")
