from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from tortoise.functions import Count, Sum

from tests.kit.library import Author, Book, Loan, Shelf, library
from tortoise_kit.db.transactions import transaction
from tortoise_kit.sql.typed_rows import ByDialect, fetch_as

MONTH = ByDialect(postgres="to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM')", sqlite="substr(l.at, 1, 7)")
PER_MONTH = """
SELECT {month} AS month, COUNT(*) AS loans FROM {loans} AS l GROUP BY 1 ORDER BY 1 LIMIT {limit}
"""


class PerShelf(BaseModel):
    shelf: Shelf
    loans: int
    fees: Decimal


class PerMonth(BaseModel):
    month: str
    loans: int


class Pair(BaseModel):
    first: int
    other: int | None


@pytest.fixture
async def loans(empty_database_url: str) -> AsyncGenerator[str]:
    east = timezone(timedelta(hours=14))
    async with library(empty_database_url) as using:
        for number, at in enumerate(
            [datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=east), datetime(2024, 3, 2, tzinfo=UTC)]
        ):
            await Loan.create(shelf="open" if number else "closed", number=number, fee=Decimal("0.10"), at=at)
        yield using


@pytest.mark.usefixtures("loans")
async def test_groups_of_a_queryset_become_models() -> None:
    groups = Loan.annotate(loans=Count("id"), fees=Sum("fee")).group_by("shelf").order_by("shelf")

    found = await fetch_as(PerShelf, groups.values("shelf", "loans", "fees"))

    assert found == [
        PerShelf(shelf=Shelf.CLOSED, loans=1, fees=Decimal("0.1")),
        PerShelf(shelf=Shelf.OPEN, loans=2, fees=Decimal("0.2")),
    ]


@pytest.mark.usefixtures("loans")
async def test_sql_reads_from_a_queryset_with_its_own_parameters() -> None:
    chosen = Loan.filter(at__gte=datetime(2024, 2, 1, tzinfo=UTC), number__in=[0, 1, 2]).exclude(shelf="closed")

    found = await fetch_as(PerMonth, PER_MONTH, model=Loan, month=MONTH, loans=chosen, limit=5)

    assert found == [PerMonth(month="2024-02", loans=1), PerMonth(month="2024-03", loans=1)]
    assert await fetch_as(PerMonth, PER_MONTH, model=Loan, month=MONTH, loans=chosen, limit=1) == found[:1]


async def test_it_reads_in_the_open_transaction(loans: str) -> None:
    async with transaction(using=loans):
        await Loan.filter(number=0).delete()
        found = await fetch_as(PerMonth, PER_MONTH, model=Loan, month=MONTH, loans=Loan.all(), limit=5)

    assert sum(each.loans for each in found) == 2


numbers = st.integers(-(2**31), 2**31 - 1)


@given(st.lists(st.tuples(st.booleans(), numbers), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_each_parameter_stands_where_it_is_named(library_of_books: int, given: list[tuple[bool, int]]) -> None:
    sql: Any = "SELECT 1 AS first, " + " + ".join(f"{{p{place}}}" for place in range(len(given))) + " AS other"
    values: dict[str, Any] = {f"p{place}": number for place, (_, number) in enumerate(given)}
    subqueries = [place for place, (is_query, _) in enumerate(given) if is_query]
    for place in subqueries:
        sql = sql.replace(f"{{p{place}}}", f"CAST({{p{place}}} AS BIGINT) * (SELECT COUNT(*) FROM {{q{place}}} AS q)")
        values[f"q{place}"] = Book.filter(title="A", copies__in=[1, 2])
    for place in set(range(len(given))) - set(subqueries):
        sql = sql.replace(f"{{p{place}}}", f"CAST({{p{place}}} AS BIGINT)")

    [row] = await fetch_as(Pair, sql, model=Book, **values)

    assert row.other == sum(number * (library_of_books if is_query else 1) for is_query, number in given)


@pytest.fixture
async def library_of_books(empty_database_url: str) -> AsyncGenerator[int]:
    async with library(empty_database_url):
        await Book.create(title="A", copies=1)
        await Book.create(title="A", copies=2)
        yield 2


@pytest.mark.usefixtures("loans")
async def test_what_a_client_sends_stays_a_value() -> None:
    hostile = "x' OR '1'='1 {limit} --"
    await Author.create(name=hostile)

    found = await fetch_as(
        Pair,
        "SELECT COUNT(*) AS first, NULL AS other FROM {rows} AS a WHERE a.name = {name}",
        model=Author,
        rows=Author.all(),
        name=hostile,
    )

    assert found == [Pair(first=1, other=None)]


@pytest.mark.usefixtures("loans")
async def test_a_name_without_a_value_and_a_value_without_a_name_are_rejected() -> None:
    for parameters in (
        {"month": MONTH, "loans": Loan.all()},
        {"month": MONTH, "loans": Loan.all(), "limit": 1, "x": 1},
    ):
        with pytest.raises(ValueError, match=r"^The SQL and its parameters differ in (limit|x)\.$"):
            await fetch_as(PerMonth, PER_MONTH, model=Loan, **parameters)


@pytest.mark.usefixtures("loans")
async def test_a_row_that_is_another_than_the_model_says_is_an_error() -> None:
    with pytest.raises(ValidationError, match="loans"):
        await fetch_as(PerShelf, Loan.all().values("shelf"))
