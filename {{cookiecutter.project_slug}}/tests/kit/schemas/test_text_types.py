from math import inf, nan
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from tortoise import fields
from tortoise.models import Model

from tortoise_kit.schemas.models import CreateSchema, Text
from tortoise_kit.schemas.text_types import DEPTH_MAX, JSONObject

INT64 = 2**63


class Note(Model):
    id = fields.BigIntField(primary_key=True)
    title = fields.CharField(max_length=100, null=True)


class NoteCreate(CreateSchema, model=Note):
    pass


class Sent(BaseModel):
    text: Text = ""
    json_object: JSONObject = {}


def kinds(**given: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Sent(**given)
    assert "c4nary" not in str([error["msg"] for error in refused.value.errors()])
    return [error["type"] for error in refused.value.errors()]


@pytest.mark.parametrize(("text", "kind"), [("c4nary\0", "text_nul"), ("c4nary\ud800", "text_surrogate")])
def test_text_that_no_database_takes_is_refused_wherever_it_is(text: str, kind: str) -> None:
    assert kinds(text=text) == [kind]
    assert kinds(json_object={"a": [{"b": text}]}) == [kind]
    assert kinds(json_object={"a": {text: 1}}) == [kind]


@pytest.mark.parametrize("number", [nan, inf, -inf, INT64, -INT64 - 1, 10**4000, 1e300])
def test_a_number_that_not_every_reader_of_json_has_is_refused(number: float) -> None:
    assert kinds(json_object={"a": [number]}) == ["json_number"]


def test_an_object_is_nested_as_deep_as_the_bound_says_and_no_deeper() -> None:
    value: Any = 1
    for _ in range(DEPTH_MAX):
        value = {"a": value}

    assert Sent(json_object=value).json_object == value
    assert kinds(json_object={"a": value}) == ["json_depth"]


def test_what_both_databases_take_stays_as_it_is() -> None:
    value: Any = {"a": [INT64 - 1, -INT64, 0.1, True, None, "é💩\x01", {"": []}]}

    assert Sent(json_object=value).json_object == value


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_a_column_that_may_be_empty_is_looked_at_too(text: str) -> None:
    with pytest.raises(ValidationError):
        NoteCreate.model_validate({"title": text})

    assert NoteCreate.model_validate({"title": None}).model_dump() == {"title": None}
