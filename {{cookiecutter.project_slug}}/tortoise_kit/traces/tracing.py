"""Whether and where to send spans, as OpenTelemetry's own variables say.

OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318    switches it on
"""

import asyncio
import os
from collections.abc import Callable, Collection
from contextlib import suppress
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Self

from opentelemetry import trace

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
EXPORTER = "OTEL_TRACES_EXPORTER"
SUPPORTED = {
    EXPORTER: "otlp",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
}
PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter")
FLUSH_SECONDS = 2.0  # for the last spans when a process ends; a collector that is away takes ten to give up


class TracingError(Exception):
    """Spans should be sent, and cannot be."""


class Tracing:
    """Spans of requests and their statements, sent in the background by a thread of this process.

    Enter it for as long as the service runs: what is left at the end is sent within two seconds, or lost. Requests do
    not wait for a collector; while it is away, their spans are dropped.

    Args:
        service: `service.name` of the spans, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES has one.
        exempt: Paths without spans, such as health checks.

    Attributes:
        telemetry: For `FastAPI(telemetry=...)`. Without a collector it switches off FastAPI's own telemetry, too: its
            spans contain query strings.

    Raises:
        TracingError: See `is_configured`.
    """

    def __init__(self, *, service: str, exempt: Collection[str] = ()) -> None:
        self._provider = _provider(service) if self.is_configured() else None
        self.telemetry: TelemetryConfig = {
            "tracing": self._provider is not None,
            "tracer_provider": self._provider,
            "operation_spans": False,
            "exclude": lambda scope: scope.get("path") in exempt,
            "metrics": False,
            "logs": False,  # they contain the texts of errors
            "auto_configure": False,
        }

    @staticmethod
    def is_configured() -> bool:
        """Whether OpenTelemetry's variables name a collector.

        Raises:
            TracingError: They do, and the packages to reach it are not installed, or they name another exporter or
                protocol.
        """
        off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get(EXPORTER) == "none"
        named = [name for name in ENDPOINTS if os.environ.get(name)]
        if off or not named:
            return False
        for name, supported in SUPPORTED.items():
            if (given := os.environ.get(name) or supported) != supported:
                message = f"{name} is {given!r}, and only {supported} is supported; collectors take it at port 4318."
                raise TracingError(message)
        if not all(map(find_spec, PACKAGES)):
            message = (
                f"{named[0]} is set, and OpenTelemetry's exporter is not installed: `uv sync --group otel` installs "
                "it. Without the variable the service runs without traces."
            )
            raise TracingError(message)
        return True

    @property
    def tracer(self) -> trace.Tracer | None:
        """Starts spans; None if there is no collector."""
        return self._provider.get_tracer("tortoise_kit") if self._provider else None

    async def __aenter__(self) -> Self:
        """Do nothing."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Send what is left."""
        if self._provider is not None:
            await _in_thread(self._provider.force_flush, seconds=FLUSH_SECONDS)


def _provider(service: str) -> "TracerProvider":
    from tortoise_kit.traces.otlp import tracer_provider  # noqa: PLC0415 -- its packages are optional

    return tracer_provider(service)


async def _in_thread(work: Callable[[], object], *, seconds: float) -> None:
    """Wait for blocking work, but not longer; unlike an executor's, its thread does not hold up the process's end."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def run() -> None:
        work()
        with suppress(RuntimeError):  # the loop did not wait, and is closed
            loop.call_soon_threadsafe(done.set)

    Thread(target=run, name="flush-spans", daemon=True).start()
    with suppress(TimeoutError):
        await asyncio.wait_for(done.wait(), seconds)
