"""What the service computes is held to its column, however it is written: the same on both databases."""

import random
from collections.abc import Awaitable, Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from tortoise import fields
from tortoise.exceptions import OperationalError, ValidationError
from tortoise.expressions import Case, F, When
from tortoise.models import Model

from tests.kit.library import library
from tortoise_kit.bulk.copy import copy_many
from tortoise_kit.bulk.write import insert_many, update_many, upsert_many
from tortoise_kit.db.transactions import transaction
from tortoise_kit.models.columns import NumericField
from tortoise_kit.schemas.conversion import OutOfRange
from tortoise_kit.schemas.limits import hold_to_columns


class Account(Model):
    id = fields.IntField(primary_key=True)
    small = fields.SmallIntField(default=0)
    number = fields.IntField(default=0, source_field="count")
    big = fields.BigIntField(default=0)
    price = NumericField(max_digits=6, decimal_places=2, default=0)
    rate = fields.DecimalField(max_digits=20, decimal_places=3, default=0)
    name = fields.CharField(max_length=5, default="")
    text = fields.TextField(default="")
    takes = fields.TimeDeltaField(null=True)
    weight = fields.FloatField(default=0.0)

    class Meta:
        table = "kit_accounts"


async def create(values: dict[str, Any]) -> None:
    await Account.create(**values)


async def save(values: dict[str, Any]) -> None:
    account = await Account.create()
    await account.update_from_dict(values).save()


async def update(values: dict[str, Any]) -> None:
    await Account.create()
    await Account.all().update(**values)


async def get_or_create(values: dict[str, Any]) -> None:
    await Account.get_or_create(defaults=values, id=1)


async def bulk_create(values: dict[str, Any]) -> None:
    await Account.bulk_create([Account(**values)])


async def insert(values: dict[str, Any]) -> None:
    await insert_many([Account(**values)])


async def upsert(values: dict[str, Any]) -> None:
    account = await Account.create()
    await upsert_many(Account, [{"id": account.id, **values}], conflict=("id",))


async def update_all(values: dict[str, Any]) -> None:
    account = await Account.create()
    await update_many([account.update_from_dict(values)], tuple(values))


async def copy(values: dict[str, Any]) -> None:
    whole = {"small": 0, "number": 0, "big": 0, "price": 0, "rate": 0, "name": "", "text": "", "weight": 0.0, **values}
    await copy_many(Account, tuple(whole), [tuple(whole.values())])


type Way = Callable[[dict[str, Any]], Awaitable[None]]
WAYS: list[Way] = [create, save, update, get_or_create, bulk_create, insert, upsert, update_all, copy]

TOO_LARGE: list[tuple[str, Any]] = [
    ("small", 2**15),
    ("number", -(2**31) - 1),
    ("big", 2**63),
    ("price", Decimal("9999.995")),
    ("price", Decimal("-1e400")),
    ("price", Decimal("NaN")),
    ("rate", Decimal("1e17")),
    ("rate", Decimal("Infinity")),
    ("name", "x" * 6),
    ("name", "\0"),
    ("text", "\ud800"),
    ("weight", float("nan")),
]


@pytest.mark.parametrize("way", WAYS)
async def test_a_value_that_its_column_cannot_hold_is_refused_by_name(empty_database_url: str, way: Way) -> None:
    async with library(empty_database_url, more=(__name__,)):
        for field, value in TOO_LARGE:
            with pytest.raises(ValidationError, match=f"^{field}: "):
                await way({field: value})

        assert {(each.number, each.price, each.name) for each in await Account.all()} <= {(0, Decimal(0), "")}


randomly = random.Random(7)  # noqa: S311 -- for values of tests
DECIMALS = [Decimal(text) for text in ("0.125", "-0.125", "1.005", "-0.001", "0.0005", "9999.994", "0", "-0", "1E+2")]
DECIMALS += [Decimal(randomly.randint(-(10**8), 10**8)).scaleb(-4) for _ in range(30)]


@pytest.mark.parametrize("way", WAYS)
async def test_decimals_are_rounded_alike(empty_database_url: str, way: Way) -> None:
    async with library(empty_database_url, more=(__name__,)):
        for value in DECIMALS:
            await Account.all().delete()
            await way({"price": value, "rate": value})

            price, rate = (value.quantize(places, ROUND_HALF_UP) for places in (Decimal("0.01"), Decimal("0.001")))
            [stored] = await Account.filter(price=price, rate=rate)
            assert (str(stored.price), str(stored.rate)) == (f"{price + 0}", f"{rate + 0}")


async def test_a_filter_may_compare_with_any_number(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Account.create(price=Decimal("10.33"))

        assert await Account.filter(price__lte=Decimal("1e9")).count() == 1
        assert await Account.filter(price__gte=Decimal("10.333")).count() == 0


EXPRESSIONS: list[tuple[str, Any, Any]] = [  # a column, what it holds, an expression that is too large for it
    ("small", 2**15 - 1, F("small") + 1),
    ("number", 2**31 - 1, F("number") + 1),
    ("number", -(2**31), F("number") - 1),
    ("number", 2**30, F("number") * 2),
    ("price", Decimal("9999.99"), F("price") + Decimal("0.01")),
    ("price", Decimal("5000.00"), F("price") * 2),
    ("rate", Decimal(99999999999999999), F("rate") * 10),
    ("name", "abc", F("text")),
    ("number", 1, Case(When(number=1, then=F("number") + 2_147_483_647), default=F("number"))),
]


@pytest.mark.parametrize(("field", "stored", "expression"), EXPRESSIONS)
async def test_an_expression_that_its_column_cannot_hold_is_refused(
    empty_database_url: str, field: str, stored: Any, expression: Any
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        account = await Account.create(text="x" * 6, **{field: stored})

        with pytest.raises(OperationalError):
            await Account.filter(id=account.id).update(**{field: expression})
        with pytest.raises(OperationalError):
            async with transaction(using="library"):
                await Account.filter(id=account.id).update(**{field: expression})
        if not isinstance(expression, Case):
            setattr(account, field, expression)
            with pytest.raises(OperationalError):
                await account.save(update_fields=[field])

        assert getattr(await Account.get(id=account.id), field) == stored


async def test_an_expression_that_fits_is_stored_as_a_value_would_be(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Account.create(price=Decimal("0.10"), rate=Decimal("1.5"), number=2**31 - 2, text="ab")

        await Account.all().update(price=F("price") * 3, rate=F("rate") * 2, number=F("number") + 1, name=F("text"))

        [account] = await Account.filter(price=Decimal("0.30"), rate=3)
        assert (account.price, account.rate) == (Decimal("0.30"), Decimal("3.000"))
        assert (account.number, account.name) == (2**31 - 1, "ab")


def test_the_error_says_what_the_column_holds_and_not_the_value() -> None:
    hold_to_columns(Account)
    field: Any = Account._meta.fields_map["number"]

    with pytest.raises(ValidationError, match="from -2147483648 to 2147483647") as raised:
        field.to_db_value(4_000_000_000, None)

    assert isinstance(raised.value.__cause__, OutOfRange)
    assert "4000000000" not in str(raised.value)
