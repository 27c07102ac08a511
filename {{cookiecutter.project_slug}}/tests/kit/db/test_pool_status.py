from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines.asyncpg_backend import Client
from tortoise_kit.db.engines.asyncpg_pool import PoolStatus, pool_status
from tortoise_kit.http import sampled_metrics
from tortoise_kit.http.sampled_metrics import PoolMetrics


def shown(status: PoolStatus | None, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    monkeypatch.setattr(sampled_metrics, "of_connection", lambda name, _: status if name == "default" else None)
    registry = CollectorRegistry()
    PoolMetrics(registry).sample()
    samples = (sample for family in registry.collect() for sample in family.samples)
    return {sample.name: sample.value for sample in samples if not sample.name.endswith("_created")}


async def test_an_unused_pool_has_a_size_and_no_connections() -> None:
    settings = PoolSettings(min_size=0, max_size=3)
    entry = connection("postgres://nobody@127.0.0.1:1/nothing", pool=settings, application_name="test")
    client = Client(connection_name="status", **entry["credentials"])
    await client.create_connection(with_db=True)

    status = pool_status(client)
    await client.close()

    assert status == PoolStatus(size=0, idle=0, in_use=0, waiting=0, max_size=3, acquired=0, acquire_seconds=0.0)


def test_metrics_show_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    status = PoolStatus(size=3, idle=1, in_use=2, waiting=4, max_size=6, acquired=5, acquire_seconds=0.75)

    assert shown(status, monkeypatch) == {
        "db_pool_size": 3,
        "db_pool_idle": 1,
        "db_pool_in_use": 2,
        "db_pool_waiting": 4,
        "db_pool_max_size": 6,
        "db_pool_acquired_total": 5,
        "db_pool_acquire_seconds_total": 0.75,
    }


def test_a_connection_without_a_pool_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connection_without_pool: Any = object()

    assert pool_status(connection_without_pool) is None
    assert shown(None, monkeypatch) == {}
