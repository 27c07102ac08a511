from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tortoise import fields
from tortoise.exceptions import FieldError
from tortoise.models import Model

from tests.kit.library import Author, library
from tortoise_kit.models.wiring import wire_models


class Parcel(Model):
    """Its constructor takes more than fields."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=10)

    def __init__(self, *, upper: str = "", **given: Any) -> None:
        super().__init__(**({"name": upper.upper()} if upper else {}), **given)


wire_models(["tests.kit.library", __name__], "library")

WRITES: dict[str, Callable[[], Awaitable[Any]]] = {
    "create": lambda: Author.create(name="Bo", nme="Bo"),
    "get_or_create, no row": lambda: Author.get_or_create(name="Bo", defaults={"nme": "Bo"}),
    "get_or_create, a row": lambda: Author.get_or_create(name="Ann", defaults={"nme": "Ann"}),
    "get_or_create, positionally": lambda: Author.get_or_create({"nme": "Ann"}, name="Ann"),
    "get_or_create, by a lookup": lambda: Author.get_or_create(name__iexact="bo"),
    "update_or_create, no row": lambda: Author.update_or_create(name="Bo", defaults={"nme": "Bo"}),
    "update_or_create, a row": lambda: Author.update_or_create(name="Ann", defaults={"nme": "Ann"}),
}


def test_the_constructor_refuses_a_name_that_the_model_lacks_and_suggests_the_closest() -> None:
    with pytest.raises(FieldError, match=r"^Author has no field 'nme'; did you mean 'name'\?$"):
        Author(nme="Ann")
    with pytest.raises(FieldError, match=r"^Author has no field 'pk'; did you mean 'id'\?$"):
        Author(pk=1, name="Ann")
    with pytest.raises(FieldError, match=r"^Author has no field 'colour'\.$"):
        Author(name="Ann", colour="red")


def test_an_update_from_a_dict_refuses_an_unknown_name_and_changes_nothing() -> None:
    author = Author(name="Ann")

    with pytest.raises(FieldError, match="Author has no field 'nme'"):
        author.update_from_dict({"name": "Bo", "nme": "Bo"})
    assert author.name == "Ann"
    assert author.update_from_dict({"name": "Bo"}).name == "Bo"


@pytest.mark.parametrize("write", WRITES)
async def test_a_write_with_an_unknown_name_is_refused_and_stores_nothing(empty_database_url: str, write: str) -> None:
    async with library(empty_database_url, name="default"):
        ann = await Author.create(name="Ann")

        with pytest.raises(FieldError, match=r"Author has no field '(nme|name__iexact)'"):
            await WRITES[write]()

        assert await Author.all() == [ann]


async def test_writes_of_known_names_work_as_before(empty_database_url: str) -> None:
    async with library(empty_database_url, name="default"):
        ann, created = await Author.get_or_create({"fee": 2}, name="Ann")
        same, again = await Author.get_or_create(name="Ann", defaults={"fee": 3})
        changed, new = await Author.update_or_create(name="Ann", defaults={"fee": 3})

        assert (created, again, new) == (True, False, False)
        assert (same, changed) == (ann, ann)
        assert [int(each.fee) for each in (ann, same, changed)] == [2, 2, 3]


def test_a_model_with_arguments_of_its_own_keeps_them_however_often_it_is_wired() -> None:
    wire_models(["tests.kit.library", __name__], "library")

    assert Parcel(upper="a").name == "A"
    with pytest.raises(FieldError, match="Parcel has no field 'lower'"):
        Parcel(upper="a", lower="b")
