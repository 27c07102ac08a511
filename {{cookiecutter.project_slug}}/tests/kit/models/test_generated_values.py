"""Any value, right or wrong, at any place of a query: both databases return the same, or both reject it alike.

A case is a place, a column and a value, drawn from the tables below. An example runs many cases on SQLite and then on
Postgres, outside of a transaction and inside, and lists those that differ. Where Python knows the result, both have it.
"""

import json
import math
import operator as op
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tortoise import fields
from tortoise.exceptions import BaseORMException
from tortoise.expressions import Case, F, Q, When
from tortoise.functions import Avg, Coalesce, Count, Length, Lower, Max, Min, Sum, Trim, Upper
from tortoise.models import Model

from tests.kit.generated import KINDS, POSTGRES_KINDS
from tests.kit.library import Kind, Shelf, library
from tortoise_kit.bulk.write import insert_many, upsert_many
from tortoise_kit.db.transactions import transaction

KINDS_OF_BOTH = {**KINDS, "time": POSTGRES_KINDS["time"]}
COLUMNS = {name: [each for each in values if str(each) != "-0.0"] for name, (_, values) in KINDS_OF_BOTH.items()}
AT, KEY = datetime(2024, 5, 5, 10, 0, 30, 5, tzinfo=UTC), UUID("12345678-1234-1234-1234-12345678abcd")
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 2**15, 2**31, 2**63, 10**30, 3.5, 2.5, -0.5, 0.1, 1e300, math.nan, math.inf),
    *(Decimal("1.5"), Decimal("2.0"), Decimal("0.005"), Decimal("NaN"), Decimal(10) ** 30),
    *("", "false", "true", "0", "1", "1.5", "x", "open", "a\0", "\ud800", "x" * 300, "2024-05-05", "10:00", str(KEY)),
    *(b"x", date(2024, 5, 5), AT.replace(tzinfo=None), AT, time(10), timedelta(hours=1), KEY, Shelf.OPEN, Kind.SHORT),
    *([], [1], {}, {"a": 1}, ["\0"], {"a": KEY}),
]
MEMBERS = {
    "id": fields.IntField(primary_key=True),
    "next": fields.ForeignKeyField("library.Sample", related_name="previous", null=True),
    **{name: make(null=True) for name, (make, _) in KINDS_OF_BOTH.items()},
}
Sample: Any = type("Sample", (Model,), {"__module__": __name__, **MEMBERS})
# Rows in the order of each of their columns; the last has only NULL.
LEAST = {name: sorted(values, key=str if name == "json" else None)[:3] for name, values in COLUMNS.items()}
ROWS = {at - 4: {name: (values[at] if at < len(values) else None) for name, values in LEAST.items()} for at in range(4)}


class Query(NamedTuple):
    """A case."""

    place: str
    column: str
    lookup: str
    value: Any
    other: str  # another column


type Work = Callable[[Query], Awaitable[Any]]


def loose(value: Any) -> Any:
    """What an expression returns, whose type differs: see docs/models.md, Expressions."""
    if isinstance(value, int | float | Decimal):
        return float(f"{value:.9g}")
    if isinstance(value, str) and value[:2] in {'{"', "{}", "[]", "[1"}:
        return json.loads(value)
    is_timestamp = isinstance(value, str) and value.endswith("+00:00") and value.startswith("2024")
    return str(datetime.fromisoformat(value) if is_timestamp else value)


async def ids(rows: Any) -> Any:
    return await rows.order_by("id").values_list("id", flat=True)


async def computed(expression: Any, order: str = "id") -> Any:
    return [loose(each) for each in await Sample.annotate(x=expression).order_by(order).values_list("x", flat=True)]


def filtering(rows: Callable[[dict[str, Any]], Any]) -> Work:
    return lambda query: ids(rows({query.column + query.lookup: query.value}))


def writing(write: Callable[[Any, str, Any], Awaitable[Any]]) -> Work:
    """What a row holds once a value was written to it, and how many rows a filter by that finds."""

    async def run(query: Query) -> Any:
        row = await Sample.create()
        await write(row, query.column, query.value)
        created = await Sample.exclude(id__in=[*ROWS, row.id]).first()
        value = getattr(created or await Sample.get(id=row.id), query.column)
        found = await Sample.filter(**{query.column: value}).count()
        return float(value) if query.column == "json" and isinstance(value, int) else value, found

    return run


def updating(make: Callable[[str, Any], Any]) -> Work:
    return writing(lambda row, name, value: Sample.filter(id=row.id).update(**{name: make(name, value)}))


def changed(row: Any, name: str, value: Any) -> Any:
    setattr(row, name, value)
    return row


def case(then: Any, default: Any) -> Any:
    return Case(When(id__gt=-4, then=then), default=default)


COMPARISONS = {"": op.eq, "__gt": op.gt, "__gte": op.ge, "__lt": op.lt, "__lte": op.le}
SEARCHES = ["__not", "__isnull", "__contains", "__icontains", "__startswith", "__iexact", "__year"]
OPERATIONS = ["add", "sub", "mul", "truediv", "mod"]
LISTS = ["__in", "__not_in", "__range"]
FILTERS: dict[str, Work] = {
    "filter": filtering(lambda filters: Sample.filter(**filters)),
    "exclude": filtering(lambda filters: Sample.exclude(**filters)),
    "or": filtering(lambda filters: Sample.filter(Q(**filters) | Q(id=-4))),
    "not": filtering(lambda filters: Sample.filter(~Q(Q(id=-4), Q(**filters)))),
    "related": filtering(lambda filters: Sample.filter(**{f"next__{name}": value for name, value in filters.items()})),
    "annotated": lambda q: ids(Sample.annotate(x=F(q.column)).filter(**{f"x{q.lookup}": q.value})),
    "having": lambda q: ids(Sample.annotate(x=Max(q.column)).filter(**{f"x{q.lookup}": q.value})),
    "when": lambda q: computed(Case(When(**{q.column + q.lookup: q.value}, then="yes"), default="no")),
}
WRITES: dict[str, Work] = {
    "update": updating(lambda _, value: value),
    "create": writing(lambda _, name, value: Sample.create(**{name: value})),
    "save": writing(lambda *given: changed(*given).save()),
    "bulk_create": writing(lambda _, name, value: Sample.bulk_create([Sample(**{name: value})])),
    "bulk_update": writing(lambda row, name, value: Sample.bulk_update([changed(row, name, value)], [name])),
    "insert_many": writing(lambda _, name, value: insert_many([Sample(**{name: value})])),
    "upsert_many": writing(lambda row, *pair: upsert_many(Sample, [{"id": row.id, **dict([pair])}], conflict=("id",))),
    "get_or_create": writing(lambda _, name, value: Sample.get_or_create(id=-9, defaults={name: value})),
    "update case": updating(lambda _, value: case(value, None)),
    "update coalesce": updating(Coalesce),
}
OTHERS: dict[str, Work] = {
    "values": lambda q: Sample.all().order_by("id").values(q.column),
    "order": lambda q: Sample.all().order_by(q.column, "id").values_list("id", flat=True),
    "reverse": lambda q: Sample.all().order_by(f"-{q.column}", "-id").values_list("id", flat=True),
    "distinct": lambda q: Sample.all().distinct().values(q.column),
    "group": lambda q: Sample.annotate(x=Count("id")).group_by(q.column).values(q.column, "x"),
    "column": lambda q: ids(Sample.filter(**{q.column: F(q.other)})),
    "update column": lambda q: updating(lambda *_: F(q.other))(q),
    "case": lambda q: computed(case(q.value, F(q.column))),
    "coalesce": lambda q: computed(Coalesce(q.column, q.value)),
    **{each.__name__: partial(lambda each, q: computed(each(q.column)), each) for each in (Lower, Upper, Length, Trim)},
    **{each.__name__: partial(lambda each, q: computed(each(q.column), "x"), each) for each in (Max, Min, Sum, Avg)},
    **{name: partial(lambda name, q: computed(getattr(op, name)(F(q.column), q.value)), name) for name in OPERATIONS},
}


def drawn(draw: Random) -> Query:
    place, column = draw.choice([*FILTERS, *WRITES, *OTHERS]), draw.choice([*COLUMNS])
    lookup = draw.choice([*COMPARISONS, *SEARCHES, *LISTS]) if place in FILTERS else ""
    # To Postgres NaN is the largest number of a column, and SQLite has none.
    odd = ODD if column != "float" or place not in FILTERS else [each for each in ODD if str(each) != "nan"]
    first, second = draw.choices([*COLUMNS[column] * 3, *odd], k=2)
    return Query(place, column, lookup, (first, second) if lookup in LISTS else first, draw.choice([*COLUMNS]))


def expected(query: Query) -> Any:
    """What Python knows of a case: the rows that a comparison finds, their order, and what a value is stored as."""
    known, stored = LEAST[query.column], {row: values[query.column] for row, values in ROWS.items()}
    if query.column in {"json", "binary"}:
        return None
    if query.place in {"order", "reverse"}:
        return [*ROWS] if query.place == "order" else [*ROWS][::-1]
    if not any(query.value is each for each in known):
        return None
    if query.place == "filter" and query.lookup in COMPARISONS and query.column not in {"bool", "grade", "level"}:
        return [
            row for row, each in stored.items() if each is not None and COMPARISONS[query.lookup](each, query.value)
        ]
    return (query.value, 2) if query.place in WRITES else None


async def outcomes(url: str, cases: list[Query]) -> list[tuple[str, str]]:
    """What each case returns outside of a transaction and inside, or the name of its error."""
    async with library(url, more=(__name__,)) as using:
        await Sample.all().delete()
        for row, values in ROWS.items():
            await Sample.create(id=row, next_id=row - 1 if row > -4 else None, **values)
        return [(await outcome(each, nullcontext()), await outcome(each, transaction(using=using))) for each in cases]


async def outcome(query: Query, scope: Any) -> str:
    try:
        async with scope:
            found = await {**FILTERS, **WRITES, **OTHERS}[query.place](query)
    except BaseORMException as error:
        return type(error).__name__
    except Exception as error:
        error.add_note(str(query))
        raise
    finally:
        if query.place not in FILTERS:
            await Sample.exclude(id__in=[*ROWS]).delete()
    known = expected(query)
    assert known is None or found == known, (query, found, known)
    return str(sorted(map(str, found)) if query.place in {"distinct", "group"} else found)


@pytest.mark.only("postgres")
@pytest.mark.filterwarnings("ignore:.* received a naive:RuntimeWarning")  # Tortoise's, which then takes it
@pytest.mark.parametrize("count", [200, pytest.param(5_000, marks=pytest.mark.nightly)])
@settings(
    max_examples=3, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
)
@given(draw=st.randoms(use_true_random=True))
async def test_both_databases_take_a_value_alike(
    empty_database_url: str, tmp_path: Path, count: int, draw: Random
) -> None:
    cases = [drawn(draw) for _ in range(count)]

    on_sqlite = await outcomes(f"sqlite://{tmp_path / 'kit.db'}", cases)
    on_postgres = await outcomes(empty_database_url, cases)

    found = zip(cases, on_sqlite, on_postgres, strict=True)
    beyond_double = "inf"  # a NUMERIC of Postgres holds more than SQLite's 1.8e308, where SQLite raises DataError
    different = [each for each in found if len({*each[1], *each[2]}) > 1 and beyond_double not in str(each[2])]
    assert different == []
