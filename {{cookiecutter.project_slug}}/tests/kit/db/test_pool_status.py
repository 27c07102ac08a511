from typing import Any

from tortoise_kit.db.config import PoolSettings, connection
from tortoise_kit.db.engines.asyncpg_backend import Client
from tortoise_kit.db.engines.asyncpg_pool import PoolStatus, pool_status
from tortoise_kit.http.metrics import PoolMetrics


def shown(status: PoolStatus | None) -> dict[str, float]:
    return {sample.name: sample.value for family in PoolMetrics(lambda: status).collect() for sample in family.samples}


async def test_an_unused_pool_has_a_size_and_no_connections() -> None:
    settings = PoolSettings(min_size=0, max_size=3)
    entry = connection("postgres://nobody@127.0.0.1:1/nothing", pool=settings, application_name="test")
    client = Client(connection_name="status", **entry["credentials"])
    await client.create_connection(with_db=True)

    status = pool_status(client)
    await client.close()

    assert status == PoolStatus(size=0, idle=0, in_use=0, waiting=0, max_size=3, acquired=0, acquire_seconds=0.0)


def test_metrics_show_the_status() -> None:
    status = PoolStatus(size=3, idle=1, in_use=2, waiting=4, max_size=6, acquired=5, acquire_seconds=0.75)

    assert shown(status) == {
        "db_pool_size": 3,
        "db_pool_idle": 1,
        "db_pool_in_use": 2,
        "db_pool_waiting": 4,
        "db_pool_max_size": 6,
        "db_pool_acquire_seconds_count": 5,
        "db_pool_acquire_seconds_sum": 0.75,
    }


def test_a_connection_without_a_pool_shows_nothing() -> None:
    connection_without_pool: Any = object()

    assert pool_status(connection_without_pool) is None
    assert shown(None) == {}
