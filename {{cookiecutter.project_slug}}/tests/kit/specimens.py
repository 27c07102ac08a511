"""Rows with every type of sort key, random orders, and an oracle for the order of the rows.

The oracle sorts in Python, places NULLs by hand, and uses neither SQL nor the pager.
"""

import locale
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from tortoise import fields
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tortoise_kit.bulk.write import insert_many
from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.development.testing import COLLATION, POOLER, through_pooler
from tortoise_kit.models.attempts import AttemptCount
from tortoise_kit.models.columns import NumericField, UTCDatetimeField
from tortoise_kit.models.wiring import prepare_models, wire_models


class Grade(StrEnum):
    FINE = "fine"
    POOR = "poor"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Keeper(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20)
    since = UTCDatetimeField(null=True)

    class Meta:
        table = "kit_keepers"


class Specimen(Model):
    id = fields.BigIntField(primary_key=True)
    rank = fields.IntField()
    score = fields.SmallIntField(null=True)
    big = fields.BigIntField()
    weight = fields.FloatField(null=True)
    price = NumericField(max_digits=15, decimal_places=2, null=True)
    length = fields.DecimalField(max_digits=20, decimal_places=3)
    found_at = UTCDatetimeField()
    seen_at = UTCDatetimeField(null=True)
    day = fields.DateField(null=True)
    code = fields.UUIDField(null=True)
    flag = fields.BooleanField(null=True)
    grade = fields.CharEnumField(Grade, max_length=10)
    level = fields.IntEnumField(Level, null=True)
    name = fields.CharField(max_length=40, null=True)
    span = fields.TimeDeltaField(null=True)
    notes = fields.JSONField[dict[str, Any]](default=dict)
    story = fields.TextField(default="")
    blob = fields.BinaryField(default=b"")
    huge = fields.DecimalField(max_digits=30, decimal_places=2, default=0)
    long = fields.CharField(max_length=256, default="")
    keeper: fields.ForeignKeyNullableRelation[Keeper] = fields.ForeignKeyField(
        "specimens.Keeper", related_name="specimens", null=True
    )
    keeper_id: int | None
    marks: fields.ReverseRelation["Mark"]

    class Meta:
        table = "kit_specimens"


class Mark(Model):
    id = fields.IntField(primary_key=True)
    specimen: fields.ForeignKeyRelation[Specimen] = fields.ForeignKeyField("specimens.Specimen", related_name="marks")
    specimen_id: int
    points = fields.IntField(null=True)
    cost = NumericField(max_digits=10, decimal_places=2, default=Decimal("0.10"))

    class Meta:
        table = "kit_marks"


class Token(Model):
    code = fields.UUIDField(primary_key=True)
    rank = fields.IntField()

    class Meta:
        table = "kit_tokens"


class Tries(AttemptCount):
    class Meta:
        table = "kit_tries"


wire_models([__name__], "specimens")  # so that schemas see the relations


@asynccontextmanager
async def specimens(url: str) -> AsyncGenerator[TortoiseContext]:
    """Create the tables on an empty database; enter the context, `with context:`, in the task that uses them."""
    EXECUTOR_CACHE.clear()
    pool = PoolSettings(pooler=POOLER)
    entry = connection(through_pooler(url) if pool.pooler else url, pool=pool, application_name="specimens")
    context = TortoiseContext()
    with context:  # not for the whole run: other tests use the service's
        await context.init(
            config={
                "connections": {"specimens": entry},
                "apps": {"specimens": {"models": [__name__], "default_connection": "specimens"}},
                "use_tz": True,
                "timezone": "UTC",
            }
        )
        prepare_models(context.apps["specimens"].values() if context.apps else ())
        await context.generate_schemas()
    try:
        yield context
    finally:
        with context:
            await context.close_connections()
        EXECUTOR_CACHE.clear()


# --- values for property tests: few for each column, so that ties are common, and the extremes of each type

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)
INSTANTS = [
    NOON,
    NOON + timedelta(microseconds=1),
    NOON + timedelta(microseconds=999),
    (NOON - timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=14))),
    (NOON + timedelta(hours=1)).astimezone(timezone(timedelta(hours=-11, minutes=-30))),
]
KEEPERS = {1: ("Ada", None), 2: ("Bea", NOON), 3: ("Ada", INSTANTS[1])}
VALUES: dict[str, list[Any]] = {
    "rank": [-1, 0, 7],
    "score": [None, 1, 2],
    "big": [2**53, 2**53 + 1, -(2**62)],
    "weight": [None, 0.0, -0.0, 0.1 + 0.2, 0.3, float("inf"), float("-inf"), 5e-324],
    "price": [None, Decimal("0.10"), Decimal("9.90"), Decimal("10.00"), Decimal("-9999999999999.99")],
    "length": [Decimal("0.100"), Decimal("9.000"), Decimal("10.000"), Decimal("-0.001")],
    "found_at": INSTANTS,
    "seen_at": [None, *INSTANTS],
    "day": [None, date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)],
    "code": [None, UUID(int=0), UUID(int=2**127), UUID(int=2**128 - 1)],
    "flag": [None, False, True],
    "grade": list(Grade),
    "level": [None, *Level],
    "name": [None, "", "a", "B", "é", "ﬀ", "𝄞", "a'\"|,\\", "\x01\n"],
    "span": [None, timedelta(0), timedelta(microseconds=-1), timedelta(days=-1, microseconds=1), timedelta(days=9)],
    "keeper_id": [None, *KEEPERS],
}
RELATED = ("keeper__name", "keeper__since")
NULLABLE = {name for name, values in VALUES.items() if None in values} | set(RELATED)

type Row = dict[str, Any]

rows = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


@st.composite
def orders(draw: st.DrawFn) -> list[str]:
    """Up to three items, as `paginate` takes them."""
    names = draw(st.lists(st.sampled_from([*VALUES, *RELATED, "id", "pk"]), max_size=3, unique=True))
    if "id" in names and "pk" in names:
        names.remove("pk")
    return [draw(st.sampled_from(["", "-"])) + name + draw(st.sampled_from(["", *_NULLS])) for name in names]


_NULLS = (" nulls first", " nulls last")


def specimen(number: int, **values: Any) -> Row:
    """A row with values for all columns, which depend on the number."""
    return {
        "id": number,
        **{name: choices[number % len(choices)] for name, choices in VALUES.items()},
        **values,
    }


async def store(rows: Iterable[Row]) -> None:
    """Insert rows, each with its `id`."""
    await insert_many([Specimen(**row) for row in rows])


# --- the oracle


@dataclass(frozen=True)
class Item:
    """One item of an order, parsed without the pager."""

    name: str
    descending: bool
    nulls_first: bool


def items(order_by: Sequence[str]) -> list[Item]:
    """The items of an order, with the primary key last."""
    read = []
    for text in order_by:
        words = text.split()
        descending = words[0].startswith("-")
        nulls_first = words[2] == "first" if len(words) == 3 else descending
        read.append(Item(words[0].removeprefix("-").replace("pk", "id"), descending, nulls_first))
    return [*read, Item("id", read[-1].descending if read else False, nulls_first=False)]


def in_order(rows: Iterable[Row], order_by: Sequence[str]) -> list[Row]:
    """The rows in order, by stable sorts from the last item to the first."""
    found = list(rows)
    for item in reversed(items(order_by)):
        nulls = [row for row in found if value(row, item.name) is None]
        others = [row for row in found if value(row, item.name) is not None]
        others.sort(key=lambda row, name=item.name: sorted_as(value(row, name)), reverse=item.descending)  # type: ignore[misc]
        found = nulls + others if item.nulls_first else others + nulls
    return found


def sorted_as(found: Any) -> Any:
    """What the value sorts by: for text the locale of the run's databases, then the code points."""
    if COLLATION == "C" or not isinstance(found, str):
        return found
    locale.setlocale(locale.LC_COLLATE, COLLATION)
    return locale.strxfrm(found), found


def value(row: Row, name: str) -> Any:
    """The value of a row's own column, or of its keeper's."""
    if name not in RELATED:
        return row[name]
    if row["keeper_id"] is None:
        return None
    return KEEPERS[row["keeper_id"]][RELATED.index(name)]
