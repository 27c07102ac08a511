"""The plan gate: what it lets pass, and the line of `Meta` that it names for each kind of index that is missing."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

import pytest
from fastapi import Depends, FastAPI, Response
from httpx2 import ASGITransport, AsyncClient
from tortoise import fields
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.models import Model

from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.development.seeding import DATA_START
from tortoise_kit.development.testing import (
    analyze,
    assert_index_serves,
    execute,
    recorded_statements,
)
from tortoise_kit.development.testing.indexes import index_for
from tortoise_kit.models.columns import UTCDatetimeField
from tortoise_kit.models.constraints import Index
from tortoise_kit.models.wiring import prepare_models
from tortoise_kit.pagination import PageRequest, install_paging, page_schema, paging
from tortoise_kit.schemas import ReadSchema
from tortoise_kit.sql.declared import declared
from tortoise_kit.sql.descriptions import table_description

ROWS = 4_000
MORE = 24  # times as many besides
SLOW_DISK = 40  # times the cost of the next page: PostgreSQL manual, random_page_cost
CANCELLED = (
    'Index(fields=("starts_at", "id"), name="appointments_starts_at_id_cancelled_at_is_null", '
    'condition="cancelled_at IS NULL")'
)
# The queries of lists, and the only index that serves each.
NEEDED = {
    "order_by=-starts_at": '("starts_at", "id")',
    "order_by=confirmed_at": '("confirmed_at", "id")',
    "order_by=-confirmed_at": '("confirmed_at", "id")',
    "patient_id=1&order_by=confirmed_at": '("patient_id", "confirmed_at", "id")',
    "patient_id=1&order_by=-confirmed_at": '("patient_id", "confirmed_at", "id")',
    "patient_id=1&status=open&order_by=starts_at": '("patient_id", "status", "starts_at", "id")',
    "status=open&order_by=-starts_at": '("status", "starts_at", "id")',
    "kept=true&order_by=-starts_at": CANCELLED,
    "order_by=-fee,starts_at": 'Index(fields=("fee", "-starts_at", "-id"))',
    "order_by=fee nulls first": 'Index(fields=("fee nulls first", "id"))',
}


class Appointment(Model):
    id = fields.BigIntField(primary_key=True)
    patient_id = fields.BigIntField()
    status = fields.CharField(max_length=20)
    starts_at = UTCDatetimeField()
    confirmed_at = UTCDatetimeField(null=True)
    cancelled_at = UTCDatetimeField(null=True)
    fee = fields.IntField(null=True)

    class Meta:
        table = "appointments"


class AppointmentRead(ReadSchema, model=Appointment):
    """An appointment."""


def new_app() -> FastAPI:
    app = FastAPI()
    install_paging(app, ["s" * 32])
    orders = ("confirmed_at", "-fee,starts_at", "fee nulls first", "-starts_at,confirmed_at")
    page_of = Annotated[PageRequest, Depends(paging(Appointment, "-starts_at", *orders))]

    @app.get("/appointments", response_model=page_schema(AppointmentRead))
    async def list_appointments(
        page: page_of, patient_id: int | None = None, status: str | None = None, *, kept: bool | None = None
    ) -> Response:
        wanted = {"patient_id": patient_id, "status": status, "cancelled_at__isnull": kept}
        rows = Appointment.filter(**{name: value for name, value in wanted.items() if value is not None})
        return await page.respond(rows, AppointmentRead)

    return app


@asynccontextmanager
async def appointments(url: str) -> AsyncGenerator[AsyncClient]:
    """A client of a service with ROWS appointments and no index but the primary key's."""
    EXECUTOR_CACHE.clear()
    with TortoiseContext() as context:
        await context.init(
            config={
                "connections": {"default": connection(url, pool=PoolSettings(), application_name="gate")},
                "apps": {"models": {"models": [__name__], "default_connection": "default"}},
                "use_tz": True,
                "timezone": "UTC",
            }
        )
        prepare_models(context.apps["models"].values() if context.apps else ())
        await context.generate_schemas()
        try:
            await Appointment.bulk_create([_appointment(n) for n in range(ROWS)])
            await analyze()
            async with AsyncClient(transport=ASGITransport(new_app()), base_url="http://test") as client:
                yield client
        finally:
            await context.close_connections()
            EXECUTOR_CACHE.clear()


def _appointment(n: int) -> Appointment:
    """One of many, with ties and out of order; two thirds are not confirmed."""
    at = DATA_START + timedelta(minutes=n * 7_919 % 1_777)
    return Appointment(
        patient_id=1 if n // 2 % 2 else n,
        status="open" if n // 4 % 2 else "done",
        starts_at=at,
        confirmed_at=None if n % 3 else at,
        cancelled_at=None if n // 8 % 2 else at,
        fee=None if n // 16 % 4 == 0 else n * 31 % 97,
    )


def index(line: str) -> Any:
    item = eval(line, {"Index": Index})  # noqa: S307 -- the line as a user pastes it
    return item if isinstance(item, Index) else Index(fields=item)


async def create(*lines: str) -> None:
    database = get_connection("default")
    for line in dict.fromkeys(lines):
        described = index(line)
        described.name = described.name or f"i_{abs(hash(line))}"
        table = table_description(Appointment, database.capabilities.dialect, lambda _, keys: str(keys))
        made = declared(table, [described.describe()]).indexes[described.name]
        await database.execute_script(made.statement(described.name, "appointments"))
    await analyze()


async def drop_all(url: str) -> None:
    query = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    if url.startswith("postgres"):
        query = (
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'appointments'::regclass AND indnatts > 1"
        )
    for (name,) in await execute(url, query):
        await get_connection("default").execute_script(f"DROP INDEX {name}")


MULTIPLY = f"""
    INSERT INTO appointments (patient_id, status, starts_at, confirmed_at, cancelled_at, fee)
    SELECT patient_id, status, starts_at + hours, confirmed_at + hours, cancelled_at + hours, fee
    FROM appointments, LATERAL (SELECT n * interval '1 hour' AS hours FROM generate_series(1, {MORE}) n) AS times
"""


async def plan(client: AsyncClient, query: str) -> str:
    """The nodes of the plan that Postgres itself prefers for a page in the middle, without what is above its LIMIT."""
    answer = await client.get(page(f"{query}&limit=100"))
    for _ in range(7):
        answer = await client.get(page(f"{query}&limit=100&cursor={answer.json()['next']}"))
    cursor = answer.json()["next"]
    with recorded_statements() as statements:
        await client.get(page(f"{query}&cursor={cursor}"))
    sql, values = statements[-1]
    rows = await get_connection("default").execute_query_dict(f"EXPLAIN {sql}", values)
    return "\n".join(row["QUERY PLAN"] for row in rows)


def page(query: str) -> str:
    return f"/appointments?{query}"


async def test_orders_with_their_indexes_pass(empty_database_url: str) -> None:
    async with appointments(empty_database_url) as client:
        await create(*NEEDED.values())

        for query in NEEDED:
            await assert_index_serves(client, page(query), table="appointments")


async def test_a_missing_index_is_named_by_the_line_that_makes_the_list_pass(empty_database_url: str) -> None:
    async with appointments(empty_database_url) as client:
        for query, line in NEEDED.items():
            await drop_all(empty_database_url)
            await create(*{each for each in NEEDED.values() if each != line})

            with pytest.raises(AssertionError) as failure:
                await assert_index_serves(client, page(query), table="appointments")

            *_, place, pasted = str(failure.value).splitlines()
            assert pasted == f"    indexes = ({line},)", query
            assert "Meta of Appointment, tests/kit/development/test_plans.py:" in place
            await create(line)
            await assert_index_serves(client, page(query), table="appointments")


async def test_an_index_that_does_not_help_is_not_named_again(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite places NULLs by an index for the first key only, so there this order has none."""
    line = 'Index(fields=("starts_at", "-confirmed_at", "-id"))'
    monkeypatch.setattr(Appointment._meta, "indexes", (index(line),))
    sqlite = pytest.raises(AssertionError, match=re.escape(f"Meta of Appointment has {line}; if its migration"))
    async with appointments(empty_database_url) as client:
        await create(line)

        with sqlite if empty_database_url.startswith("sqlite") else nullcontext():
            await assert_index_serves(client, page("order_by=-starts_at,confirmed_at"), table="appointments")


@pytest.mark.only("postgres")
async def test_the_verdict_of_few_rows_is_the_plan_of_many(empty_database_url: str) -> None:
    """Postgres itself sorts few rows where a disk is slow, and reads 100 000 by the index, as was judged."""
    name = urlsplit(empty_database_url).path.removeprefix("/")
    await execute(empty_database_url, f"ALTER DATABASE {name} SET random_page_cost = {SLOW_DISK}")
    async with appointments(empty_database_url) as client:
        await create(*NEEDED.values())
        few = [await plan(client, query) for query in NEEDED]
        for query in NEEDED:
            await assert_index_serves(client, page(query), table="appointments")
        await drop_all(empty_database_url)
        await get_connection("default").execute_script(MULTIPLY)
        without = [await plan(client, query) for query in NEEDED]
        await create(*NEEDED.values())
        many = [await plan(client, query) for query in NEEDED]

    assert any("Sort" in each for each in few)
    assert not [each for each in without if "Sort" not in each]
    assert not [each for each in many if "Sort" in each or "Seq Scan" in each]


@pytest.mark.parametrize(
    ("clauses", "item"),
    [
        ('"a"=? ORDER BY "b" DESC,"id" DESC', '("a", "b", "id")'),
        ('"a"=$1 AND "b">=$2 AND "b"<$3 ORDER BY "b" ASC,"id" ASC', '("a", "b", "id")'),
        ('"a"=? AND "b"=? ORDER BY "b" ASC,"id" ASC', '("a", "b", "id")'),
        ('"b" IS NULL ORDER BY "b" DESC NULLS FIRST,"id" DESC', '("b", "id")'),
        (
            'NOT "a" IS NULL ORDER BY "id" ASC',
            'Index(fields=("id",), name="t_id_a_is_not_null", condition="a IS NOT NULL")',
        ),
        ('"a" IN (?,?) ORDER BY "b" ASC,"id" ASC', None),
        ('("a"=? OR "c"=?) ORDER BY "b" ASC,"id" ASC', None),
        ('"a">? ORDER BY "b" ASC,"id" ASC', None),
        ('"a"=? ORDER BY "u"."name" ASC,"t"."id" ASC', None),
    ],
)
def test_an_index_is_named_only_if_it_serves_the_page(clauses: str, item: str | None) -> None:
    needed = index_for(f'SELECT "a" FROM "t" WHERE {clauses} LIMIT 21')

    assert (needed and str(needed)) == item
