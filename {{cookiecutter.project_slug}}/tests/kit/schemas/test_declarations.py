import sys
from datetime import datetime
from decimal import Decimal
from types import new_class
from typing import Annotated, Any

import pytest
from pydantic import MISSING, Field, ValidationError
from tortoise.exceptions import ConfigurationError

from tests.kit.library import Author, Book, Loan, Shelf
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.schemas import comparison
from tortoise_kit.schemas.comparison import check_columns, expected_columns
from tortoise_kit.schemas.declarations import column
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema

wire_models(["tests.kit.library"], "library")


class AuthorRead(ReadSchema, model=Author, exclude=("born_at", "notes")):
    """A stored author."""

    id: int = column()
    name: str = column()
    shelf: Shelf = column()
    fee: Decimal = column()
    added_at: datetime = column()


class AuthorCreate(CreateSchema, model=Author, exclude=("born_at",)):
    """A new author."""

    name: str = column()
    shelf: "Shelf" = column(default=...)
    fee: Decimal = column(default=...)

    notes: dict[str, Any] = Field(default_factory=dict)


class AuthorPatch(PatchSchema, model=Author, exclude=("born_at", "notes")):
    """Changes of an author."""

    name: str | MISSING = column(default=MISSING)
    shelf: Shelf | MISSING = column(default=MISSING)
    fee: Decimal | MISSING = column(default=MISSING)


class BookCreate(CreateSchema, model=Book):
    """A new book, whose number of copies is the database's unless it is given."""

    title: str = column()
    copies: int | MISSING = column(default=MISSING)
    author_id: int | None = column(default=None)


@pytest.mark.parametrize("schema", [AuthorRead, AuthorPatch, BookCreate])
def test_what_is_declared_has_the_types_limits_and_defaults_of_the_model(schema: Any) -> None:
    options = {"model": schema.__model__, "exclude": schema.__declared__.exclude}
    bases = (next(base for base in (ReadSchema, CreateSchema, PatchSchema) if issubclass(schema, base)),)
    derived: Any = new_class(schema.__name__, bases, options, lambda body: body.update(__doc__=schema.__doc__))

    assert schema.model_json_schema() == derived.model_json_schema()


def test_what_a_client_sends_is_held_to_the_model_and_not_to_the_annotations() -> None:
    with pytest.raises(ValidationError):
        AuthorCreate(name="x" * 51)
    assert AuthorCreate(name="Ann").shelf is Shelf.OPEN
    assert BookCreate(title="T").model_dump() == {"title": "T", "author_id": None}


def test_a_schema_shows_only_what_it_declares_or_has_by_hand() -> None:
    class Name(ReadSchema, model=Author):
        """No column that is added to the model appears by itself."""

        name: str = column()
        notes: dict[str, Any]

    assert Name.model_fields.keys() == {"name", "notes"}


def test_declarations_that_the_model_has_pass() -> None:
    wrong = [str(each) for each in differences(AuthorRead, AuthorCreate, AuthorPatch, BookCreate)]

    assert wrong == []


class Wrong(CreateSchema, model=Book, exclude=("copies",)):
    """Each kind of mistake."""

    title: str = column(default=...)
    author_id: int = column(default=None)
    colour: Annotated[str, Field(max_length=3)] = column()
    copies: int | MISSING = column(default=MISSING)
    labels = column()


def differences(*schemas: Any) -> list[comparison.Mismatch]:
    return [each for schema in schemas for each in comparison.mismatches(schema)]


def test_each_mistake_is_reported_with_its_place_and_the_line_that_is_right() -> None:
    place = "tests/kit/schemas/test_declarations.py:"
    found = {each.name: str(each) for each in differences(Wrong)}

    assert found.keys() == {"title", "author_id", "colour", "copies", "labels"}
    assert all(text.startswith(place) for text in found.values())
    assert found["title"].endswith(
        "Wrong.title: Book has `title: str = column()`, and `title: str = column(default=...)` is here."
    )
    assert "Book has `author_id: int | None = column(default=None)`, and `author_id: int = " in found["author_id"]
    assert "Book has no such column to show, and `colour: Annotated[str, " in found["colour"]
    assert "no such column" in found["copies"]
    assert "no such column" in found["labels"]
    assert Wrong.model_fields.keys() == {"title", "author_id"}


def test_a_column_without_a_line_is_reported() -> None:
    class Bare(ReadSchema, model=Book):
        """Made as before, for type checkers without members."""

    found = {each.name: str(each) for each in differences(Bare)}

    assert found.keys() == Bare.model_fields.keys() == {"id", "title", "copies", "author_id"}
    assert "Book has `author_id: int | None = column()`, and no line for it is here." in found["author_id"]


def test_the_check_of_a_module_raises_one_error_with_all_lines() -> None:
    with pytest.raises(ConfigurationError) as error:
        check_columns([sys.modules[__name__]])

    lines = str(error.value).splitlines()
    assert len(lines) == 1 + 5
    assert (
        lines[-1] == "Type checkers see other columns than there are: run `schemas write`, and review the difference."
    )


def test_every_type_of_column_has_an_annotation_for_checkers() -> None:
    class LoanRead(ReadSchema, model=Loan):
        """All types."""

    texts = {name: str(each) for name, each in expected_columns(LoanRead).items()}

    assert texts["kind"] == "Kind | None = column()"
    assert texts["takes"] == "timedelta | None = column()"
    assert texts["code"] == "UUID | None = column()"
    assert texts["notes"] == "Any | None = column()"
    assert texts["scan"] == "bytes | None = column()"


def test_a_column_of_no_model_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"Part\.name is a `column\(\)`, and Part has no model"):

        class Part(ReadSchema):
            """Never created."""

            name: str = column()


def test_a_copy_with_a_name_that_is_no_member_is_refused() -> None:
    new = AuthorCreate(name="Ann")

    assert new.model_copy(update={"name": "Bo"}).name == "Bo"
    with pytest.raises(ValueError, match="AuthorCreate has no member 'nme'"):
        new.model_copy(update={"nme": "Bo"})
    with pytest.raises(ValueError, match="AuthorCreate has no member 'nme'"):
        new.__replace__(nme="Bo")  # type: ignore[call-arg]  # as copy.replace calls it, from Python 3.13 on
