"""Metrics, for Prometheus: of this app, in this process."""

from fastapi import FastAPI, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from tortoise.connection import get_connection
from tortoise.context import get_current_context
from tortoise.exceptions import ConfigurationError

from app.accounts.policies import Public
from tortoise_kit.db import PoolStatus, pool_status
from tortoise_kit.http import MetricsMiddleware, PoolMetrics, RequestCounts, RequestMetrics

METRICS_PATH = "/metrics"


def _pool_status() -> PoolStatus | None:
    try:
        return pool_status(get_connection("default")) if get_current_context() else None
    except ConfigurationError:
        return None  # no database yet; the other numbers are worth the more


def install_metrics(app: FastAPI, counts: RequestCounts) -> None:
    """Measure every request of `app`, and answer `GET /metrics` in Prometheus' text format.

    Each app has a registry of its own, so that several can live in one process. With several workers each answers for
    itself. The page is open to whoever reaches the port: keep it from the internet at the proxy.
    """
    requests = RequestMetrics(counts)
    registry = CollectorRegistry()
    registry.register(requests)
    registry.register(PoolMetrics(_pool_status))
    app.add_middleware(MetricsMiddleware, metrics=requests)

    async def metrics(_: Public) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    app.add_api_route(METRICS_PATH, metrics, include_in_schema=False)
