"""Requests per second, latencies and errors over HTTP: all apps in turns, in some rounds."""

import asyncio
from collections.abc import Sequence
from statistics import median

from benchmarks.compare import client, wrk
from benchmarks.compare.results import Load
from benchmarks.compare.server import Server
from benchmarks.compare.subjects import Subject, answers, turns

CONNECTIONS = 32
WARM_UP_SECONDS = 1.0  # at most; each connection of a pool prepares its statements

type Seen = tuple[float, float, float, int]


def measure(servers: Sequence[Server], token: str, *, rounds: int, seconds: float, program: str | None) -> list[Load]:
    """All apps in turns, for so long in each round; `program` is wrk's path, None for our client."""
    found: dict[tuple[str, str], list[Seen]] = {}
    for subject, number in turns(rounds, "HTTP"):
        for server in (each for each in servers if answers(each.entrant, subject)):
            if number == 0:
                _by_python(server, subject, token, seconds=min(seconds, WARM_UP_SECONDS))
                continue
            if program:
                seen = wrk.load(program, server.port, subject, token, connections=CONNECTIONS, seconds=seconds)
            else:
                seen = _by_python(server, subject, token, seconds=seconds)
            found.setdefault((server.entrant.name, subject.name), []).append(seen)
    return [_load(entrant, subject, all_seen) for (entrant, subject), all_seen in found.items()]


def _by_python(server: Server, subject: Subject, token: str, *, seconds: float) -> Seen:
    requests = client.requests_of(subject, token)
    return asyncio.run(client.load(server.port, requests, connections=CONNECTIONS, seconds=seconds)).summary()


def _load(entrant: str, subject: str, all_seen: list[Seen]) -> Load:
    rates, p50s, p99s, errors = zip(*all_seen, strict=True)
    return Load(entrant, subject, median(rates), median(p50s), median(p99s), sum(errors), list(rates))
