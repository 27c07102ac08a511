"""What was measured, and how it is kept: one JSON document for each run, and one line for each in a history."""

import json
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import distributions
from os import cpu_count
from pathlib import Path
from typing import Any

FORMAT = 1
PACKAGES = (
    *("fastapi", "starlette", "pydantic", "tortoise-orm", "asyncpg", "sqlalchemy", "orjson", "uvicorn", "uvloop"),
    "httptools",
)


class ResultError(Exception):
    """A file that holds no result, or one of another format."""


@dataclass(frozen=True)
class Cpu:
    """Of one request in process, in microseconds: in the best round, and in each."""

    entrant: str
    subject: str
    microseconds: float
    rounds: list[float]


@dataclass(frozen=True)
class Load:
    """Over HTTP: the median of all rounds; latencies in milliseconds, errors of all rounds together."""

    entrant: str
    subject: str
    requests_per_second: float
    p50: float
    p99: float
    errors: int
    rounds: list[float]


@dataclass(frozen=True)
class Memory:
    """Resident memory of the server's process in MiB, with this number of open connections."""

    entrant: str
    connections: int
    mebibytes: float


@dataclass(frozen=True)
class Result:
    """One run.

    Attributes:
        taken_at: When it began, in UTC.
        form: What was asked for: size of the data, rounds, and who put the load on.
        versions: Of the machine's and the service's parts.
    """

    taken_at: str
    form: dict[str, Any]
    versions: dict[str, Any]
    cpu: list[Cpu]
    load: list[Load]
    memory: list[Memory]
    format: int = field(default=FORMAT)

    def microseconds(self, entrant: str, subject: str) -> float | None:
        """App CPU of a request, None if it was not measured."""
        return next(
            (each.microseconds for each in self.cpu if (each.entrant, each.subject) == (entrant, subject)), None
        )

    def rate(self, entrant: str, subject: str) -> float | None:
        """Requests per second, None if they were not measured."""
        found = (each for each in self.load if (each.entrant, each.subject) == (entrant, subject))
        return next((each.requests_per_second for each in found), None)

    def mebibytes(self, entrant: str) -> float | None:
        """Resident memory, None if it was not measured."""
        return next((each.mebibytes for each in self.memory if each.entrant == entrant), None)


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
    latest.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    with (folder / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(asdict(result)) + "\n")
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
    parts = {"cpu": Cpu, "load": Load, "memory": Memory}
    return Result(**{**document, **{name: [kind(**each) for each in document[name]] for name, kind in parts.items()}})
