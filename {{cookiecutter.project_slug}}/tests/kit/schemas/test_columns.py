"""Hostile values for a column of every type, created, changed and as a filter: the same on both databases, never a 5xx."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from contextvars import copy_context
from enum import IntEnum, StrEnum
from math import inf, nan
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Query, Response
from httpx import ASGITransport, AsyncClient
from pydantic import create_model
from tortoise import Tortoise, fields
from tortoise.models import Model

from tests.kit.library import library
from tortoise_kit.db.errors import ConstraintViolation
from tortoise_kit.development.testing import new_postgres_database
from tortoise_kit.http.problems import install_problems
from tortoise_kit.models.columns import NumericField, UTCDatetimeField
from tortoise_kit.pagination.routes import PageRequest, install_paging, item_response, paging
from tortoise_kit.problems.errors import Unprocessable
from tortoise_kit.schemas.columns import column_type
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


copy_context().run(Tortoise.init_models, [__name__], "library")  # so that schemas see the relations
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


FILTERS: dict[str, Any] = {
    name: (Annotated[Any, column_type(Parcel, name)], None) for name in COLUMNS if name not in NOT_FILTERED
}
ParcelFilters = create_model("ParcelFilters", **FILTERS)


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


async def outcomes(client: AsyncClient, column: str) -> AsyncGenerator[tuple[str, int, Any]]:
    """What each value leads to: of creating and then changing a row, and of a filter."""
    other = (await client.post("/parcels", content="{}", headers=JSON)).json()["id"]
    for value in [*TEXTS, *NUMBERS, *NESTED, None]:
        body = json.dumps({column: value})
        for method, path in (("POST", "/parcels"), ("PATCH", f"/parcels/{other}")):
            response = await client.request(method, path, content=body, headers=JSON)
            shown = response.json()
            yield f"{method} {body[:60]}", response.status_code, shown.get(column, shown.get("errors"))
        if column not in NOT_FILTERED and not isinstance(value, dict | list | None):
            text = value if isinstance(value, str) else json.dumps(value)
            query = {column: text.encode("utf-8", "surrogatepass")}
            response = await client.get("/parcels", params=query)
            shown = response.json()
            found = [each.get(column) for each in shown.get("items", [])]
            yield f"GET {column}={text[:60]!r}", response.status_code, found or shown.get("errors")


JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def serving(url: str) -> AsyncGenerator[AsyncClient]:
    async with (
        library(url, more=(__name__,)),
        AsyncClient(transport=ASGITransport(service(), raise_app_exceptions=False), base_url="http://test") as client,
    ):
        await Depot.create(id=1, number=7, code="DEPOT")
        yield client


async def observed(url: str) -> dict[str, list[tuple[str, int, Any]]]:
    async with serving(url) as client:
        return {column: [each async for each in outcomes(client, column)] for column in COLUMNS}


def statuses(of: dict[str, list[tuple[str, int, Any]]]) -> Iterator[tuple[str, int]]:
    for column in of.values():
        yield from ((call, status) for call, status, _ in column)


@pytest.mark.only("postgres")
async def test_every_value_has_the_same_outcome_on_both_databases_and_never_a_server_error(
    postgres_server: str, database: str, tmp_path: Path
) -> None:
    on_sqlite = await observed(f"sqlite://{tmp_path / 'parcels.db'}")
    async with new_postgres_database(postgres_server) as url:
        on_postgres = await observed(url)

    assert [each for each in statuses(on_sqlite) if each[1] not in {200, 201, 422}] == []
    assert [each for each in statuses(on_postgres) if each[1] not in {200, 201, 422}] == []
    for column in COLUMNS:
        pairs = zip(on_sqlite[column], on_postgres[column], strict=True)
        assert [(one, other) for one, other in pairs if one != other] == []
