"""What was measured, and how it is kept: one JSON document for each run, and one line for each in a history."""

import json
import platform
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib.metadata import distributions
from os import cpu_count
from pathlib import Path
from statistics import median
from typing import Any

FORMAT = 2
PACKAGES = (
    *("fastapi", "starlette", "pydantic", "tortoise-orm", "asyncpg", "sqlalchemy", "orjson", "uvicorn", "uvloop"),
    "httptools",
)


class ResultError(Exception):
    """A file that holds no result, or one of another format."""


class Measure(StrEnum):
    """What a number counts, and its unit; the first six are of one request in process."""

    APP = "app CPU, µs"
    POSTGRES = "Postgres CPU, µs"
    INSTRUCTIONS = "instructions, thousands"
    STATEMENTS = "statements"
    BYTES = "bytes"
    RATE = "requests/s"
    P50 = "p50, ms"
    P99 = "p99, ms"
    ERRORS = "errors"
    MEMORY = "memory, MiB"
    MEMORY_AFTER_LOGINS = "memory after logins, MiB"
    TIME = "ms"
    BUFFERS = "buffers"


COUNTED = (Measure.STATEMENTS, Measure.BYTES, Measure.BUFFERS)
"""The same in each round, so that one round says all."""


@dataclass(frozen=True)
class Series:
    """One measure of one app and subject, in each round."""

    measure: Measure
    subject: str
    by: str
    rounds: list[float]


@dataclass(frozen=True)
class Result:
    """One run.

    Attributes:
        taken_at: When it began, in UTC.
        form: What was asked for: size of the data, rounds, and who put the load on.
        versions: Of the machine's and the service's parts.
        notes: What could not be measured here, and why.
    """

    taken_at: str
    form: dict[str, Any]
    versions: dict[str, Any]
    series: list[Series]
    notes: list[str] = field(default_factory=list)
    format: int = field(default=FORMAT)

    def rounds(self, measure: Measure, subject: str, by: str) -> list[float]:
        """Its number in each round; empty if it was not measured."""
        key = (measure, subject, by)
        return next((each.rounds for each in self.series if (each.measure, each.subject, each.by) == key), [])

    def median(self, measure: Measure, subject: str, by: str) -> float | None:
        """Its median; None if it was not measured."""
        rounds = self.rounds(measure, subject, by)
        return median(rounds) if rounds else None

    def names(self) -> list[tuple[str, str]]:
        """Each subject and app that something was measured of, in the order of the run."""
        return list(dict.fromkeys((each.subject, each.by) for each in self.series))


@dataclass
class Rounds:
    """Collects numbers round by round."""

    found: dict[tuple[Measure, str, str], list[float]] = field(default_factory=dict)

    def add(self, subject: str, by: str, numbers: dict[Measure, float | None]) -> None:
        """The numbers of one round; None is left out."""
        for measure, number in numbers.items():
            if number is not None:
                self.found.setdefault((measure, subject, by), []).append(number)

    def extend(self, others: "Rounds") -> None:
        """All numbers of others, of which it has none."""
        self.found |= others.found

    def series(self) -> list[Series]:
        """All that was added, to six digits."""
        return [Series(*key, [float(f"{each:.6g}") for each in rounds]) for key, rounds in self.found.items()]


def versions(postgres: str) -> dict[str, Any]:
    """What this run ran on."""
    machine = {"machine": platform.machine(), "system": platform.system(), "cpus": cpu_count()}
    installed = {each.name.lower(): each.version for each in distributions()}
    packages = {name: installed[name] for name in PACKAGES if name in installed}  # twins are not always measured
    return {"python": platform.python_version(), "postgres": postgres, **machine, "packages": packages}


def write(result: Result, folder: Path) -> Path:
    """Keep a result as `latest.json`, and append it to `history.jsonl`, one line each."""
    folder.mkdir(parents=True, exist_ok=True)
    latest = folder / "latest.json"
    document = asdict(result)
    latest.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    with (folder / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(document) + "\n")
    return latest


def read(path: Path) -> Result:
    """A result from its file, or the last one of a history.

    Raises:
        ResultError: There is none.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = json.loads(text.splitlines()[-1] if path.suffix == ".jsonl" else text)
        known: int = document["format"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{path} holds no result of `python -m benchmarks`: {error}"
        raise ResultError(message) from error
    if known != FORMAT:
        message = f"{path} has format {known}, and this command reads {FORMAT}: measure again."
        raise ResultError(message)
    series = [Series(**{**each, "measure": Measure(each["measure"])}) for each in document["series"]]
    return Result(**{**document, "series": series})
