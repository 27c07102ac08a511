"""Traces: spans of requests and of their statements, without values, for an OpenTelemetry collector."""

from tortoise_kit.traces.tracing import Tracing, TracingError

__all__ = ["Tracing", "TracingError"]
