"""Requests per second, latencies and errors over HTTP: all apps in turns, in some rounds."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from statistics import median

from benchmarks.compare import client, wrk
from benchmarks.compare.results import Load
from benchmarks.compare.server import Server
from benchmarks.compare.subjects import SUBJECTS, Subject, answers

CONNECTIONS = 32
WARM_UP_SECONDS = 1.0  # at most; each connection of a pool prepares its statements

type Seen = tuple[float, float, float, int]


def measure(  # noqa: PLR0913  # all but what is measured is said by name
    servers: Sequence[Server],
    token: str,
    *,
    rounds: int,
    seconds: float,
    program: str | None,
    track: Callable[[Iterable[int]], Iterable[int]],
) -> list[Load]:
    """All apps in turns, each subject for so long in each round; `program` is wrk's path, None for our client."""
    found: dict[tuple[str, str], list[Seen]] = {}
    pairs = [(subject, server) for subject, server in product(SUBJECTS, servers) if answers(server.entrant, subject)]
    for subject, server in pairs:
        _by_python(server, subject, token, connections=CONNECTIONS, seconds=min(seconds, WARM_UP_SECONDS))
    for _ in track(range(rounds)):
        for subject, server in pairs:
            if program:
                seen = wrk.load(program, server.port, subject, token, connections=CONNECTIONS, seconds=seconds)
            else:
                seen = _by_python(server, subject, token, connections=CONNECTIONS, seconds=seconds)
            found.setdefault((server.entrant.name, subject.name), []).append(seen)
    return [_load(entrant, subject, all_seen) for (entrant, subject), all_seen in found.items()]


def _by_python(server: Server, subject: Subject, token: str, *, connections: int, seconds: float) -> Seen:
    requests = client.requests_of(subject, token)
    return asyncio.run(client.load(server.port, requests, connections=connections, seconds=seconds)).summary()


def _load(entrant: str, subject: str, all_seen: list[Seen]) -> Load:
    rates, p50s, p99s, errors = zip(*all_seen, strict=True)
    return Load(entrant, subject, median(rates), median(p50s), median(p99s), sum(errors), list(rates))
