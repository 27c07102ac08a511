"""Reports say what Python's own sums over the same orders say, to the cent, on both databases."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import pytest
from httpx2 import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.customers.models import Customer, Tier
from app.orders.models import Order, Status
from tests.reports.factories import Sale, store
from tests.support.clients import UserClient

REPORTS = "/api/v1/reports"
CENT = Decimal("0.01")
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
EAST = timezone(timedelta(hours=14))

totals = st.one_of(
    st.sampled_from([Decimal("0.10"), Decimal("0.20"), Decimal("0.70"), Decimal("1.15")]),  # no binary fraction is one
    st.decimals(0, Decimal("999999999999.99"), places=2),
    st.just(Decimal("999999999999.99")),
)
moments = st.one_of(
    st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)),
    st.sampled_from(
        [datetime(2024, month, 1, tzinfo=UTC) - timedelta(microseconds=n) for month in (3, 4) for n in (0, 1)]
    ),
)


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[Tier], list[Sale]]:
    """The tiers of some customers, and their orders."""
    tiers = draw(st.lists(st.sampled_from(Tier), min_size=1, max_size=8))
    sale = st.builds(Sale, st.integers(0, len(tiers) - 1), total=totals, at=moments, status=st.sampled_from(Status))
    return tiers, draw(st.lists(sale, max_size=25))


periods = st.tuples(st.none() | moments, st.none() | moments)
each_run = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def report(staff: AsyncClient, name: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = await staff.get(f"{REPORTS}/{name}", params={"limit": 100, **parameters})
    assert answer.status_code == 200, answer.text
    assert answer.json()["more"] is False
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def counted(sales: list[Sale], start: datetime | None, end: datetime | None) -> list[Sale]:
    return [
        sale
        for sale in sales
        if sale.status != Status.CANCELLED and (not start or sale.at >= start) and (not end or sale.at < end)
    ]


def amount(value: Decimal) -> str:
    return str(value.quantize(CENT, ROUND_HALF_UP))


def expected_revenue(tiers: list[Tier], sales: list[Sale]) -> list[dict[str, Any]]:
    groups = defaultdict(list)
    for sale in sales:
        groups[f"{sale.at:%Y-%m}", tiers[sale.customer]].append(sale.total)
    found = sorted(groups.items(), key=lambda item: item[0][1])
    return [
        {
            "month": month,
            "tier": tier,
            "orders": len(group),
            "revenue": amount(sum(group, Decimal(0))),
            "median": amount(median(group)),
        }
        for (month, tier), group in sorted(found, key=lambda item: item[0][0], reverse=True)
    ]


def expected_top(customers: list[Customer], sales: list[Sale]) -> list[dict[str, Any]]:
    groups = defaultdict(list)
    for sale in sales:
        groups[sale.customer].append(sale.total)
    spent = {customers[at]: sum(group, Decimal(0)) for at, group in groups.items()}
    tiers = {tier: [total for customer, total in spent.items() if customer.tier == tier] for tier in Tier}
    averages = {tier: sum(spendings) / len(spendings) for tier, spendings in tiers.items() if spendings}
    top = [customer for customer, total in spent.items() if total > 2 * averages[customer.tier]]
    return [
        {
            "customer_id": customer.id,
            "name": customer.name,
            "tier": customer.tier,
            "orders": len(groups[customers.index(customer)]),
            "revenue": amount(spent[customer]),
            "tier_average": amount(Decimal(averages[customer.tier])),
        }
        for customer in sorted(top, key=lambda each: (-spent[each], each.id))
    ]


def expected_totals(sales: list[Sale], customer_id: int | None = None) -> list[dict[str, Any]]:
    months = defaultdict(list)
    for sale in sales:
        months[f"{sale.at:%Y-%m}"].append(sale.total)
    sums = {month: sum(group, Decimal(0)) for month, group in sorted(months.items())}
    return [
        {
            "month": month,
            "customer_id": customer_id,
            "orders": len(months[month]),
            "revenue": amount(total),
            "running_total": amount(sum((each for other, each in sums.items() if other <= month), Decimal(0))),
            "rank": 1 + sum(each > total for each in sums.values()),
        }
        for month, total in reversed(sums.items())
    ]


def expected_totals_per_customer(customers: list[Customer], sales: list[Sale]) -> list[dict[str, Any]]:
    lines = [
        line
        for at, customer in enumerate(customers)
        for line in expected_totals([sale for sale in sales if sale.customer == at], customer.id)
    ]
    return sorted(lines, key=lambda line: line["month"], reverse=True)


@each_run
@given(shops(), periods)
async def test_reports_match_sums_in_python(
    staff: UserClient, shop: tuple[list[Tier], list[Sale]], period: tuple[datetime | None, datetime | None]
) -> None:
    await Order.all().delete()
    await Customer.all().delete()
    tiers, sales = shop
    customers = await store(tiers, sales)
    start, end = period
    given_period = {"created_from": start, "created_to": end}
    parameters = {name: moment.isoformat() for name, moment in given_period.items() if moment}
    counting = counted(sales, start, end)

    assert await report(staff, "revenue", **parameters) == expected_revenue(tiers, counting)
    assert await report(staff, "top-customers", **parameters) == expected_top(customers, counting)
    assert await report(staff, "running-totals", **parameters) == expected_totals(counting)
    assert await report(staff, "running-totals", per_customer=True, **parameters) == expected_totals_per_customer(
        customers, counting
    )
    of_first = expected_totals([sale for sale in counting if sale.customer == 0])
    assert await report(staff, "running-totals", customer_id=customers[0].id, **parameters) == of_first


async def test_sums_are_exact_where_floating_point_is_not(staff: AsyncClient) -> None:
    await store([Tier.GOLD], [Sale(0, Decimal("0.10"), FIRST)] * 3 + [Sale(0, Decimal("999999999999.99"), FIRST)] * 7)

    [line] = await report(staff, "revenue")

    shown = {"month": "2024-01", "tier": "gold", "orders": 10, "revenue": "7000000000000.23"}
    assert line == {**shown, "median": "999999999999.99"}


async def test_a_cancelled_order_is_not_revenue(staff: AsyncClient) -> None:
    await store([Tier.GOLD], [Sale(0, Decimal(5), FIRST, Status.CANCELLED)])

    assert [await report(staff, name) for name in ("revenue", "top-customers", "running-totals")] == [[], [], []]


async def test_a_month_is_the_one_in_utc(staff: AsyncClient) -> None:
    await store([Tier.GOLD], [Sale(0, Decimal(5), datetime(2024, 3, 1, 8, tzinfo=EAST))])

    assert [line["month"] for line in await report(staff, "revenue")] == ["2024-02"]
    assert len(await report(staff, "revenue", created_to="2024-03-01T08:00:01+14:00")) == 1
    assert await report(staff, "revenue", created_to="2024-03-01T08:00:00+14:00") == []


async def test_a_customer_with_exactly_twice_the_average_is_not_above_it(staff: AsyncClient) -> None:
    tiers = [Tier.GOLD] * 3
    await store(tiers, [Sale(0, Decimal(2), FIRST), Sale(1, Decimal("0.50"), FIRST), Sale(2, Decimal("0.50"), FIRST)])
    assert await report(staff, "top-customers") == []

    await Order.filter(total=2).update(total=Decimal("2.01"))

    [line] = await report(staff, "top-customers")
    assert (line["revenue"], line["tier_average"]) == ("2.01", "1.00")


@pytest.mark.parametrize("name", ["revenue", "running-totals"])
async def test_a_report_ends_at_its_limit_and_says_whether_there_is_more(staff: AsyncClient, name: str) -> None:
    await store([Tier.GOLD], [Sale(0, Decimal(1), datetime(2024, month, 1, tzinfo=UTC)) for month in range(1, 6)])

    cut = (await staff.get(f"{REPORTS}/{name}?limit=4")).json()
    whole = (await staff.get(f"{REPORTS}/{name}?limit=5")).json()

    assert ([line["month"] for line in cut["items"]], cut["more"]) == (
        ["2024-05", "2024-04", "2024-03", "2024-02"],
        True,
    )
    assert (len(whole["items"]), whole["more"]) == (5, False)
    if name == "running-totals":
        assert cut["items"][0]["running_total"] == "5.00"  # of all months, those that were cut, too


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "created_from=yesterday", "created_to=2024-01-01T00:00:00", "limit=many"]
)
async def test_an_invalid_parameter_is_rejected(staff: AsyncClient, query: str) -> None:
    assert (await staff.get(f"{REPORTS}/revenue?{query}")).status_code == 422
