"""What a service measures of itself, for Prometheus.

Hot paths add to plain numbers; they become Prometheus' families only when somebody asks, through prometheus-client's
collectors. Everything is of one app in one process: of several workers on one port each answers for itself, and a
scrape meets one of them by chance. Give each worker a port of its own, or run one worker per container, to see all.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from math import inf
from time import perf_counter

from prometheus_client import Histogram
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tortoise_kit.db.pool_status import PoolStatus
from tortoise_kit.http.concurrency_limit import RequestCounts

BUCKETS_SECONDS = Histogram.DEFAULT_BUCKETS  # 5 ms to 10 s, above any deadline that a client would wait for
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"  # a method is any word that a client likes, and each would be a series
NO_ROUTE = "none"
STATUS_BUG = 500
STATUS_CLIENT_GONE = 499  # nginx's number for a client that did not wait


class RequestMetrics(Collector):
    """Requests by method, route template and status; durations by method and route; those in flight and refused."""

    def __init__(self, counts: RequestCounts) -> None:
        self._counts = counts
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
        """Prometheus' view."""
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
        counts = self._counts
        yield GaugeMetricFamily("http_requests_in_flight", "Requests being served.", counts.in_flight)
        yield CounterMetricFamily("http_requests_shed", "Requests refused, too many in flight.", counts.shed)
        yield CounterMetricFamily("http_requests_overdue", "Requests stopped at their deadline.", counts.overdue)
        yield CounterMetricFamily("http_requests_abandoned", "Requests whose client had gone.", counts.abandoned)


class PoolMetrics(Collector):
    """The connection pool; nothing where there is none.

    Args:
        status: Asked at each scrape.
    """

    def __init__(self, status: Callable[[], PoolStatus | None]) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Prometheus' view."""
        status = self._status()
        if status is None:
            return
        yield GaugeMetricFamily("db_pool_size", "Open connections.", status.size)
        yield GaugeMetricFamily("db_pool_idle", "Open connections that nobody uses.", status.idle)
        yield GaugeMetricFamily("db_pool_in_use", "Open connections in use.", status.in_use)
        yield GaugeMetricFamily("db_pool_waiting", "Tasks that wait for a connection.", status.waiting)
        yield GaugeMetricFamily("db_pool_max_size", "Connections at most.", status.max_size)
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
        """Each bucket holds those below it too, as Prometheus wants it."""
        total = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip(BUCKETS_SECONDS, self.counts, strict=True):
            total += count
            buckets.append(("+Inf" if bound == inf else str(bound), total))
        return buckets


class MetricsMiddleware:
    """Count each request and its time in `metrics`."""

    def __init__(self, app: ASGIApp, *, metrics: RequestMetrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = STATUS_CLIENT_GONE
        start = perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except BaseException:
            status = STATUS_BUG if status == STATUS_CLIENT_GONE else status
            raise
        finally:
            method = scope["method"] if scope["method"] in METHODS else OTHER_METHOD
            self.metrics.add(method, route_template(scope), status, perf_counter() - start)


def route_template(scope: Scope) -> str:
    """The route that served a request, such as `/products/{id}`; never the path, of which there is no end.

    FastAPI leaves in `scope["route"]` a route as its own router knows it, and keeps the prefix elsewhere.
    """
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "path_format", NO_ROUTE)
