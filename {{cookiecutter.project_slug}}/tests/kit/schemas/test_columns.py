"""Hostile values for a column of every type, stored and as a filter: the same on both databases, never a 5xx."""

import json
from base64 import b64encode
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from http import HTTPStatus
from math import inf, nan
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import pytest
from fastapi import Depends, FastAPI, Query, Response
from httpx2 import ASGITransport, AsyncClient
from pydantic import TypeAdapter, ValidationError, create_model
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model
from tortoise.validators import MaxLengthValidator

from tests.kit.library import library
from tortoise_kit.db.errors import ConstraintViolation
from tortoise_kit.development.testing import new_postgres_database
from tortoise_kit.http.problems import install_problems
from tortoise_kit.models.columns import NumericField, UTCDatetimeField
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.pagination.routes import PageRequest, install_paging, item_response, paging
from tortoise_kit.problems.errors import Unprocessable
from tortoise_kit.schemas.columns import column_type, input_type, output_type
from tortoise_kit.schemas.models import CreateSchema, PatchSchema, ReadSchema


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Depot(Model):
    id = fields.IntField(primary_key=True)
    number = fields.IntField(unique=True)
    code = fields.CharField(max_length=8, unique=True)

    class Meta:
        table = "kit_depots"


class Parcel(Model):
    id = fields.BigIntField(primary_key=True)
    small = fields.SmallIntField(null=True)
    number = fields.IntField(null=True)
    big = fields.BigIntField(null=True)
    name = fields.CharField(max_length=20, null=True)
    text = fields.TextField(null=True)
    flag = fields.BooleanField(null=True)
    price = NumericField(max_digits=12, decimal_places=2, null=True)
    rate = fields.DecimalField(max_digits=20, decimal_places=4, null=True)
    whole = fields.DecimalField(max_digits=3, decimal_places=0, null=True)
    weight = fields.FloatField(null=True)
    sent_at = UTCDatetimeField(null=True)
    seen_at = fields.DatetimeField(null=True)
    day = fields.DateField(null=True)
    opens = fields.TimeField(null=True)
    takes = fields.TimeDeltaField(null=True)
    code = fields.UUIDField(null=True)
    size = fields.CharEnumField(Size, null=True)
    level = fields.IntEnumField(Level, null=True)
    notes = fields.JSONField[Any](null=True)
    scan = fields.BinaryField(null=True)
    depot: fields.ForeignKeyNullableRelation[Depot] = fields.ForeignKeyField(
        "library.Depot", related_name="parcels", null=True
    )
    by_number: fields.ForeignKeyNullableRelation[Depot] = fields.ForeignKeyField(
        "library.Depot", related_name="numbered", null=True, to_field="number"
    )
    by_code: fields.ForeignKeyNullableRelation[Depot] = fields.ForeignKeyField(
        "library.Depot", related_name="coded", null=True, to_field="code"
    )

    class Meta:
        table = "kit_parcels"


wire_models([__name__], "library")  # so that schemas see the relations
NOT_FILTERED = {"id", "notes", "scan"}  # containment has its own filter, and Tortoise has none for binary
COLUMNS = [name for name in Parcel._meta.fields_map if name in Parcel._meta.fields_db_projection and name != "id"]


class ParcelRead(ReadSchema, model=Parcel):
    """Every column, which Postgres cannot write as JSON."""


class ParcelShown(ReadSchema, model=Parcel, exclude=("opens", "scan", "takes")):
    """The columns that Postgres writes as JSON."""


class ParcelCreate(CreateSchema, model=Parcel):
    """A new parcel."""


class ParcelPatch(PatchSchema, model=Parcel):
    """Changes of a parcel."""


def python_type(name: str) -> Any:
    column: Any = Parcel._meta.fields_map[name]
    return getattr(column, "enum_type", column.field_type)


FILTERS: dict[str, Any] = {
    name: (Annotated[python_type(name), column_type(Parcel, name)] | None, None)
    for name in COLUMNS
    if name not in NOT_FILTERED
}
ParcelFilters = create_model("ParcelFilters", **FILTERS)


HIDDEN = {"opens", "takes"}  # from the list, so that Postgres writes it as JSON
FITTING = {
    "small": "-32768",
    "number": "2147483647",
    "big": "-9223372036854775808",
    "name": "é" * 20,
    "text": "a\nb",
    "flag": "true",
    "price": "-9999999999.99",
    "rate": "0.1",
    "whole": "-0",
    "weight": "-0.0",
    "sent_at": "9999-12-31T23:59:59.999999Z",
    "seen_at": "2033-01-01T02:00:00+02:00",
    "day": "0001-01-01",
    "opens": "09:30:00.5+02:00",
    "takes": "P106751991DT4H",
    "code": "00000000-0000-0000-0000-000000000000",
    "size": "large",
    "level": "2",
    "depot_id": "1",
    "by_number_id": "7",
    "by_code_id": "DEPOT",
}


def service() -> FastAPI:
    app = FastAPI()
    install_problems(app, {ConstraintViolation: lambda _: Unprocessable("It refers to something that does not exist.")})
    install_paging(app, ["s" * 32])

    @app.post("/parcels", status_code=201)
    async def create(new: ParcelCreate) -> ParcelRead:
        return ParcelRead.model_validate(await Parcel.create(**new.model_dump()))

    @app.patch("/parcels/{number}")
    async def change(number: int, patch: ParcelPatch) -> Response:
        await (await Parcel.get(id=number)).update_from_dict(patch.model_dump()).save()
        return await item_response(Parcel.filter(id=number), ParcelRead, missing="")

    @app.get("/parcels")
    async def parcels(
        page: Annotated[PageRequest, Depends(paging(Parcel, "id"))],
        filters: Annotated[ParcelFilters, Query()],  # type: ignore[valid-type]  # made here
    ) -> Response:
        given = filters.model_dump(exclude_unset=True)  # type: ignore[attr-defined]  # as above
        return await page.respond(Parcel.filter(**given), ParcelShown)

    return app


TEXTS = [
    *[
        "",
        "a",
        "x" * 20,
        "x" * 21,
        "é" * 20,
        "a\0b",
        "\ud800",
        "nul",
        "DEPOT",
        "small",
        "1",
        "0",
        "-0",
        "-0.00",
        "1.5",
        "1.005",
    ],
    *[
        "9999999999.99",
        "9999999999.994",
        "99999999999",
        "-999",
        "999",
        "999.5",
        "1000",
        "1E+2",
        "0e3",
        "0e999999999999999999",
    ],
    *["1e999999999999999999", "1e-999999999999999999", "NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "inf", "1_000"],
    *[
        "٣",
        "0x10",
        " 7 ",
        "true",
        "on",
        "2024-02-29",
        "2023-02-29",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "0000-01-01",
    ],
    *["-0044-03-15", "20000-01-01T00:00:00Z", "2033-01-01T00:00:00", "2033-01-01", "2033-01-01T00:00:00Z"],
    *["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-00:01"],
    *["2024-01-01T00:00:00.1234567Z", "2024-01-01T24:00:00Z", "2024-06-30T23:59:60Z", "infinity", "-infinity", "now"],
    *["09:30", "09:30Z", "09:30:00.5+02:00", "23:59:59.999999-15:59", "24:00Z", "00:00+14:59", "00:00:00Z"],
    *[
        "P1D",
        "PT0.000001S",
        "-P1DT1S",
        "P999999999D",
        "P106751991DT4H",
        "P106751992D",
        "-P106751992D",
        "3 days, 01:00:00",
    ],
    *["00000000-0000-0000-0000-000000000000", "{FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF}", "g" * 32],
    *["AP8=", "AP8", "AP9=", "A P8=", "_w==", "/w==\n", "[1]", '{"a": 1}', "[", "null"],
]
NUMBERS = [
    *[
        0,
        -1,
        1,
        2,
        2**15 - 1,
        2**15,
        -(2**15),
        2**31 - 1,
        2**31,
        -(2**31) - 1,
        2**63 - 1,
        2**63,
        -(2**63),
        -(2**63) - 1,
    ],
    *[
        10**30,
        0.5,
        -0.0,
        1e-7,
        5e-324,
        1.7976931348623157e308,
        nan,
        inf,
        -inf,
        True,
        False,
        1e15,
        253402300800,
        -62135596801,
    ],
]
NESTED: list[Any] = [[], {}, [nan], [10**30], {"a": "\0"}, {"\ud800": 1}, {"a": [1.5, None, "é"]}, {"a": -0.0}, [1e300]]
for _ in range(2):
    deep: Any = []
    for _ in range(31 + len(NESTED) % 2):
        deep = [deep]
    NESTED.append(deep)


@dataclass(frozen=True)
class Outcome:
    """What a value led to: a status, and what a response shows of the column, or its errors."""

    call: str
    status: int
    shown: Any


async def outcomes(client: AsyncClient, column: str, values: Sequence[Any]) -> AsyncGenerator[Outcome]:
    """What each value leads to: of creating a row, of changing another one, and of a filter."""
    other = (await client.post("/parcels", content="{}", headers=JSON)).json()["id"]
    for value in values:
        body = json.dumps({column: value})
        for method, path in (("POST", "/parcels"), ("PATCH", f"/parcels/{other}")):
            response = await client.request(method, path, content=body, headers=JSON)
            shown = response.json()
            yield Outcome(f"{method} {body[:60]}", response.status_code, shown.get(column, shown.get("errors")))
            if response.status_code != HTTPStatus.CREATED:
                break  # to change a row takes what to create one takes
        if column not in NOT_FILTERED and not isinstance(value, dict | list | None):
            yield await filtered(client, column, value if isinstance(value, str) else json.dumps(value))


async def filtered(client: AsyncClient, column: str, text: str) -> Outcome:
    response = await client.get(f"/parcels?{urlencode({column: text.encode('utf-8', 'surrogatepass')})}")
    shown = response.json()
    found = [each.get(column) for each in shown.get("items", [])]
    return Outcome(f"GET {column}={text[:60]!r}", response.status_code, found or shown.get("errors"))


JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def serving(url: str) -> AsyncGenerator[AsyncClient]:
    async with (
        library(url, more=(__name__,)),
        AsyncClient(transport=ASGITransport(service(), raise_app_exceptions=False), base_url="http://test") as client,
    ):
        await Depot.create(id=1, number=7, code="DEPOT")
        yield client


async def observed(url: str, step: int) -> dict[str, list[Outcome]]:
    values = [*TEXTS, *NUMBERS, *NESTED, None]
    async with serving(url) as client:
        return {
            column: [each async for each in outcomes(client, column, values[first % step :: step])]
            for first, column in enumerate(COLUMNS)
        }


@pytest.mark.only("postgres")
@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.nightly)])
async def test_every_value_has_the_same_outcome_on_both_databases_and_never_a_server_error(
    postgres_server: str, database: str, tmp_path: Path, step: int
) -> None:
    on_sqlite = await observed(f"sqlite://{tmp_path / 'parcels.db'}", step)
    async with new_postgres_database(postgres_server) as url:
        on_postgres = await observed(url, step)

    for column in COLUMNS:
        seen = [*on_sqlite[column], *on_postgres[column]]
        assert [each for each in seen if each.status not in {200, 201, 422}] == []
        pairs = zip(on_sqlite[column], on_postgres[column], strict=True)
        assert [(one, other) for one, other in pairs if one != other] == []


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in NOT_FILTERED])
def test_a_column_of_the_test_has_values_that_fit(column: str) -> None:
    fitting = 0
    for value in [*TEXTS, *NUMBERS]:
        with suppress(ValidationError):
            fitting += ParcelCreate.model_validate({column: value}) is not None

    assert fitting


async def test_a_filter_finds_what_a_client_stored(empty_database_url: str) -> None:
    async with serving(empty_database_url) as client:
        for column, text in FITTING.items():
            created = await client.post("/parcels", json={column: text})
            shown = None if column in HIDDEN else created.json()[column]
            assert (await filtered(client, column, text)).shown == [shown]


def test_binary_is_base64_both_ways_in_one_spelling() -> None:
    data = bytes(range(256))
    text = b64encode(data).decode()

    assert ParcelCreate.model_validate({"scan": text}).model_dump(include={"scan"}) == {"scan": data}
    assert json.loads(ParcelRead.model_validate(Parcel(id=1, scan=data)).model_dump_json())["scan"] == text
    for other in (text.rstrip("="), text[:4] + "\n" + text[4:], text.replace("+", "-"), text[:-3] + "9=="):
        with pytest.raises(ValidationError):
            ParcelCreate.model_validate({"scan": other})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("small", 2**15),
        ("number", -(2**31) - 1),
        ("big", 2**63),
        ("depot_id", 0),
        ("by_code_id", "x" * 9),
        ("weight", "inf"),
        ("weight", nan),
        ("takes", "P106751992D"),
        ("opens", "09:30"),
        ("sent_at", "2033-01-01"),
        ("seen_at", "2033-01-01T00:00:00"),
        ("price", "0e999999999999999999"),
        ("price", "NaN"),
        ("notes", "[1]"),
        ("notes", 5),
    ],
)
def test_a_schema_rejects_what_a_column_cannot_hold(column: str, value: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        ParcelCreate.model_validate({column: value})

    assert [error["loc"][0] for error in raised.value.errors()][:1] == [column]


@pytest.mark.parametrize(
    ("column", "most", "more"),
    [
        ("text", "\U0001f4ce" * 10_000, "a" * 10_001),
        ("notes", ["a" * 65_534], ["a" * 65_535]),
        ("notes", {"a": [1] * 65_532}, {"a": [1] * 65_533}),
        ("scan", "AAAA" * 21_846, "AAAA" * 21_847),
    ],
)
def test_a_client_writes_no_value_of_any_length(column: str, most: Any, more: Any) -> None:
    ParcelCreate.model_validate({column: most})

    with pytest.raises(ValidationError):
        ParcelCreate.model_validate({column: more})


def test_a_validator_allows_longer_texts() -> None:
    longer = TypeAdapter(input_type(fields.TextField(validators=[MaxLengthValidator(20_000)])))

    assert longer.validate_python("a" * 20_000)
    with pytest.raises(ValidationError):
        longer.validate_python("a" * 20_001)


def test_a_key_that_the_program_chooses_has_the_range_of_its_column() -> None:
    assert ParcelCreate.model_validate({"by_number_id": -(2**31)}).model_fields_set == {"by_number_id"}


def test_the_elements_of_an_array_have_the_limits_of_their_type() -> None:
    limited = {"INT": 2**31, "varchar(3)": "abcd", "numeric(3, 1)": "100", "timestamptz": "2033-01-01", "bytea": "a"}
    for kind, value in limited.items():
        sent = TypeAdapter(input_type(ArrayField(element_type=kind)))
        with pytest.raises(ValidationError):
            sent.validate_python([value])

    assert TypeAdapter(input_type(ArrayField(element_type="point"))).validate_python(["(1,2)"]) == ["(1,2)"]
    data = TypeAdapter(output_type(ArrayField(element_type="bytea", null=True)))
    assert data.dump_json(data.validate_python([b"\xff"])) == b'["/w=="]'


@pytest.mark.parametrize(
    ("column", "number", "value", "in_query"),
    [
        (fields.DatetimeField(), 20_000_000_000, datetime(2603, 10, 11, 11, 33, 20, tzinfo=UTC), True),
        (fields.DatetimeField(), 20_000_000_001, datetime(1970, 8, 20, 11, 33, 20, 1000, tzinfo=UTC), True),
        (fields.DateField(), 86_400, date(1970, 1, 2), True),
        (fields.DateField(), 86_401, None, True),
        (fields.TimeField(), 3_600, time(1, tzinfo=UTC), False),
        (fields.TimeDeltaField(), 3_600, timedelta(hours=1), False),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, fields.Field) else str(each),
)
def test_a_number_is_a_time_as_the_page_of_errors_says(column: Any, number: int, value: Any, *, in_query: bool) -> None:
    sent: TypeAdapter[Any] = TypeAdapter(input_type(column))

    for form, accepted in ((number, value is not None), (str(number), value is not None and in_query)):
        if accepted:
            assert sent.validate_python(form) == value
        else:
            with pytest.raises(ValidationError):
                sent.validate_python(form)
