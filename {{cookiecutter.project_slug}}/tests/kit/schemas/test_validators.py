"""What a field's validators forbid is a 422 that names the field: in schemas, and for what is saved without one."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import ValidationError
from tortoise import fields
from tortoise.exceptions import ValidationError as Invalid
from tortoise.models import Model
from tortoise.validators import (
    CommaSeparatedIntegerListValidator,
    DomainNameValidator,
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
    Validator,
    validate_ipv4_address,
    validate_ipv6_address,
    validate_ipv46_address,
)

from tests.kit.library import library
from tortoise_kit.bulk.write import insert_many, update_many, upsert_many
from tortoise_kit.db.transactions import transaction
from tortoise_kit.http.problems import install_problems
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema

SECRET = "c4nary"  # noqa: S105 -- a value that no error may repeat


class Rank(StrEnum):
    FIRST = "first"
    SECOND = "second"


class Even(Validator):
    def __call__(self, value: int) -> None:
        if value % 2:
            message = f"{value} {SECRET} is odd"
            raise Invalid(message)


def not_reserved(value: str) -> None:
    if value == SECRET:
        message = f"{value} is reserved"
        raise ValueError(message)


def not_second(value: str) -> None:
    if value == "second":
        message = "no second"
        raise Invalid(message)


class Member(Model):
    id = fields.IntField(primary_key=True)
    age = fields.IntField(default=18, validators=[MinValueValidator(0), MaxValueValidator(150)])
    even = fields.SmallIntField(default=2, validators=[Even(), MinValueValidator(-(10**9))])
    fee = fields.DecimalField(6, 2, default=Decimal(1), validators=[MinValueValidator(0.5)])
    share = fields.FloatField(default=0.5, validators=[MaxValueValidator(1)])
    nick = fields.CharField(max_length=20, null=True, validators=[MinLengthValidator(3), not_reserved])
    slug = fields.CharField(max_length=20, default="abc", validators=[RegexValidator(r"[a-z]+$", 0)])
    short = fields.TextField(default="", validators=[MaxLengthValidator(5)])
    named = fields.CharField(
        max_length=20, null=True, validators=[RegexValidator(r"(?P<word>[A-Z]+)\Z", re.IGNORECASE)]
    )
    numbers = fields.CharField(max_length=20, null=True, validators=[CommaSeparatedIntegerListValidator()])
    ipv4 = fields.CharField(max_length=40, null=True, validators=[validate_ipv4_address])
    ipv6 = fields.CharField(max_length=40, null=True, validators=[validate_ipv6_address])
    address = fields.CharField(max_length=40, null=True, validators=[validate_ipv46_address])
    domain = fields.CharField(max_length=40, null=True, validators=[DomainNameValidator()])
    link = fields.CharField(max_length=40, null=True, validators=[URLValidator()])
    email = fields.CharField(max_length=40, null=True, validators=[EmailValidator()])
    tags = fields.JSONField[Any](null=True, validators=[MaxLengthValidator(2)])
    scan = fields.BinaryField(null=True, validators=[MaxLengthValidator(2)])
    rank = fields.CharEnumField(Rank, default=Rank.FIRST, validators=[not_second])

    class Meta:
        table = "kit_members"


wire_models([__name__], "library")
WRONG: dict[str, list[Any]] = {
    "age": [-1, 151],
    "even": [3, 40_000],
    "fee": ["0.49", "10000"],
    "share": [1.5],
    "nick": ["ab", SECRET],
    "slug": ["ABC", "abc1", "1abc"],
    "short": ["123456"],
    "named": ["1", "abc1"],
    "numbers": ["1,", "-1", "a"],
    "ipv4": ["300.1.1.1", "::1", ""],
    "ipv6": ["1.1.1.1"],
    "address": ["x"],
    "domain": ["-a.example"],
    "link": ["javascript:alert(1)"],
    "email": ["nobody"],
    "tags": [[1, 2, 3]],
    "scan": ["AAAA"],
    "rank": ["second"],
}
RIGHT: dict[str, Any] = {
    "age": 0,
    "even": -4,
    "fee": "0.50",
    "share": 1.0,
    "nick": "abc",
    "slug": "abc",
    "short": "12345",
    "named": "abC",
    "numbers": "1,22",
    "ipv4": "1.2.3.4",
    "ipv6": "::1",
    "address": "::1",
    "domain": "a.example",
    "link": "https://a.example/b",
    "email": "a@b.example",
    "tags": [1, 2],
    "scan": "AAA=",
    "rank": "first",
}
EACH_WRONG = [(field, value) for field, values in WRONG.items() for value in values]


class MemberRead(ReadSchema, model=Member):
    """A member, perhaps from before there were validators."""


class MemberCreate(CreateSchema, model=Member):
    """A new member."""


class MemberPatch(PatchSchema, model=Member):
    """Changes of a member."""


@pytest.mark.parametrize("schema", [MemberCreate, MemberPatch])
@pytest.mark.parametrize(("field", "value"), EACH_WRONG)
def test_a_schema_rejects_what_a_validator_rejects(schema: type[CreateSchema], field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        schema.model_validate({**RIGHT, field: value})

    [error] = raised.value.errors()
    assert error["loc"] == (field,)
    assert SECRET not in error["msg"]
    assert SECRET not in str(error.get("ctx"))


def test_a_schema_takes_what_the_validators_take_and_null_where_a_column_may_be_null() -> None:
    assert MemberCreate.model_validate(RIGHT).model_fields_set == RIGHT.keys()
    for name in ("nick", "numbers", "ipv4", "tags", "scan"):
        assert MemberPatch.model_validate({name: None}).model_dump() == {name: None}


def test_openapi_has_the_limits() -> None:
    described = MemberCreate.model_json_schema()["properties"]

    assert (described["age"]["minimum"], described["age"]["maximum"]) == (0, 150)
    assert (described["even"]["minimum"], described["even"]["maximum"]) == (-(2**15), 2**15 - 1)
    assert described["fee"]["anyOf"][0]["minimum"] == 0.5
    assert described["share"]["maximum"] == 1
    assert described["nick"]["anyOf"][0] == {"type": "string", "minLength": 3, "maxLength": 20}
    assert described["slug"]["pattern"] == "^(?:[a-z]+$)"
    assert described["short"]["maxLength"] == 5
    assert "pattern" not in str(described["named"])  # JSON Schema has no such pattern


def test_a_stored_value_is_shown_whatever_the_validators_say_now() -> None:
    old = Member(id=1, age=-5, even=3, nick="x", slug="A B", short="123456", ipv4="none", tags=[1, 2, 3])

    assert MemberRead.model_validate(old).model_dump(include={"age", "slug"}) == {"age": -5, "slug": "A B"}


async def create(field: str, value: Any) -> None:
    await Member.create(**{field: value})


async def save(field: str, value: Any) -> None:
    member = await Member.create()
    await member.update_from_dict({field: value}).save(update_fields=[field])


async def update(field: str, value: Any) -> None:
    await Member.create()
    await Member.all().update(**{field: value})


async def bulk_create(field: str, value: Any) -> None:
    await Member.bulk_create([Member(), Member(**{field: value})])


async def insert(field: str, value: Any) -> None:
    await insert_many([Member(), Member(**{field: value})])


async def upsert(field: str, value: Any) -> None:
    await upsert_many(Member, [{"id": 5, field: RIGHT[field]}, {"id": 6, field: value}], conflict=("id",))


async def update_all(field: str, value: Any) -> None:
    member = await Member.create()
    await update_many([member.update_from_dict({field: value})], (field,))


async def nested(field: str, value: Any) -> None:
    async with transaction(using="library"):
        await Member.create()
        async with transaction(using="library"):
            await Member.create(**{field: value})


WAYS = {way.__name__: way for way in (create, save, update, bulk_create, insert, upsert, update_all, nested)}
# Bytes come as text, and functions that raise another error than Tortoise's are the model's own mistake.
SAVED = [(field, value) for field, value in EACH_WRONG if field != "scan" and value not in (SECRET, "10000", 40_000)]


async def test_what_is_saved_without_a_schema_is_a_422_that_names_the_field(empty_database_url: str) -> None:
    app = FastAPI()
    install_problems(app)

    @app.post("/members/{way}/{field}")
    async def write(way: str, field: str, value: Annotated[Any, Body(embed=True)]) -> None:
        await WAYS[way](field, value)

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        library(empty_database_url, more=(__name__,)),
        AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        for way in WAYS:
            for field, value in SAVED:
                response = await client.post(f"/members/{way}/{field}", json={"value": value})
                problem = response.json()

                assert (way, field, value, response.status_code) == (way, field, value, 422)
                assert f"value of {field} is" in problem["detail"]
                assert [error["loc"] for error in problem["errors"]] == [["body", field]]
                assert SECRET not in response.text
        stored = await Member.all()
        assert {(member.age, member.even, member.slug, member.nick) for member in stored} <= {(18, 2, "abc", None)}
