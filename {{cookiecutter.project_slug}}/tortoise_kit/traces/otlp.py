"""Sending spans by OTLP over HTTP, without values; it needs the packages of the dependency group `otel`."""

import os
from collections.abc import Mapping, Sequence
from typing import override

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, Status, TraceState

# A client writes these: paths and query strings, the Host header, methods, messages of errors with what it sent.
LEFT_OUT = frozenset(
    {
        "exception.message",
        "exception.stacktrace",
        "http.request.method_original",
        "server.address",
        "server.port",
        "url.full",
        "url.path",
        "url.query",
        "user_agent.original",
    }
)


def tracer_provider(service: str) -> TracerProvider:
    """The process's provider, also for spans of the service's own code; created once."""
    current = trace.get_tracer_provider()
    if isinstance(current, TracerProvider):
        return current
    provider = TracerProvider(resource=_resource(service), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(ExporterWithoutValues(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    return provider


def _resource(service: str) -> Resource:
    named = "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return Resource.create({} if named else {"service.name": service})


class ExporterWithoutValues(SpanExporter):
    """Exports spans without what a client wrote; see `LEFT_OUT`."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([without_values(span) for span in spans])

    @override
    def shutdown(self) -> None:
        self._exporter.shutdown()

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def without_values(span: ReadableSpan) -> ReadableSpan:
    """The span without what a client wrote, and without the text of its status."""
    return ReadableSpan(
        name=span.name,
        context=_without_state(span.context),
        parent=_without_state(span.parent),
        resource=span.resource,
        attributes=_allowed(span.attributes),
        events=[Event(event.name, _allowed(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed[Value](attributes: Mapping[str, Value] | None) -> dict[str, Value]:
    return {name: value for name, value in (attributes or {}).items() if name not in LEFT_OUT}


def _without_state(context: SpanContext | None) -> SpanContext | None:
    """The header `tracestate` may contain anything."""
    if context is None:
        return None
    return SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags, TraceState())
