"""Numbers for Prometheus that no request counts: the pool, the replica, the garbage collector, the processes."""

import gc
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector
from prometheus_client.core import Metric
from prometheus_client.multiprocess import mark_process_dead
from prometheus_client.registry import Collector
from tortoise.connection import get_connection
from tortoise.context import get_current_context
from tortoise.exceptions import ConfigurationError

from tortoise_kit.db.engines.asyncpg_pool import PoolStatus, pool_status
from tortoise_kit.logs.records import LoggedErrors

POOL_GAUGES = {
    "size": "Open connections.",
    "idle": "Open connections that are free.",
    "in_use": "Open connections in use.",
    "waiting": "Tasks waiting for a connection.",
    "max_size": "Maximum number of connections.",
}
POOL_COUNTERS = {"acquired": "Connections handed out.", "acquire_seconds": "Waits for a connection."}
SMALLEST = ("process_start_time_seconds", "process_max_fds")  # the other numbers of processes are added up


def gauge(
    registry: CollectorRegistry,
    name: str,
    text: str,
    labels: tuple[str, ...] = (),
    *,
    mode: Literal["livesum", "livemax"] = "livesum",
) -> Gauge:
    """A gauge that is added up over living workers, or is their largest."""
    return Gauge(name, text, labels, registry=registry, multiprocess_mode=mode)


class PoolMetrics:
    """The connection pool and the lag of a replica; there are no series for what there is not."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._gauges: dict[str, Gauge] = {}
        self._counters: dict[str, Increasing] = {}

    def sample(self) -> None:
        """Write the numbers of now."""
        status = of_connection("default", pool_status)
        if isinstance(status, PoolStatus):
            for name, text in POOL_GAUGES.items():
                self._set(f"db_pool_{name}", text, getattr(status, name))
            for name, text in POOL_COUNTERS.items():
                self._reach(f"db_pool_{name}", text, getattr(status, name))
        lag = of_connection("replica", lambda client: getattr(client, "lag", None))
        if lag is not None:
            self._set("db_replica_lag_seconds", "How far the replica is behind.", lag, mode="livemax")

    def _set(self, name: str, text: str, value: float, *, mode: Literal["livesum", "livemax"] = "livesum") -> None:
        if name not in self._gauges:
            self._gauges[name] = gauge(self._registry, name, text, mode=mode)
        self._gauges[name].set(value)

    def _reach(self, name: str, text: str, value: float) -> None:
        if name not in self._counters:
            self._counters[name] = Increasing(Counter(name, text, registry=self._registry))
        self._counters[name].reach(value)


class PythonMetrics:
    """The garbage collector, by generation."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counters = {
            name: Counter(f"python_gc_{metric}", help_text, ("generation",), registry=registry)
            for name, metric, help_text in (
                ("collections", "collections", "Collections."),
                ("collected", "objects_collected", "Objects collected."),
                ("uncollectable", "objects_uncollectable", "Objects that could not be collected."),
            )
        }
        self._series = {
            (name, generation): Increasing(counter.labels(str(generation)))
            for name, counter in self._counters.items()
            for generation in range(len(gc.get_stats()))
        }

    def sample(self) -> None:
        """Write the numbers of now."""
        for generation, stats in enumerate(gc.get_stats()):
            for name in self._counters:
                self._series[name, generation].reach(stats[name])


class BugMetrics:
    """Errors in the log, those of requests, hooks, tasks and threads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._bugs = Increasing(Counter("bugs", "Entries of the log with an error.", registry=registry))

    def sample(self) -> None:
        """Write the number of now."""
        self._bugs.reach(LoggedErrors.count)


class Increasing:
    """A counter for a number that is counted elsewhere."""

    def __init__(self, counter: Any) -> None:
        self._counter = counter
        self._value = 0.0

    def reach(self, value: float) -> None:
        """Add what was counted since the last time; a number that fell began again at 0."""
        self._counter.inc(value - self._value if value >= self._value else value)
        self._value = value


class WorkersCollector(Collector):
    """The numbers of all worker processes, added up; those of dead workers' gauges are removed.

    Args:
        folder: Where workers write their metrics: each file's name ends with the worker's process id.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """The metric families of one scrape."""
        found: dict[str, Metric] = {}
        for pid in self._living():
            for family in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                known = found.setdefault(family.name, family)
                if known is not family:
                    _add(known, family)
        yield from found.values()

    def _living(self) -> list[int]:
        pids = {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("*.db")}
        living = {pid for pid in pids if _is_alive(pid)}
        for pid in pids - living:
            mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
        return sorted(living)


def _add(total: Metric, more: Metric) -> None:
    pairs = zip(total.samples, more.samples, strict=True)
    combined = [(min if mine.name in SMALLEST else sum)((mine.value, other.value)) for mine, other in pairs]
    total.samples = [sample._replace(value=value) for sample, value in zip(total.samples, combined, strict=True)]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def of_connection(name: str, read: Any) -> Any:
    """What `read` returns for a connection; None while there is no connection: the other metrics are worth having."""
    try:
        return read(get_connection(name)) if get_current_context() else None
    except ConfigurationError:
        return None
