"""Metrics of the service, for Prometheus.

Hot paths add to plain numbers, which become Prometheus' metric families only at a scrape. All numbers are of one app in
one process: if several workers share a port, a scrape reaches one of them by chance. To see all, run one worker per
container, or give each worker its own port.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from math import inf
from time import perf_counter

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tortoise.connection import get_connection
from tortoise.context import get_current_context
from tortoise.exceptions import ConfigurationError

from tortoise_kit.db.engines.asyncpg_pool import PoolStatus, pool_status
from tortoise_kit.http.asgi import HTTPMiddleware, route_template
from tortoise_kit.http.concurrency_limit import RequestCounts

BUCKETS_SECONDS = Histogram.DEFAULT_BUCKETS  # 5 ms to 10 s, above any deadline that a client would wait for
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"  # a client may send any word as a method, and each would be a series
STATUS_ERROR = 500
STATUS_CLIENT_DISCONNECTED = 499  # nginx's number for a client that did not wait


class Metrics:
    """The metrics of one app in one process, in a separate registry, so that several apps can live in one process.

    Attributes:
        requests: The middlewares count here, directly or through `requests.counts`.
        registry: Register further collectors of prometheus-client here.
    """

    def __init__(self) -> None:
        self.requests = RequestMetrics()
        self.registry = CollectorRegistry()
        self.registry.register(self.requests)
        self.registry.register(PoolMetrics(_status_of_default))

    def text(self) -> bytes:
        """All metrics in Prometheus' text format, version 0.0.4."""
        return generate_latest(self.registry)


def _status_of_default() -> PoolStatus | None:
    try:
        return pool_status(get_connection("default")) if get_current_context() else None
    except ConfigurationError:
        return None  # there is no database yet; the other metrics are worth having


class RequestMetrics(Collector):
    """Requests by method, route template and status; durations by method and route; what became of requests."""

    def __init__(self) -> None:
        self.counts = RequestCounts()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._durations: dict[tuple[str, str], _Durations] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests[method, route, str(status)] += 1
        durations = self._durations.get((method, route))
        if durations is None:
            durations = self._durations[method, route] = _Durations()
        durations.add(seconds)

    def collect(self) -> Iterator[Metric]:
        """The metric families of one scrape."""
        requests = CounterMetricFamily("http_requests", "Requests served.", labels=("method", "route", "status"))
        for labels, count in self._requests.items():
            requests.add_metric(labels, count)
        seconds = HistogramMetricFamily(
            "http_request_duration_seconds", "From a request's head to the end of its work.", labels=("method", "route")
        )
        for series, durations in self._durations.items():
            seconds.add_metric(series, durations.cumulated(), durations.seconds)
        yield requests
        yield seconds
        counts = self.counts
        yield GaugeMetricFamily("http_requests_in_flight", "Requests being served.", counts.in_flight)
        yield CounterMetricFamily(
            "http_requests_rejected", "Requests rejected because too many were in flight.", counts.rejected
        )
        yield CounterMetricFamily("http_requests_timed_out", "Requests stopped at their deadline.", counts.timed_out)
        yield CounterMetricFamily(
            "http_requests_client_disconnected",
            "Requests stopped because their client had disconnected.",
            counts.client_disconnected,
        )


class PoolMetrics(Collector):
    """The connection pool, if there is one.

    Args:
        status: Called at each scrape.
    """

    def __init__(self, status: Callable[[], PoolStatus | None]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """The metric families of one scrape."""
        status = self._status()
        if status is None:
            return
        yield GaugeMetricFamily("db_pool_size", "Open connections.", status.size)
        yield GaugeMetricFamily("db_pool_idle", "Open connections that are free.", status.idle)
        yield GaugeMetricFamily("db_pool_in_use", "Open connections in use.", status.in_use)
        yield GaugeMetricFamily("db_pool_waiting", "Tasks waiting for a connection.", status.waiting)
        yield GaugeMetricFamily("db_pool_max_size", "Maximum number of connections.", status.max_size)
        yield SummaryMetricFamily(
            "db_pool_acquire_seconds",
            "Waits for a connection.",
            count_value=status.acquired,
            sum_value=status.acquire_seconds,
        )


class _Durations:
    """One histogram."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * len(BUCKETS_SECONDS)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS_SECONDS, seconds)] += 1
        self.seconds += seconds

    def cumulated(self) -> list[tuple[str, float]]:
        """Each bucket includes those below it, as Prometheus expects."""
        total = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip(BUCKETS_SECONDS, self.counts, strict=True):
            total += count
            buckets.append(("+Inf" if bound == inf else str(bound), total))
        return buckets


class MetricsMiddleware(HTTPMiddleware):
    """Count each request and its duration.

    Args:
        app: The application inside.
        metrics: Where to count.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        super().__init__(app)
        self.requests = metrics.requests

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        status = STATUS_CLIENT_DISCONNECTED
        start = perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except BaseException:
            status = STATUS_ERROR if status == STATUS_CLIENT_DISCONNECTED else status
            raise
        finally:
            method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
            self.requests.add(method, route_template(scope), status, perf_counter() - start)
