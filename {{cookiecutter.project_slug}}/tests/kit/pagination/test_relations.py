"""Relations in responses: by any unique column, at any depth, equal however the rows are read."""

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from tortoise import fields
from tortoise.exceptions import ConfigurationError
from tortoise.manager import Manager
from tortoise.models import Model
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from tests.kit.library import library
from tortoise_kit.bulk.write import insert_many
from tortoise_kit.models.wiring import wire_models
from tortoise_kit.pagination.bodies import item_body, page_body
from tortoise_kit.pagination.json_rows import json_sql
from tortoise_kit.schemas.models import ReadSchema, plucked
from tortoise_kit.schemas.relations import DEPTH_MAX, check_schemas, relation_tree
from tortoise_kit.sql.budgets import query_budget
from tortoise_kit.sql.recording import recorded_queries

SECRETS = [b"s" * 32]


class Shop(Model):
    id = fields.IntField(primary_key=True)
    number = fields.IntField(unique=True, null=True)
    code = fields.CharField(max_length=10, unique=True)
    sales: fields.ReverseRelation["Sale"]

    class Meta:
        table = "kit_shops"


class Sale(Model):
    id = fields.IntField(primary_key=True)
    shop: fields.ForeignKeyNullableRelation[Shop] = fields.ForeignKeyField(
        "library.Shop", related_name="sales", to_field="number", null=True, db_constraint=False
    )
    shop_id: int | None
    by_code: fields.ForeignKeyNullableRelation[Shop] = fields.ForeignKeyField(
        "library.Shop", related_name="sales_by_code", to_field="code", null=True, db_constraint=False
    )
    by_code_id: str | None
    lines: fields.ReverseRelation["Line"]

    class Meta:
        table = "kit_sales"


class Line(Model):
    id = fields.IntField(primary_key=True)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("library.Sale", related_name="lines")
    item = fields.CharField(max_length=10)
    rank = fields.IntField(null=True)

    class Meta:
        table = "kit_lines"
        ordering = ("-rank",)


class OpenStalls(Manager):
    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(open=True)


class Stall(Model):
    id = fields.IntField(primary_key=True)
    shop: fields.ForeignKeyRelation[Shop] = fields.ForeignKeyField("library.Shop", related_name="stalls")
    open = fields.BooleanField(default=True)

    class Meta:
        table = "kit_stalls"
        manager = OpenStalls()


class Folded(fields.CharField[str]):
    def to_python_value(self, value: Any) -> Any:
        return value and value.casefold()


class Note(Model):
    id = fields.IntField(primary_key=True)
    text = Folded(max_length=20)
    facts = fields.JSONField[Any](default=dict)
    at = fields.DatetimeField(null=True)
    on = fields.DateField(null=True)

    class Meta:
        table = "kit_notes"


wire_models(["tests.kit.library", __name__], "library")  # so that schemas see relations


class ShopRead(ReadSchema, model=Shop):
    """A shop."""


class LineRead(ReadSchema, model=Line, exclude=("sale_id", "id")):
    """A line of a sale."""


class SaleRead(ReadSchema, model=Sale):
    """A sale with both shops and its lines."""

    shop: ShopRead | None
    by_code: ShopRead | None
    lines: list[LineRead]


class ShopWithSales(ReadSchema, model=Shop):
    """A shop with its sales, and theirs."""

    sales: list[SaleRead]
    sales_by_code: list[SaleRead]


class LineWithShops(ReadSchema, model=Line):
    """Four relations deep."""

    class Sales(ReadSchema, model=Sale):
        """A sale, with its shop's sales."""

        shop: ShopWithSales | None

    sale: Sales


SHOPS: list[dict[str, Any]] = [
    {"id": 1, "number": 2, "code": "one"},
    {"id": 2, "number": 1, "code": "two"},
    {"id": 3, "number": None, "code": "three"},
]
SALES: list[dict[str, Any]] = [
    {"id": 1, "shop_id": 1, "by_code_id": "one"},
    {"id": 2, "shop_id": 2, "by_code_id": None},
    {"id": 3, "shop_id": None, "by_code_id": "nothing"},
    {"id": 4, "shop_id": 99, "by_code_id": "two"},
]
LINES: list[dict[str, Any]] = [
    {"id": 1, "sale_id": 1, "item": "b", "rank": 1},
    {"id": 2, "sale_id": 1, "item": "a", "rank": None},
    {"id": 3, "sale_id": 1, "item": "c", "rank": 1},
    {"id": 4, "sale_id": 4, "item": "d", "rank": 7},
]


def sale(number: int) -> dict[str, Any]:
    """A sale as it is to be shown."""
    found = SALES[number - 1]
    by_number = {shop["number"]: shop for shop in SHOPS if shop["number"]}
    by_code = {shop["code"]: shop for shop in SHOPS}
    lines = [line for line in LINES if line["sale_id"] == number]
    lines.sort(key=lambda line: (line["rank"] is not None, -(line["rank"] or 0), line["id"]))
    return {
        **found,
        "shop": by_number.get(found["shop_id"]),
        "by_code": by_code.get(found["by_code_id"]),
        "lines": [{"item": line["item"], "rank": line["rank"]} for line in lines],
    }


async def store() -> None:
    await insert_many([Shop(**row) for row in SHOPS])
    await insert_many([Sale(**row) for row in SALES])
    await insert_many([Line(**row) for row in LINES])


async def items(rows: QuerySet[Any], schema: Any) -> list[Any]:
    page = await page_body(rows, schema, order_by=["id"], limit=100, cursor=None, scope="", secrets=SECRETS)
    found: list[Any] = json.loads(page.content)["items"]
    return found


async def test_a_relation_by_another_unique_column_is_that_row_or_null(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store()

        assert await items(Sale.all(), SaleRead) == [sale(number) for number in (1, 2, 3, 4)]
        shown = await items(Shop.all(), ShopWithSales)
        assert [shop["sales"] for shop in shown] == [[sale(2)], [sale(1)], []]
        assert [shop["sales_by_code"] for shop in shown] == [[sale(1)], [sale(4)], []]


@pytest.mark.only("postgres")
async def test_postgres_reads_relations_at_any_depth_in_one_statement(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store()

        with query_budget(1):
            [*_, last] = await items(Line.all(), LineWithShops)
        assert last["sale"]["shop"] is None


async def test_relations_at_any_depth_are_prefetched_by_one_statement_each(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store()
        written = await items(Line.all(), LineWithShops)

        monkeypatch.setattr("tortoise_kit.pagination.bodies.json_sql", lambda _: None)
        with recorded_queries() as log:
            assert await items(Line.all(), LineWithShops) == written
        assert (
            len(log.queries) == 1 + 1 + 1 + 2 + 2 * 3
        )  # lines, their sales, the shops, two lists of sales, and what each shows
        assert written[0]["sale"]["shop"]["sales"] == [sale(1)]


async def test_the_callers_own_prefetches_stay(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await store()
        few = Line.filter(item__in=["a", "b"]).order_by("item")

        named = await items(Sale.all().prefetch_related("lines__sale", "shop"), SaleRead)
        assert named == [sale(number) for number in (1, 2, 3, 4)]
        chosen = await items(Sale.all().prefetch_related(Prefetch("lines", few)), SaleRead)
        assert [line["item"] for line in chosen[0]["lines"]] == ["a", "b"]
        below = Sale.all().prefetch_related("lines")
        shown = await items(Shop.all().prefetch_related(Prefetch("sales__lines", few)), ShopWithSales)
        assert [line["item"] for line in shown[1]["sales"][0]["lines"]] == ["a", "b"]
        assert (await items(Shop.all().prefetch_related(Prefetch("sales", below)), ShopWithSales))[1]["sales"] == [
            sale(1)
        ]
        body = await item_body(Sale.filter(id=1).prefetch_related(Prefetch("lines", few)), SaleRead)
        assert [line["item"] for line in json.loads(body or b"")["lines"]] == ["a", "b"]


async def test_related_rows_are_those_of_their_manager(empty_database_url: str) -> None:
    class StallRead(ReadSchema, model=Stall):
        """A stall."""

    class ShopWithStalls(ReadSchema, model=Shop):
        """A shop with its stalls."""

        stalls: list[StallRead]

    async with library(empty_database_url, more=(__name__,)):
        await store()
        await insert_many([Stall(shop_id=1, open=at == 1) for at in range(3)])

        [first, *_] = await items(Shop.all(), ShopWithStalls)
        assert [stall["id"] for stall in first["stalls"]] == [2]


async def test_a_column_of_related_rows_is_sorted_with_null_last(empty_database_url: str) -> None:
    class SaleWithRanks(ReadSchema, model=Sale):
        """A sale with the ranks of its lines."""

        lines: Annotated[list[int | None], plucked("rank")]

    async with library(empty_database_url, more=(__name__,)):
        await store()

        assert [each["lines"] for each in await items(Sale.all(), SaleWithRanks)] == [[1, 1, None], [], [], [7]]


async def test_a_foreign_key_without_a_row_keeps_its_value(empty_database_url: str) -> None:
    """Tortoise 1.1.9 sets the key itself to None."""
    async with library(empty_database_url, more=(__name__,)):
        await store()

        found = await Sale.all().order_by("id").prefetch_related("shop", "by_code")
        assert [row.shop_id for row in found] == [1, 2, None, 99]
        assert [row.shop and row.shop.id for row in found] == [2, 1, None, None]


# --- what Postgres cannot write as Pydantic does


class Upper(ReadSchema, model=Shop):
    """A column with its own validator."""

    code: Annotated[str, StringConstraints(to_upper=True)]


class Validated(ReadSchema, model=Shop):
    """A method that validates."""

    @field_validator("code", check_fields=False)
    @classmethod
    def shout(cls, code: str) -> str:
        return code.upper()


class Checked(ReadSchema, model=Shop):
    """A method that validates the whole."""

    code: str

    @model_validator(mode="after")
    def shout(self) -> "Checked":
        self.code = self.code.upper()
        return self


class Stripped(ReadSchema, model=Shop):
    """A configuration that changes values."""

    model_config = ConfigDict(str_to_upper=True)


class Hidden(ReadSchema, model=Shop):
    """A member that is never shown."""

    code: str = Field(exclude=True)


class Aliased(ReadSchema, model=Shop):
    """A member that shows another attribute."""

    id: int = Field(validation_alias="number", serialization_alias="id")
    number: int | None


class Finished(ReadSchema, model=Shop):
    """Code that runs last."""

    code: str

    def model_post_init(self, _: Any) -> None:
        self.code = self.code.upper()


class AsText(ReadSchema, model=Shop):
    """A column of related rows as another type."""

    sales: Annotated[list[float], plucked("id")]


class Pair(BaseModel):
    """Part of a JSON column."""

    model_config = ConfigDict(extra="ignore")

    size: int = 3


class NoteText(ReadSchema, model=Note, exclude=("facts",)):
    """A column with its own conversion."""


class NoteFacts(ReadSchema, model=Note, exclude=("text",)):
    """JSON as a schema."""

    facts: Pair


async def test_a_schema_that_runs_code_is_read_by_it(empty_database_url: str) -> None:
    schemas: list[Any] = [Upper, Validated, Checked, Stripped, Hidden, Aliased, Finished, AsText]
    async with library(empty_database_url, more=(__name__,)):
        await store()
        [row] = await Shop.filter(id=2).prefetch_related("sales")

        for schema in schemas:
            shown = await items(Shop.filter(id=2), schema)
            assert json_sql(schema) is None, schema
            assert shown == [json.loads(schema.model_validate(row).model_dump_json(by_alias=True))]


async def test_a_column_that_converts_is_read_by_it(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Note.create(text="", facts={"size": 4, "secret": True})
        await Note._meta.db.execute_query("UPDATE kit_notes SET text = 'LOUD'")

        assert await items(Note.all(), NoteText) == [{"id": 1, "text": "loud", "at": None, "on": None}]
        assert await items(Note.all(), NoteFacts) == [{"id": 1, "facts": {"size": 4}, "at": None, "on": None}]


# --- relations without an end


class Endless(ReadSchema, model=Sale):
    """A sale with its shop, with its sales."""

    shop: "EndlessShop | None"


class EndlessShop(ReadSchema, model=Shop):
    """A shop with its sales."""

    sales: list[Endless]


Endless.model_rebuild()


class AListAsOne(ReadSchema, model=Shop):
    """Sales as one sale."""

    sales: SaleRead


class OneAsAList(ReadSchema, model=Sale):
    """A shop as a list."""

    shop: list[ShopRead]


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        (Endless, r"Endless\.shop\.sales shows Endless within itself"),
        (AListAsOne, r"AListAsOne\.sales is a list of rows: annotate it with list\[SaleRead\]"),
        (OneAsAList, r"OneAsAList\.shop is at most one row"),
    ],
)
def test_relations_that_cannot_be_read_are_rejected_by_name(schema: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        relation_tree(schema)
    with pytest.raises(ConfigurationError, match=complaint):
        check_schemas(list[schema] | None)


def test_the_limit_of_depth_is_reported_with_its_path() -> None:
    schema: Any = ShopRead
    for level in range(DEPTH_MAX + 1):
        model, name = ((Sale, "shop"), (Shop, "sales"))[level % 2]
        kind = schema | None if model is Sale else list[schema]
        metaclass: Any = type(ReadSchema)
        body = {"__annotations__": {name: kind}, "__module__": __name__}
        schema = metaclass(f"Level{level}", (ReadSchema,), body, model=model)
        if level < DEPTH_MAX:
            assert relation_tree(schema)

    with pytest.raises(ConfigurationError, match=rf"Level8\.shop.* is more than {DEPTH_MAX} relations deep"):
        relation_tree(schema)
