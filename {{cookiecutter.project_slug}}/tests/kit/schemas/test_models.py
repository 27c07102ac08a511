from typing import Any

import pytest
from pydantic import ValidationError
from tortoise import fields
from tortoise.exceptions import ConfigurationError
from tortoise.models import Model

from tests.kit.library import Author, Book, Shelf
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema

wire_models(["tests.kit.library"], "library")  # so that schemas see the relations


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


class Gadget(Model):
    """Columns with the names of what schemas, their methods and their arguments are called."""

    id = fields.IntField(primary_key=True)
    writable = fields.BooleanField(default=False)
    adapt = fields.CharField(max_length=20, null=True)
    columns_shown = fields.IntField(null=True)
    model = fields.CharField(max_length=20, null=True)
    exclude_me = fields.IntField(null=True)
    copy = fields.IntField(null=True)
    dict = fields.IntField(null=True)
    json = fields.IntField(null=True)
    schema = fields.CharField(max_length=20, null=True)
    validate = fields.IntField(null=True)
    fields = fields.IntField(null=True)


class GadgetRead(ReadSchema, model=Gadget):
    """A gadget."""


class GadgetCreate(CreateSchema, model=Gadget):
    """A new gadget."""


class GadgetPatch(PatchSchema, model=Gadget):
    """Changes of a gadget."""


def test_columns_may_be_called_like_what_schemas_have_themselves() -> None:
    gadget = {name: None for name in Gadget._meta.fields_map if name != "id"} | {"writable": True}

    assert GadgetPatch.model_validate({}).model_dump() == {}
    assert GadgetPatch.model_validate(gadget).model_dump() == gadget
    assert GadgetCreate.model_validate({"writable": True}).model_dump() == gadget
    assert GadgetRead.model_validate(Gadget(id=1, **gadget)).model_dump() == {"id": 1, **gadget}


@pytest.mark.parametrize("name", ["_kept", "model_config", "model_dump", "model_fields"])
def test_a_name_that_no_member_can_have_is_rejected_with_the_remedy(name: str) -> None:
    model = type("Part", (Model,), {"id": fields.IntField(primary_key=True), name: fields.IntField()})

    with pytest.raises(ConfigurationError, match=rf"Part\.{name} cannot be a member.* source_field='{name}'"):

        class _PartRead(ReadSchema, model=model):
            """Never created."""


def test_a_schema_made_before_the_relations_are_known_is_rejected() -> None:
    class Page(Model):
        id = fields.IntField(primary_key=True)
        book: fields.ForeignKeyRelation[Book] = fields.ForeignKeyField("library.Book", related_name="pages")

    with pytest.raises(ConfigurationError, match=r"Page\.book has no column yet: make schemas after"):

        class _PageRead(ReadSchema, model=Page):
            """Never created."""


def test_a_column_with_a_default_of_the_database_may_be_left_out_and_is_not_written() -> None:
    assert BookCreate.model_validate({"title": "T"}).model_dump() == {"author_id": None, "title": "T"}


def test_excluding_a_field_that_the_model_lacks_is_rejected_by_name() -> None:
    with pytest.raises(ConfigurationError, match="'colour', which Author does not have"):

        class _Wrong(ReadSchema, model=Author, exclude=("colour",)):
            """Never created."""
