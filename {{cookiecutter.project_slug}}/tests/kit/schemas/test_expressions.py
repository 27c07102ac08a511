"""Operations, constants of CASE, and values of other types: the same on both databases, or rejected on both."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise import fields
from tortoise.exceptions import FieldError, OperationalError, ValidationError
from tortoise.expressions import Case, F, When
from tortoise.functions import Avg, Sum
from tortoise.models import Model

from tests.kit.library import library
from tortoise_kit.db.transactions import transaction
from tortoise_kit.models.columns import NumericField, UTCDatetimeField

AT = datetime(2024, 5, 5, 10, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)
USING = "library"
ONE: Any = 1  # upstream's annotation has only texts and expressions
TWO: Any = 2
HALF: Any = Decimal("1.5")


class Shipment(Model):
    id = fields.IntField(primary_key=True)
    price = NumericField(max_digits=8, decimal_places=2, default=Decimal("10.00"))
    big = fields.BigIntField(default=4 * 10**18)
    stock = fields.IntField(default=7)
    weight = fields.FloatField(default=10.0)
    name = fields.CharField(max_length=5, default="a")
    at = UTCDatetimeField(default=AT)
    other = UTCDatetimeField(default=AT)
    day = fields.DateField(default=AT.date())
    clock = fields.TimeField(default=time(8, 30, tzinfo=UTC))
    takes = fields.TimeDeltaField(default=timedelta(hours=1))
    key = fields.UUIDField(default="12345678-1234-1234-1234-12345678abcd")

    class Meta:
        table = "kit_shipments"


async def computed(expression: Any) -> Any:
    """What a query returns for the expression."""
    [value] = await Shipment.annotate(computed=expression).values_list("computed", flat=True)
    return value


async def stored(field: str, value: Any) -> Any:
    """What the row has after an update; the same inside a transaction and outside."""
    [before] = await Shipment.all()
    await Shipment.all().update(**{field: value})
    [row] = await Shipment.all()
    await Shipment.all().update(**{field: getattr(before, field)})
    async with transaction(using=USING):
        await Shipment.all().update(**{field: value})
        [inside] = await Shipment.all()
    assert getattr(inside, field) == getattr(row, field)
    return getattr(row, field)


COMPUTED: list[tuple[Any, Any]] = [
    (F("price") / 4, 2.5),
    (F("price") % 4, 2),
    (F("price") * 1.5, 15),
    (F("price") + F("price"), 20),
    (100 / F("price"), 10),
    (F("stock") / 2, 3),
    (-F("stock"), -7),
    (100 / F("stock"), 14),
    (F("stock") ** 2, 49),
    (F("weight") / 4, 2.5),
    (Case(When(stock__gt=1, then=F("stock")), default=F("id")), 7),
    (Case(When(stock__gt=9, then="x"), default="y"), "y"),
    (Case(When(stock__gt=1, then=HALF), default=ONE), 1.5),
    (Avg("stock"), 7),
]


@pytest.mark.parametrize(("expression", "value"), COMPUTED)
async def test_an_operation_has_the_same_result(empty_database_url: str, expression: Any, value: Any) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Shipment.create()

        assert await computed(expression) == value
        assert await Shipment.annotate(computed=expression).filter(computed=value).count() == 1


async def test_an_average_keeps_its_fraction(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        for stock in (7, -7, 0, 3):
            await Shipment.create(stock=stock)

        assert float(await computed(Avg("stock"))) == 0.75


async def test_an_operation_on_an_annotation_knows_its_type(empty_database_url: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Shipment.create()

        found = Shipment.annotate(half=F("price") / 2).annotate(part=F("half") / 2)
        assert await found.filter(part=Decimal("2.5")).count() == 1


STORED: list[tuple[str, Any, Any]] = [
    ("price", F("price") / 3, Decimal("3.33")),
    ("stock", F("price") / 4, 3),
    ("stock", F("weight") / 4, 2),
    ("stock", F("price"), 10),
    ("price", Case(When(stock=7, then=HALF), default=F("price")), Decimal("1.50")),
    ("stock", Case(When(stock=7, then=ONE), default=TWO), 1),
    ("name", Case(When(stock=7, then="x"), default="y"), "x"),
    ("at", F("at") + timedelta(hours=25, microseconds=5), AT + timedelta(hours=25, microseconds=5)),
    ("at", F("at") - DAY, AT - DAY),
    ("takes", F("takes") + timedelta(seconds=5), timedelta(hours=1, seconds=5)),
    ("at", "2024-05-06T10:00:00+02:00", datetime(2024, 5, 6, 8, tzinfo=UTC)),
    ("at", date(2024, 5, 6), datetime(2024, 5, 6, tzinfo=UTC)),
    ("day", "2024-05-06", date(2024, 5, 6)),
    ("day", F("at"), AT.date()),
    ("clock", "09:30", time(9, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("field", "given_value", "value"), STORED)
async def test_what_is_stored_is_found_by_a_filter(
    empty_database_url: str, field: str, given_value: Any, value: Any
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Shipment.create()

        assert await stored(field, given_value) == value
        assert await Shipment.filter(**{field: value}).count() == 1


FAILING: list[Callable[[], Awaitable[Any]]] = [
    lambda: computed(F("stock") / 0),
    lambda: computed(F("price") / 0),
    lambda: computed(F("weight") / 0),
    lambda: computed(F("stock") + 2_147_483_647),
    lambda: computed(Sum(F("big") * 3)),
    lambda: stored("stock", F("stock") / 0),
    lambda: stored("weight", F("weight") * 1e308),
    lambda: stored("price", F("price") * 1_000_000),
]


@pytest.mark.parametrize("work", FAILING)
async def test_an_operation_without_a_result_is_an_error(
    empty_database_url: str, work: Callable[[], Awaitable[Any]]
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Shipment.create()
        before = await Shipment.all().values()

        with pytest.raises(OperationalError, match="does not fit"):
            await work()
        with pytest.raises(OperationalError, match="does not fit"):
            async with transaction(using=USING):
                await work()

        assert await Shipment.all().values() == before


REJECTED: list[tuple[Any, str]] = [
    (Case(When(stock=7, then=ONE), default="x"), r"Case: its values are of number and text: use one kind\."),
    (F("stock") * 1.5, r"F\('stock'\) \*: the constant must be int\."),
    (F("stock") + Decimal("0.5"), r"F\('stock'\) \+: the constant must be int\."),
    (F("stock") + True, r"F\('stock'\) \+: the constant must be int\."),
    (F("name") + "b", r"F\('name'\) \+: compute with numbers, or with timestamps and timedeltas\."),
    (F("day") + DAY, r"F\('day'\) \+: compute with numbers"),
    (F("at") - F("other"), r"F\('at'\) -: add or subtract a timedelta"),
    (F("at") + 1, r"F\('at'\) \+: the constant must be timedelta\."),
    (F("at") * DAY, r"F\('at'\) \*: add or subtract a timedelta"),
]


@pytest.mark.parametrize(("expression", "message"), REJECTED)
async def test_an_operation_that_the_databases_understand_differently_is_rejected(
    empty_database_url: str, expression: Any, message: str
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        with pytest.raises(FieldError, match=message):
            await Shipment.annotate(computed=expression).values("computed")
        with pytest.raises((FieldError, ValidationError), match=f"{message}|Shipment\\.stock has values|^stock: "):
            await Shipment.all().update(stock=expression)


FOUND: list[tuple[dict[str, Any], int]] = [
    ({"at__year": 2024}, 1),
    ({"at__quarter": 2}, 1),
    ({"at__month": 6}, 0),
    ({"at__week": 18}, 1),
    ({"at__day": 5}, 1),
    ({"at__second": 30}, 1),
    ({"at__microsecond": 30_000_000}, 1),
    ({"clock__hour": 8}, 1),
    ({"day__year": 2023}, 0),
    ({"at": "2024-05-05T12:00:30+02:00"}, 1),
    ({"at__gte": date(2024, 5, 6)}, 0),
    ({"at__in": ["2024-05-05T10:00:30Z"]}, 1),
    ({"day__range": ("2024-01-01", "2024-12-31")}, 1),
    ({"key": "12345678-1234-1234-1234-12345678ABCD"}, 1),
]


@pytest.mark.parametrize(("filters", "count"), FOUND)
async def test_a_filter_reads_values_as_the_column_does(
    empty_database_url: str, filters: dict[str, Any], count: int
) -> None:
    async with library(empty_database_url, more=(__name__,)):
        await Shipment.create()

        assert await Shipment.filter(**filters).count() == count


NO_VALUES: list[dict[str, Any]] = [
    {"at": "2024-5-5"},
    {"weight": "nan"},
    {"at": "yesterday"},
    {"day": "2024-5-5"},
    {"day": AT},
    {"clock": "8"},
    {"takes": 5},
    {"key": "zz"},
]


@pytest.mark.parametrize("values", NO_VALUES)
async def test_a_value_of_another_type_is_rejected_by_name(empty_database_url: str, values: dict[str, Any]) -> None:
    async with library(empty_database_url, more=(__name__,)):
        row = await Shipment.create()
        [(field, value)] = values.items()
        setattr(row, field, value)

        for work in (Shipment.filter(**values).count, partial(stored, field, value), row.save):
            with pytest.raises(ValidationError, match=f"^{field}: ") as raised:
                await work()
            assert str(value) not in str(raised.value)


@pytest.mark.parametrize("lookup", ["contains", "icontains", "startswith", "iendswith"])
async def test_a_text_to_search_for_is_held_to_what_texts_hold(empty_database_url: str, lookup: str) -> None:
    async with library(empty_database_url, more=(__name__,)):
        with pytest.raises(ValidationError, match=f"^name__{lookup}: "):
            await Shipment.filter(**{f"name__{lookup}": "a\0"}).count()


numbers = st.integers(-(10**6), 10**6)


@pytest.fixture
async def shipments(empty_database_url: str) -> Any:
    async with library(empty_database_url, more=(__name__,)):
        yield


@given(left=numbers, right=numbers)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("shipments")
async def test_integers_and_decimals_are_computed_as_python_does(left: int, right: int) -> None:
    await Shipment.all().delete()
    await Shipment.create(stock=left, price=Decimal(left).scaleb(-2))
    cents = Decimal("0.01")

    assert await computed(F("stock") + right) == left + right
    if right:
        assert await computed(F("stock") / right) == int(Decimal(left) / right)
        assert await computed(F("stock") % right) == int(Decimal(left) % right)
        exact = Decimal(left).scaleb(-2) / right
        assert await stored("price", F("price") / right) == exact.quantize(cents, ROUND_HALF_UP)
