"""Whether and where to send spans, as OpenTelemetry's own variables say.

OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318    switches it on
"""

import asyncio
import os
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, override

from opentelemetry import propagate, trace
from opentelemetry.context import Context, get_current
from opentelemetry.propagators.textmap import TextMapPropagator

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
SAMPLER, RATIO = "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"
PLAIN_SAMPLERS = ("always_on", "always_off", "parentbased_always_on", "parentbased_always_off")
RATIO_SAMPLERS = ("traceidratio", "parentbased_traceidratio")
HEADERS = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS")
_HEADER = re.compile(r"\s*[\w!#$%&'*+.^`|~-]+\s*=[ \t\x21-\x7e]*", re.ASCII)
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
        if propagate.extract({}) is None:  # with OTEL_PROPAGATORS=none, and then each request would fail
            propagate.set_global_textmap(NoPropagation())
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
                protocol, an unknown sampler, or headers that are none.
        """
        off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get(EXPORTER) == "none"
        named = [name for name in ENDPOINTS if os.environ.get(name)]
        if off or not named:
            return False
        for name, supported in SUPPORTED.items():
            if (given := os.environ.get(name) or supported) != supported:
                message = f"{name} is {given!r}, and only {supported} is supported; collectors take it at port 4318."
                raise TracingError(message)
        _check_sampler()
        _check_headers()
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


class NoPropagation(TextMapPropagator):
    """Reads and writes no headers. OpenTelemetry's own propagator for `none` returns no context at all."""

    @override
    def extract(self, carrier: Any, context: Context | None = None, getter: Any = None) -> Context:
        return get_current() if context is None else context

    @override
    def inject(self, carrier: Any, context: Context | None = None, setter: Any = None) -> None:
        """Do nothing."""

    @property
    @override
    def fields(self) -> set[str]:
        return set()


def _check_sampler() -> None:
    """OpenTelemetry takes every trace if it does not know a sampler."""
    sampler = os.environ.get(SAMPLER, "").lower()
    if sampler and sampler not in (*PLAIN_SAMPLERS, *RATIO_SAMPLERS):
        message = f"{SAMPLER} is {sampler!r}; it can be {', '.join(PLAIN_SAMPLERS)}, {' or '.join(RATIO_SAMPLERS)}."
        raise TracingError(message)
    if sampler in RATIO_SAMPLERS and not _is_ratio(given := os.environ.get(RATIO, "")):
        message = f"{RATIO} is {given!r}; with {SAMPLER}={sampler} it must be a number from 0 to 1, such as 0.1."
        raise TracingError(message)


def _is_ratio(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _check_headers() -> None:
    """OpenTelemetry would log what it cannot read, and that may be a key."""
    for name in HEADERS:
        parts = [part for part in os.environ.get(name, "").split(",") if part.strip()]
        if not all(map(_HEADER.fullmatch, parts)):
            message = f"{name} must be NAME=VALUE, with commas between several; it is not shown, since it may be a key."
            raise TracingError(message)


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
