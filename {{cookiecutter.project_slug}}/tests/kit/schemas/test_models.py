from contextvars import copy_context
from typing import Any

import pytest
from pydantic import ValidationError
from tortoise import Tortoise
from tortoise.exceptions import ConfigurationError

from tests.kit.library import Author, Book, Shelf
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema

copy_context().run(Tortoise.init_models, ["tests.kit.library"], "library")  # so that schemas see the relations


class AuthorRead(ReadSchema, model=Author, exclude=("born_at",)):
    """A stored author."""

    notes: dict[str, Any]


class AuthorCreate(CreateSchema, model=Author):
    """A new author."""


class AuthorPatch(PatchSchema, model=Author):
    """Changes of an author."""


class BookCreate(CreateSchema, model=Book):
    """A new book, which may have no author."""


class BookPatch(PatchSchema, model=Book):
    """Changes of a book, whose author may be null."""


NEW = {"name": "Ann"}


def test_a_read_schema_has_every_column_foreign_keys_as_ids_and_no_relation() -> None:
    columns = {"id", "name", "notes", "shelf", "fee", "added_at"}

    assert AuthorRead.model_fields.keys() == columns
    assert set(AuthorRead.model_json_schema()["required"]) == columns
    assert BookCreate.model_fields.keys() == {"author_id", "title", "copies"}


def test_creation_omits_generated_columns_and_makes_defaults_optional() -> None:
    assert AuthorCreate.model_fields.keys() == {"name", "born_at", "notes", "shelf", "fee"}
    assert set(AuthorCreate.model_json_schema()["required"]) == NEW.keys()
    assert AuthorCreate.model_validate(NEW).model_dump(include={"notes"})["notes"] == {}


@pytest.mark.parametrize(
    "wrong", [{"fee": "1.234"}, {"fee": "1e12"}, {"name": "x" * 51}, {"name": "\0"}, {"id": 1}, {"shelf": "lost"}]
)
def test_a_schema_has_the_limits_of_its_columns(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AuthorCreate.model_validate({**NEW, **wrong})


def test_a_patch_distinguishes_absent_from_null() -> None:
    assert AuthorPatch.model_validate({}).model_dump() == {}
    assert BookPatch.model_validate({"author_id": None}).model_dump() == {"author_id": None}
    with pytest.raises(ValidationError):
        AuthorPatch.model_validate({"name": None})


def test_an_enum_column_takes_its_values_and_the_schema_keeps_its_name() -> None:
    assert (
        AuthorCreate.model_validate({**NEW, "shelf": "closed"}).model_dump(include={"shelf"})["shelf"] is Shelf.CLOSED
    )
    assert AuthorCreate.model_json_schema()["title"] == "AuthorCreate"


def test_excluding_a_field_that_the_model_lacks_is_rejected_by_name() -> None:
    with pytest.raises(ConfigurationError, match="'colour', which Author does not have"):

        class _Wrong(ReadSchema, model=Author, exclude=("colour",)):
            """Never created."""
