"""Metrics for Prometheus, of this app in this process; with several workers, of the one that serves the scrape."""

from fastapi import Response

from app.accounts.policies import Public
from tortoise_kit.http import Metrics, Router

METRICS_PATH = "/metrics"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def router(metrics: Metrics) -> Router:
    """Serves `GET /metrics` to everybody who reaches the port: block it for the internet at the proxy."""
    router = Router(include_in_schema=False)

    @router.get(METRICS_PATH)
    async def read_metrics(_: Public) -> Response:
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    return router
