"""An OpenTelemetry collector in this process: it takes spans by OTLP over HTTP, and keeps them.

Import it by its file: it needs the packages of the dependency group `otel`.
"""

import gzip
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import anyio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1 import trace_pb2

WAIT_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Span:
    """A span as it arrived; ids are hexadecimal, `parent` is empty at the root."""

    name: str
    id: str
    parent: str
    trace: str
    milliseconds: float
    begun: int
    failed: bool
    attributes: dict[str, Any]
    resource: dict[str, Any]


@dataclass
class Collector:
    """What arrived.

    Attributes:
        url: For OTEL_EXPORTER_OTLP_ENDPOINT.
        received: The bodies of all requests, uncompressed.
    """

    url: str
    received: list[bytes] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """All spans, in the order in which they began."""
        found = [span for body in self.received for span in _spans(body)]
        return sorted(found, key=lambda span: span.begun)

    async def wait_for(self, name: str) -> Span:
        """The first span of this name, once it has arrived."""
        with anyio.fail_after(WAIT_SECONDS):
            while not (found := [span for span in self.spans if span.name == name]):  # noqa: ASYNC110 -- from a thread
                await anyio.sleep(0.05)
        return found[0]

    def below(self, parent: Span) -> list[Span]:
        """The spans whose parent is this one."""
        return [span for span in self.spans if span.parent == parent.id]

    def tree(self, root: Span) -> str:
        """A span and those below it, each on a line with its milliseconds."""
        lines = [f"{root.milliseconds:8.2f} ms  {root.name}"]
        for span in self.below(root):
            lines += [line[:13] + "  " + line[13:] for line in self.tree(span).splitlines()]
        return "\n".join(lines)


@contextmanager
def collecting() -> Generator[Collector]:
    """A collector on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.received.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name that the base has
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield collector
        finally:
            server.shutdown()


def _spans(body: bytes) -> Generator[Span]:
    for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for of_scope in of_resource.scope_spans:
            for span in of_scope.spans:
                yield Span(
                    name=span.name,
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    trace=span.trace_id.hex(),
                    milliseconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e6,
                    begun=span.start_time_unix_nano,
                    failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
                    attributes=_values(span.attributes),
                    resource=_values(of_resource.resource.attributes),
                )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}
