from math import inf, nan
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from tortoise import fields
from tortoise.models import Model

from tortoise_kit.schemas.models import CreateSchema
from tortoise_kit.schemas.types import DEPTH_MAX, JSONObject, Text

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
    with pytest.raises(ValidationError) as raised:
        Sent(**given)
    assert "c4nary" not in str([error["msg"] for error in raised.value.errors()])
    return [error["type"] for error in raised.value.errors()]


@pytest.mark.parametrize(("text", "kind"), [("c4nary\0", "text_nul"), ("c4nary\ud800", "text_surrogate")])
def test_text_that_postgres_or_utf8_cannot_hold_is_rejected_at_any_depth(text: str, kind: str) -> None:
    assert kinds(text=text) == [kind]
    assert kinds(json_object={"a": [{"b": text}]}) == [kind]
    assert kinds(json_object={"a": {text: 1}}) == [kind]


@pytest.mark.parametrize("number", [nan, inf, -inf, INT64, -INT64 - 1, 10**4000, 1e300])
def test_a_number_that_is_not_interoperable_json_is_rejected(number: float) -> None:
    assert kinds(json_object={"a": [number]}) == ["json_number"]


def test_an_object_may_be_nested_to_the_limit_and_no_deeper() -> None:
    value: Any = 1
    for _ in range(DEPTH_MAX):
        value = {"a": value}

    assert Sent(json_object=value).json_object == value
    assert kinds(json_object={"a": value}) == ["json_depth"]


def test_valid_json_is_not_changed() -> None:
    value: Any = {"a": [INT64 - 1, -INT64, 0.1, True, None, "é💩\x01", {"": []}]}

    assert Sent(json_object=value).json_object == value


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_text_of_a_nullable_column_is_validated_too(text: str) -> None:
    with pytest.raises(ValidationError):
        NoteCreate.model_validate({"title": text})

    assert NoteCreate.model_validate({"title": None}).model_dump() == {"title": None}
