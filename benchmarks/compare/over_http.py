"""Requests per second, latencies and errors over HTTP: all apps in turns, in some rounds."""

import asyncio
import time
from collections.abc import Sequence

from benchmarks.compare import client, wrk
from benchmarks.compare.results import Measure, Rounds
from benchmarks.compare.server import Server
from benchmarks.compare.subjects import MANY_CONNECTIONS, SUBJECTS, Subject, answers, in_turns, turns, under_load

WARM_UP_SECONDS = 1.0  # at most; each connection of a pool prepares its statements
SETTLE_SECONDS = 1.0  # after a load by many connections: the app still serves what these asked for, and closes them

type Seen = tuple[float, float, float, int]


def measure(servers: Sequence[Server], token: str, *, rounds: int, seconds: float, program: str | None) -> Rounds:
    """All apps in turns, for so long in each round; `program` is wrk's path, None for our client."""
    found = Rounds()
    for subject, number in turns([each for each in SUBJECTS if each.connections], rounds, "HTTP"):
        asked = [each for each in servers if answers(each.entrant, subject)]
        for server in in_turns(asked, number):
            for connections in subject.connections:
                if number == 0:
                    _by_python(server, subject, token, connections=connections, seconds=min(seconds, WARM_UP_SECONDS))
                    continue
                if program:
                    seen = wrk.load(program, server.port, subject, token, connections=connections, seconds=seconds)
                else:
                    seen = _by_python(server, subject, token, connections=connections, seconds=seconds)
                _add(found, under_load(subject.name, connections), server.entrant.name, seen)
                if connections in MANY_CONNECTIONS:
                    time.sleep(SETTLE_SECONDS)
    return found


def _by_python(server: Server, subject: Subject, token: str, *, connections: int, seconds: float) -> Seen:
    requests = client.requests_of(subject, token)
    return asyncio.run(client.load(server.port, requests, connections=connections, seconds=seconds)).summary()


def _add(found: Rounds, subject: str, by: str, seen: Seen) -> None:
    rate, p50, p99, errors = seen
    found.add(subject, by, {Measure.RATE: rate, Measure.P50: p50, Measure.P99: p99, Measure.ERRORS: errors})
