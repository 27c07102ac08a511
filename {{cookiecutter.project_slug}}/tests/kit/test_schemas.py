from typing import Any

import pytest
from pydantic import ValidationError
from tortoise.exceptions import ConfigurationError

from app.accounts.models import Role, User
from app.catalog.models import Category, Product
from app.kit.schemas import CreateSchema, PatchSchema, ReadSchema


class ProductRead(ReadSchema, model=Product, exclude=("description", "search")):
    """A product as it is stored."""

    attributes: dict[str, Any]


class ProductCreate(CreateSchema, model=Product):
    """A new product."""


class ProductPatch(PatchSchema, model=Product):
    """Changes of a product."""


class UserCreate(CreateSchema, model=User, exclude=("password_hash",)):
    """A new user."""


class CategoryPatch(PatchSchema, model=Category):
    """Changes of a category, whose parent may be null."""


NEW = {"sku": "A", "name": "Lamp", "price": "1.50", "category_id": 7}


def test_reading_has_every_column_with_foreign_keys_as_ids_and_no_relation() -> None:
    columns = {"id", "sku", "name", "price", "stock", "attributes", "category_id", "created_at", "updated_at"}

    assert ProductRead.model_fields.keys() == columns
    assert set(ProductRead.model_json_schema()["required"]) == columns


def test_creating_leaves_out_what_is_filled_in_and_makes_defaults_optional() -> None:
    assert ProductCreate.model_fields.keys() == {
        "sku", "name", "description", "price", "stock", "attributes", "category_id",
    }  # fmt: skip
    assert set(ProductCreate.model_json_schema()["required"]) == NEW.keys()
    assert ProductCreate(**NEW).model_dump()["attributes"] == {}


@pytest.mark.parametrize(
    "wrong", [{"price": "1.234"}, {"price": "1e12"}, {"name": "x" * 201}, {"name": "\0"}, {"id": 1}]
)
def test_limits_of_the_columns_are_limits_of_the_schema(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ProductCreate(**{**NEW, **wrong})


def test_a_patch_tells_absent_from_null() -> None:
    assert ProductPatch.model_validate({}).model_dump() == {}
    assert CategoryPatch.model_validate({"parent_id": None}).model_dump() == {"parent_id": None}
    with pytest.raises(ValidationError):
        ProductPatch.model_validate({"name": None})


def test_an_enumeration_takes_its_values_and_a_name_of_its_own_stays() -> None:
    assert UserCreate(email="a@b.c", name="A", role="staff").model_dump()["role"] is Role.STAFF
    assert UserCreate.model_json_schema()["title"] == "UserCreate"


def test_excluding_what_the_model_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="'colour', which Product does not have"):

        class _Wrong(ReadSchema, model=Product, exclude=("colour",)):
            """Never made."""
