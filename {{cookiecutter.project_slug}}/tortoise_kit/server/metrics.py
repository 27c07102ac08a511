"""Metrics of the server: who runs, who waits, what was rejected."""

from typing import Any

from prometheus_client import Counter, Histogram

from tortoise_kit.http.metrics import Metrics
from tortoise_kit.http.observation import ServedRequest
from tortoise_kit.http.sampled_metrics import Increasing, gauge
from tortoise_kit.server.control import AdmissionControl

BUCKETS_SECONDS = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)


class ServerMetrics:
    """The numbers of an AdmissionControl, among those of an app. Pass `observe` to the RequestObserverMiddleware."""

    def __init__(self, metrics: Metrics, control: AdmissionControl) -> None:
        registry = metrics.registry
        self._control = control
        self._running = gauge(registry, "http_requests_running", "Requests that have a place.")
        self._waiting = gauge(registry, "http_requests_waiting", "Requests that wait for a place.")
        self._connections = gauge(registry, "http_connections", "Open connections of clients.")
        self._wait = Histogram(
            "http_request_wait_seconds", "Waits for a place.", buckets=BUCKETS_SECONDS, registry=registry
        )
        self._rejected = Counter(
            "http_rejected", "What a limit has rejected or closed.", ("reason",), registry=registry
        )
        self._reasons: dict[str, Any] = {}
        metrics.samplers.append(self.sample)

    def observe(self, served: ServedRequest) -> None:
        """Count the wait of one request."""
        self._wait.observe(served.waited)

    def sample(self) -> None:
        """Write the numbers of now."""
        self._running.set(self._control.running)
        self._waiting.set(self._control.waiting)
        self._connections.set(len(self._control.connections))
        for reason, count in self._control.rejected.copy().items():  # a scrape is served in a thread
            if reason not in self._reasons:
                self._reasons[reason] = Increasing(self._rejected.labels(reason))
            self._reasons[reason].reach(count)
