"""App CPU of a request: no server and no network, 16 requests at once, the best of some rounds in turns."""

import json
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks.compare.agreement import check
from benchmarks.compare.results import Cpu
from benchmarks.compare.subjects import SUBJECTS, Entrant, Subject, answers, turns
from benchmarks.environment import environment

WARM_UP_REQUESTS = 200

type Ask = Callable[[Subject, int], dict[str, Any]]


class WorkerError(Exception):
    """An app that does not start, or ends."""


@contextmanager
def worker(entrant: Entrant, database_url: str, token: str) -> Generator[Ask]:
    """One app in a separate process, which ends with the block."""
    command = [sys.executable, "-m", "benchmarks.compare.worker", entrant.factory]
    with subprocess.Popen(  # noqa: S603  # a module of this package
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(database_url, entrant.folder)
    ) as process:

        def ask(subject: Subject, requests: int) -> dict[str, Any]:
            question = {
                "method": subject.method,
                "path": subject.path,
                "token": token if subject.signed_in else "",
                "bodies": [body.decode() for body in subject.bodies],
                "requests": requests,
            }
            line = _asked(process, question)
            if not line:
                message = f"{entrant.name} ended at {subject.name}; its output is above."
                raise WorkerError(message)
            answer: dict[str, Any] = json.loads(line)
            if answer["status"] != subject.status:
                message = f"{entrant.name} answers {answer['status']} to {subject.name}: {answer['body'][:200]}"
                raise WorkerError(message)
            return answer

        yield ask


def _asked(process: subprocess.Popen[str], question: dict[str, Any]) -> str:
    if process.stdin is None or process.stdout is None or process.poll() is not None:
        return ""
    process.stdin.write(json.dumps(question) + "\n")
    process.stdin.flush()
    return process.stdout.readline()


def measure(entrants: Sequence[Entrant], database_url: str, token: str, *, rounds: int, requests: int) -> list[Cpu]:
    """All apps in turns, with this number of requests to each in every round.

    Raises:
        DisagreementError: Two apps do not answer alike; nothing was measured.
        WorkerError: An app does not answer as it should.
    """
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        asks = {each: stack.enter_context(worker(each, database_url, token)) for each in entrants}
        for subject in SUBJECTS:
            bodies = {
                each.name: json.loads(ask(subject, 1)["body"]) for each, ask in asks.items() if answers(each, subject)
            }
            check(subject, bodies)
        for subject, number in turns(rounds, "CPU in process"):
            for entrant in (each for each in entrants if answers(each, subject)):
                if number == 0:
                    asks[entrant](subject, min(requests, WARM_UP_REQUESTS))
                else:
                    cost = asks[entrant](subject, requests)["cpu_microseconds"]
                    found.setdefault((entrant.name, subject.name), []).append(cost)
    return [Cpu(entrant, subject, min(costs), costs) for (entrant, subject), costs in found.items()]
