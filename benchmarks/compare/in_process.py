"""What a request costs in process: no server and no network, some requests at once, all apps in turns in each round.

Nobody else uses Postgres meanwhile, so what its processes do is for the app whose turn it is.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import asyncpg

from benchmarks.compare.agreement import check
from benchmarks.compare.counters import PostgresCounters, spent
from benchmarks.compare.results import Measure, Rounds
from benchmarks.compare.subjects import (
    DELETE,
    PLAIN_PRODUCT,
    SUBJECTS,
    Entrant,
    Subject,
    answers,
    deleting,
    in_turns,
    turns,
)
from benchmarks.environment import environment

WARM_UP_REQUESTS = 200
FIRST_DELETED_PRODUCT = 1_000_000
# As old as none of the others, so that no list sees them.
NEW_PRODUCTS = """
INSERT INTO products
    (id, sku, name, description, price, stock, attributes, category_id, created_at, updated_at, search)
SELECT number, 'GONE-' || number, name, description, price, stock, attributes, category_id, '2000-01-01', '2000-01-01',
    search
FROM products, generate_series($1::bigint, $2::bigint) AS number WHERE id = $3
"""
NO_INSTRUCTIONS = "Instructions are not counted: the processor or the system does not do so here."

type Answer = dict[str, Any]


class WorkerError(Exception):
    """An app that does not start, or ends."""


@dataclass(frozen=True)
class Worker:
    """One app in a separate process."""

    entrant: Entrant
    process: subprocess.Popen[str]
    token: str

    def ask(self, subject: Subject, requests: int) -> Answer:
        """What this number of requests costs.

        Raises:
            WorkerError: The app has ended, or the last response is not right.
        """
        question = {
            "method": subject.method,
            "calls": subject.calls,
            "headers": headers_of(subject, self.token),
            "requests": requests,
            "at_once": min(subject.at_once, requests),
        }
        line = self._asked(question)
        if not line:
            message = f"{self.entrant.name} ended at {subject.name}; its output is above."
            raise WorkerError(message)
        answer: Answer = json.loads(line)
        if answer["status"] != subject.status:
            message = f"{self.entrant.name} answers {answer['status']} to {subject.name}: {answer['body'][:200]}"
            raise WorkerError(message)
        return answer

    def _asked(self, question: dict[str, Any]) -> str:
        if self.process.stdin is None or self.process.stdout is None or self.process.poll() is not None:
            return ""
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


def headers_of(subject: Subject, token: str) -> dict[str, str]:
    """What a request has besides the host."""
    return {
        **({"authorization": f"Bearer {token}"} if subject.signed_in else {}),
        **({"content-type": subject.content_type} if subject.content_type else {}),
    }


@contextmanager
def worker(entrant: Entrant, database_url: str, token: str) -> Generator[Worker]:
    """A process that ends with the block."""
    command = [sys.executable, "-m", "benchmarks.compare.worker", entrant.factory]
    with subprocess.Popen(  # noqa: S603  # a module of this package
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(database_url, entrant.folder)
    ) as process:
        yield Worker(entrant, process, token)


@dataclass
class InProcess:
    """Measures apps that run in workers, on a Postgres that can be looked at.

    Attributes:
        rounds: What was found.
        notes: What could not be measured, and why.
    """

    workers: Sequence[Worker]
    runner: asyncio.Runner
    connection: Any
    counters: PostgresCounters
    rounds: Rounds = field(default_factory=Rounds)
    new_products: Iterator[int] = field(default_factory=lambda: count(FIRST_DELETED_PRODUCT))

    def compare(self) -> None:
        """Ask each app each subject once.

        Raises:
            DisagreementError: Two apps do not answer alike; nothing is to be measured.
        """
        for subject in SUBJECTS:
            found = {each.entrant.name: self.ask(each, subject, 1)["body"] for each in self.asked(subject)}
            check(subject, {name: json.loads(body or "null") for name, body in found.items()})

    def asked(self, subject: Subject) -> Sequence[Worker]:
        """The workers that answer a subject."""
        return [each for each in self.workers if answers(each.entrant, subject)]

    def ask(self, one: Worker, subject: Subject, requests: int) -> Answer:
        """Ask for the cost of some requests; there is a product for each that deletes one."""
        if subject.name != DELETE:
            return one.ask(subject, requests)
        products = [next(self.new_products) for _ in range(requests)]
        self._insert(products)
        return one.ask(deleting(subject, products), requests)

    def warm_up(self, one: Worker, subject: Subject, requests: int) -> None:
        """Let an app prepare, then count what depends on no clock."""
        self.ask(one, subject, min(requests, WARM_UP_REQUESTS))
        before = self.runner.run(self.counters.statements())
        body: str = self.ask(one, subject, subject.at_once)["body"]
        after = self.runner.run(self.counters.statements())
        counted = None if before is None or after is None else after - before
        if subject.name == DELETE and counted is not None:
            counted -= 1  # the INSERT of what is deleted
        statements = None if counted is None else counted / subject.at_once
        numbers: dict[Measure, float | None] = {Measure.STATEMENTS: statements, Measure.BYTES: len(body.encode())}
        self.rounds.add(subject.name, one.entrant.name, numbers)

    def measure(self, one: Worker, subject: Subject, requests: int) -> None:
        """One round of an app."""
        before = self.counters.cpu()
        answer = self.ask(one, subject, requests)
        postgres = spent(before, self.counters.cpu())
        instructions = answer["instructions"]
        numbers = {
            Measure.APP: answer["cpu_microseconds"],
            Measure.POSTGRES: postgres and postgres / requests,
            Measure.INSTRUCTIONS: instructions and instructions / 1e3,
        }
        self.rounds.add(subject.name, one.entrant.name, numbers)

    def _insert(self, products: Sequence[int]) -> None:
        self.runner.run(self.connection.execute(NEW_PRODUCTS, products[0], products[-1], PLAIN_PRODUCT))


def measure(
    entrants: Sequence[Entrant], database_url: str, token: str, *, rounds: int, requests: int
) -> tuple[Rounds, list[str]]:
    """All apps in turns, with this number of requests to each in every round; returns what could not be measured, too.

    Raises:
        DisagreementError: Two apps do not answer alike; nothing was measured.
        WorkerError: An app does not answer as it should.
    """
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        connection = runner.run(asyncpg.connect(database_url, timeout=10))
        counters = runner.run(PostgresCounters.open(database_url))
        workers = [stack.enter_context(worker(each, database_url, token)) for each in entrants]
        found = InProcess(workers, runner, connection, counters)
        found.compare()
        for subject, number in turns(SUBJECTS, rounds, "CPU in process"):
            for one in in_turns(found.asked(subject), number):
                (found.measure if number else found.warm_up)(one, subject, subject.requests(requests))
        runner.run(connection.close())
        runner.run(counters.close())
    counted = any(each.measure is Measure.INSTRUCTIONS for each in found.rounds.series())
    return found.rounds, [*counters.notes, *([] if counted else [NO_INSTRUCTIONS])]
