"""Metrics of the service, for Prometheus.

With several workers each writes its numbers to files in PROMETHEUS_MULTIPROC_DIR, as prometheus-client does: whichever
worker serves the scrape adds up those of all, also of workers that were killed. `serve` sets the variable; a program
that starts workers by itself must set it before they start, to an empty folder.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from platform import python_version
from tempfile import TemporaryDirectory
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tortoise_kit.http.observation import STATUS_SWITCHING, ServedRequest
from tortoise_kit.http.sampled_metrics import BugMetrics, PoolMetrics, PythonMetrics, WorkersCollector, gauge

BUCKETS_SECONDS = Histogram.DEFAULT_BUCKETS  # 5 ms to 10 s, above any deadline that a client would wait for
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SAMPLE_SECONDS = 5.0  # below the interval of any scrape


@contextmanager
def metrics_of_workers(workers: int) -> Iterator[None]:
    """Where the workers that the block starts write their metrics, if there are several."""
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


class Metrics:
    """The metrics of one app, in a separate registry, so that several apps can live in one process.

    Numbers of requests are counted when they happen. The others are sampled: at a scrape, and every `SAMPLE_SECONDS`
    where there are several workers, since a scrape reaches only one of them.

    Attributes:
        registry: Register further metrics of prometheus-client here.
        samplers: Called before each scrape, to write numbers that are counted elsewhere.

    Args:
        service: Name and version, for `service_info`.
    """

    def __init__(self, service: Mapping[str, str]) -> None:
        self.registry = CollectorRegistry()
        self._requests = _RequestMetrics(self.registry)
        self.samplers: list[Callable[[], None]] = [
            part(self.registry).sample for part in (PoolMetrics, PythonMetrics, BugMetrics)
        ]
        if not self.is_shared:
            ProcessCollector(registry=self.registry)
        labels = {**service, "python": python_version()}
        info = gauge(self.registry, "service_info", "What runs; always 1.", tuple(labels), mode="livemax")
        info.labels(**labels).set(1)
        self.observe = self._requests.observe

    @property
    def is_shared(self) -> bool:
        """Whether several workers add up their numbers."""
        return FOLDER in os.environ

    def sample(self) -> None:
        """Write the numbers that are not counted by requests."""
        for sample in self.samplers:
            sample()

    @asynccontextmanager
    async def sampled(self) -> AsyncGenerator[None]:
        """Sample while the block runs, if other workers serve scrapes too."""
        task = asyncio.create_task(self._sample_regularly())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _sample_regularly(self) -> None:
        while self.is_shared:
            self.sample()
            await asyncio.sleep(SAMPLE_SECONDS)

    def text(self) -> bytes:
        """All metrics in Prometheus' text format, version 0.0.4."""
        self.sample()
        if not self.is_shared:
            return generate_latest(self.registry)
        folder = Path(os.environ[FOLDER])
        registry = CollectorRegistry()
        registry.register(WorkersCollector(folder))  # first: it removes the gauges of dead workers
        MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class _RequestMetrics:
    """Requests, what they sent to the database, and why some were rejected."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter("http_requests", "Requests served.", ("method", "route", "status"), registry=registry)
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From a request's head to the end of its work.",
            ("method", "route"),
            buckets=BUCKETS_SECONDS,
            registry=registry,
        )
        self._problems = Counter("http_problems", "Responses with a problem.", ("type", "status"), registry=registry)
        self._queries = Counter("db_queries", "Statements of requests.", registry=registry)
        self._query_seconds = Counter("db_query_seconds", "The time of these statements.", registry=registry)
        self._retries = Counter("db_transaction_retries", "Transactions that ran again.", registry=registry)
        self._series: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def observe(self, served: ServedRequest) -> None:
        """Count one request."""
        key = served.method, served.route, served.status
        if (series := self._series.get(key)) is None:
            series = self._series[key] = (
                self._requests.labels(served.method, served.route, str(served.status)),
                self._seconds.labels(served.method, served.route),
            )
        series[0].inc()
        if served.status != STATUS_SWITCHING:  # a WebSocket lasts as long as its client likes
            series[1].observe(served.seconds)
        if served.queries:
            self._queries.inc(served.queries)
            self._query_seconds.inc(served.database_seconds)
        if served.retries:
            self._retries.inc(served.retries)
        if served.problem:
            self._problems.labels(served.problem, str(served.status)).inc()
