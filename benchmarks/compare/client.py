"""A client in Python: connections that stay open, each with one request at a time.

Where both share cores it takes more CPU from the app than wrk does: only compare runs with the same client.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles

from benchmarks.compare.server import HOST
from benchmarks.compare.subjects import Subject

ANSWER_SECONDS = 30
OK = range(200, 300)


@dataclass
class Measured:
    """What the client saw: seconds of each right answer, all others, and how long it went on."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0

    def summary(self) -> tuple[float, float, float, int]:
        """Requests per second, p50 and p99 in milliseconds, errors."""
        if len(self.latencies) < 2:  # noqa: PLR2004  # quantiles need two
            return 0.0, 0.0, 0.0, self.errors
        cuts = quantiles(self.latencies, n=100)
        return len(self.latencies) / self.seconds, cuts[49] * 1e3, cuts[98] * 1e3, self.errors


def requests_of(subject: Subject, token: str) -> list[bytes]:
    """A subject as bytes for the wire, one for each call."""
    return [_request(subject, token, path, body.encode()) for path, body in subject.calls]


def _request(subject: Subject, token: str, path: str, body: bytes) -> bytes:
    lines = [f"{subject.method} {path} HTTP/1.1", f"Host: {HOST}"]
    if subject.signed_in:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += [f"Content-Type: {subject.content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    """One request and its answer's status."""
    writer.write(request)
    async with asyncio.timeout(ANSWER_SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        length = lowered.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
    return int(head.split(b" ", 2)[1])


async def load(port: int, requests: list[bytes], *, connections: int, seconds: float) -> Measured:
    """Keep this number of connections busy for a time."""
    measured, wanted = Measured(), cycle(requests)
    begun = time.perf_counter()
    await asyncio.gather(*(_caller(port, wanted, begun + seconds, measured) for _ in range(connections)))
    measured.seconds = time.perf_counter() - begun
    return measured


async def _caller(port: int, requests: Iterator[bytes], end: float, measured: Measured) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        while True:  # at least once, however long it took to connect
            begun = time.perf_counter()
            status = await exchange(reader, writer, next(requests))
            if status in OK:
                measured.latencies.append(time.perf_counter() - begun)
            else:
                measured.errors += 1
            if time.perf_counter() >= end:
                return
    except (OSError, EOFError, TimeoutError):
        measured.errors += 1
    finally:
        writer.close()
