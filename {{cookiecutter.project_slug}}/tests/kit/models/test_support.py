"""What belongs to one database is rejected by name when models are loaded, and filters find the same rows on both."""

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tortoise import fields
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.contrib.mysql.indexes import FullTextIndex
from tortoise.contrib.postgres.fields import ArrayField, TSVectorField
from tortoise.contrib.postgres.indexes import BrinIndex, HashIndex
from tortoise.exceptions import ConfigurationError
from tortoise.indexes import Index as PlainIndex
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from tortoise_kit.development.testing import models_config
from tortoise_kit.models import Index, NoOverlap, check_models

MODULE = "supported_models"


def paper(meta: dict[str, Any] | None = None, **columns: Any) -> dict[str, Any]:
    """The fields of one model."""
    return {
        "id": fields.IntField(primary_key=True),
        **columns,
        "Meta": type("Meta", (), {"table": "papers", **(meta or {})}),
    }


@asynccontextmanager
async def loaded(patch: pytest.MonkeyPatch, url: str, **models: dict[str, Any]) -> AsyncGenerator[TortoiseContext]:
    EXECUTOR_CACHE.clear()  # Tortoise keeps SQL per connection name, whatever the database behind it
    module = ModuleType(MODULE)
    for name, attributes in models.items():
        setattr(module, name, type(name, (Model,), {**attributes, "__module__": MODULE}))
    patch.setitem(sys.modules, MODULE, module)
    async with TortoiseContext() as context:
        await context.init(models_config(url, MODULE))
        yield context


class OwnIndex(PlainIndex):
    def get_sql(self, schema_generator: Any, model: type[Model], safe: bool) -> str:  # noqa: FBT001 - Tortoise's
        return f"{super().get_sql(schema_generator, model, safe)} TABLESPACE fast"


REJECTED: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "an array": (
        lambda: paper(tags=ArrayField("text")),
        r"models\.Paper\.tags is a ArrayField, which SQLite does not have",
    ),
    "a text vector": (lambda: paper(words=TSVectorField()), r"models\.Paper\.words is a TSVectorField, which SQLite"),
    "a schema": (
        lambda: paper({"schema": "sales"}),
        r"models\.Paper\.Meta\.schema is 'sales', which SQLite does not have",
    ),
    "decimals of more digits than a double has": (
        lambda: paper({}, total=fields.DecimalField(max_digits=16, decimal_places=2)),
        r"models\.Paper\.total has 16 digits, of which SQLite compares and computes 15: use fewer, or an integer",
    ),
    "ranges of timestamps with offsets": (
        lambda: paper(
            {"constraints": (NoOverlap("a", "b", name="n"),)}, a=fields.DatetimeField(), b=fields.DatetimeField()
        ),
        r"models\.Paper\.a is a DatetimeField, which SQLite does not compare rightly: use UTCDatetimeField",
    ),
}
REJECTED_ON_BOTH: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "a missing field": (
        lambda: paper({"constraints": (UniqueConstraint(fields=("nothing",)),)}),
        r"models\.Paper: the table papers has no field 'nothing'; there are: id",
    ),
    "a name that Postgres would cut": (
        lambda: paper({"constraints": (CheckConstraint(check="1 = 1", name="n" * 64),)}),
        r"models\.Paper: the name 'n{64}' is longer than the 63 bytes that Postgres keeps",
    ),
    "two things of one name": (
        lambda: paper({"indexes": (Index(fields=("id",), name="i"), Index(fields=("-id",), name="i"))}),
        r"models\.Paper: 'i' stands for two indexes or constraints of papers: name one otherwise",
    ),
    "an index type of another database": (
        lambda: paper({"indexes": (FullTextIndex(fields=("id",)),)}),
        r"models\.Paper: an index of papers is of the type FULLTEXT; Postgres has BTREE, HASH",
    ),
    "an index that writes its SQL": (
        lambda: paper({"indexes": (OwnIndex(fields=("id",)),)}),
        r"models\.Paper: OwnIndex has its own get_sql\(\): use Index of tortoise_kit\.models, or a migration",
    ),
    "what is no constraint": (
        lambda: paper({"constraints": ("id",)}),
        r"models\.Paper: 'id' is no constraint: use those of tortoise_kit\.models",
    ),
    "ranges of two types": (
        lambda: paper({"constraints": (NoOverlap("id", "b", name="n"),)}, b=fields.BigIntField()),
        r"models\.Paper: n needs two columns of one type: id is INT, b is BIGINT",
    ),
    "ranges of text": (
        lambda: paper({"constraints": (NoOverlap("a", "b", name="n"),)}, a=fields.TextField(), b=fields.TextField()),
        r"papers\.a is TEXT, which has no ranges; these have: TIMESTAMPTZ",
    ),
}


@pytest.mark.parametrize("case", [*REJECTED, *REJECTED_ON_BOTH])
async def test_a_model_that_a_database_cannot_have_is_rejected_by_name(
    case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make, message = (REJECTED | REJECTED_ON_BOTH)[case]
    async with loaded(monkeypatch, f"sqlite://{tmp_path / 'x.db'}", Paper=make()) as context:
        assert context.apps
        models = [context.get_model("models", "Paper")]

        with pytest.raises(ConfigurationError, match=message):
            check_models(models, ("sqlite", "postgres"))
        if case in REJECTED:
            check_models(models, ("postgres",))


async def test_a_key_to_a_model_whose_key_is_a_one_to_one_relation_is_rejected_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cover: dict[str, Any] = {"paper": fields.OneToOneField("models.Paper", primary_key=True)}
    sticker: dict[str, Any] = {"id": fields.IntField(primary_key=True), "cover": fields.ForeignKeyField("models.Cover")}
    async with loaded(
        monkeypatch, f"sqlite://{tmp_path / 'x.db'}", Paper=paper(), Cover=cover, Sticker=sticker
    ) as context:
        model = context.get_model("models", "Sticker")

        with pytest.raises(ConfigurationError, match=r"models\.Sticker\.cover refers to models\.Cover, whose key is a"):
            check_models([model], ("postgres",))


async def test_indexes_of_postgres_are_left_out_on_sqlite(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    indexes = (BrinIndex(fields=["id"], name="brin"), HashIndex(fields=["id"], name="hash"))
    async with loaded(monkeypatch, empty_database_url, Paper=paper({"indexes": indexes})) as context:
        check_models([context.get_model("models", "Paper")], ("sqlite", "postgres"))

        await context.generate_schemas()


PAYLOADS = [{"a": 1, "b": [1, 2]}, {"a": 1}, {"a": 1.0}, {"a": True}, [1], [], None]


@pytest.mark.parametrize(
    ("lookup", "value", "found"),
    [
        ("contains", {"a": 1}, [0, 1, 2]),
        ("contains", {"b": [2]}, [0]),
        ("contains", [], [4, 5]),
        ("contained_by", {"a": 1, "b": [1, 2, 3]}, [0, 1, 2]),
        ("contained_by", [1, 2], [4, 5]),
    ],
)
async def test_json_filters_of_tortoise_find_the_same_rows_on_both_databases(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str, lookup: str, value: Any, found: list[int]
) -> None:
    async with loaded(monkeypatch, empty_database_url, Paper=paper(payload=fields.JSONField(null=True))) as context:
        await context.generate_schemas()
        model = context.get_model("models", "Paper")
        for number, payload in enumerate(PAYLOADS):
            await model.create(id=number, payload=payload)

        rows = await model.filter(**{f"payload__{lookup}": value}).order_by("id").values("id")

        assert [row["id"] for row in rows] == found


@pytest.mark.only("sqlite")
async def test_a_filter_that_only_postgres_has_names_the_one_that_both_have(
    monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> None:
    async with loaded(monkeypatch, empty_database_url, Paper=paper(payload=fields.JSONField())) as context:
        with pytest.raises(ConfigurationError, match=r"payload\W?__filter of a is only on Postgres: use __contains"):
            await context.get_model("models", "Paper").filter(payload__filter={"a": 1})
