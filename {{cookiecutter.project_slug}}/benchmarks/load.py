"""A small HTTP client that keeps some connections busy, one request at a time on each."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.service import HOST, Route

RESPONSE_SECONDS = 10
OK = 200


@dataclass(frozen=True)
class Limits:
    """Of one round: requests at once, requests in all, and seconds."""

    connections: int
    requests: int
    seconds: float


@dataclass(frozen=True)
class Round:
    """One route for some time: percentiles of the latencies in milliseconds; errors are responses other than 200."""

    requests: int
    seconds: float
    p50: float
    p90: float
    p99: float
    errors: int


async def load(port: int, route: Route, token: str, limits: Limits) -> Round:
    """Read the route again and again, until the first limit is reached."""
    lines = (f"GET {route.path} HTTP/1.1", f"Host: {HOST}", f"Authorization: Bearer {token}", "", "")
    request, turns = "\r\n".join(lines).encode(), iter(range(limits.requests))
    begun = time.perf_counter()
    connections = [_read_for(port, request, turns, limits.seconds) for _ in range(limits.connections)]
    results = await asyncio.gather(*connections)
    elapsed = time.perf_counter() - begun
    latencies = [latency * 1000 for of_one, _ in results for latency in of_one]
    cuts = quantiles(latencies, n=100) if len(latencies) > 1 else [0.0] * 99
    return Round(len(latencies), elapsed, cuts[49], cuts[89], cuts[98], sum(errors for _, errors in results))


async def _read_for(port: int, request: bytes, turns: Iterator[int], seconds: float) -> tuple[list[float], int]:
    """The latencies of one connection's right responses in seconds, and how many others came."""
    reader, writer = await asyncio.open_connection(HOST, port)
    latencies, errors, end = [], 0, time.perf_counter() + seconds
    try:
        while (begun := time.perf_counter()) < end and next(turns, None) is not None:
            writer.write(request)
            async with asyncio.timeout(RESPONSE_SECONDS):
                status = await _response(reader)
            if status == OK:
                latencies.append(time.perf_counter() - begun)
            else:
                errors += 1
    except (OSError, EOFError, TimeoutError):
        errors += 1
    finally:
        writer.close()
    return latencies, errors


async def _response(reader: asyncio.StreamReader) -> int:
    """Reads one response to its end; returns its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head.split(b" ", 2)[1])
