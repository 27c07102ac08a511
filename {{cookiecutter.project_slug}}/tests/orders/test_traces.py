"""The trace of an order, as a collector gets it."""

import pytest

from app.accounts.models import Role
from app.settings import Settings
from tests.catalog.factories import make_product
from tests.orders.contract import ORDERS
from tests.support.processes import log_in, make_account, serving, tortoise, upgrade
from tortoise_kit.development.testing import execute
from tortoise_kit.development.testing.collector import collecting

WRITES = {
    "postgres": ["UPDATE products", "INSERT orders"],
    "sqlite": [
        *("SAVEPOINT", "UPDATE products", "SELECT products", "RELEASE"),
        *("SAVEPOINT", "INSERT orders", "INSERT order_items", "INSERT order_events", "RELEASE"),
    ],
}


@pytest.mark.slow  # starts a process
async def test_the_statements_of_an_order_are_below_its_request_in_their_order(
    empty_database_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(empty_database_url)
    await make_account(Role.STAFF, database_url=empty_database_url)
    async with tortoise(Settings(environment="test", database_url=empty_database_url).tortoise()):
        product = await make_product()
    [(customer_id,)] = await execute(empty_database_url, "SELECT id FROM users")
    items = [{"product_id": product.id, "quantity": 1}]

    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        async with serving(empty_database_url) as (_, client):
            await log_in(client)
            new = {"customer_id": customer_id, "items": items}
            placed = await client.post(ORDERS, json=new, headers={"Idempotency-Key": "first"})
            root = await collector.wait_for(f"POST {ORDERS}")

    below = collector.below(root)
    assert placed.status_code == 201, placed.text
    assert [span.name for span in below] == [
        *("SELECT users", "BEGIN", "INSERT idempotency_keys", "SAVEPOINT"),
        *WRITES[database],
        *("RELEASE", "UPDATE idempotency_keys", "COMMIT"),
    ]
    assert all(span.milliseconds > 0 for span in below)
    assert sum(span.milliseconds for span in below) < root.milliseconds
