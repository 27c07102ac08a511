"""The runs of the benchmark: one JSON line each in a history file, and whether one is better than another.

This needs nothing but the standard library.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

SMALLEST_DIFFERENCE = 0.05  # of a median; less is no reason to look
API = "/api/v1"  # a report leaves it out
Verdict = Literal["better", "worse", "equal"]


@dataclass(frozen=True)
class Measured:
    """One route: a number for each round, the same for all metrics.

    Attributes:
        requests_per_second: Right responses.
        p50: Milliseconds that 50 % of the responses stay below.
        p90: The same for 90 %.
        p99: The same for 99 %.
        cpu: Milliseconds of a processor that the server needs for a request.
        requests: Right responses of all rounds.
        errors: Other responses of all rounds.
    """

    requests_per_second: list[float]
    p50: list[float]
    p90: list[float]
    p99: list[float]
    cpu: list[float]
    requests: int
    errors: int


METRICS = {"requests_per_second": "req/s", "p50": "p50", "p90": "p90", "p99": "p99", "cpu": "CPU"}


@dataclass(frozen=True)
class Run:
    """One run of the benchmark.

    Attributes:
        at: When it began, ISO 8601 in UTC.
        commit: What was measured, empty outside a git repository; `+` at its end means with uncommitted changes.
        conditions: What must be the same for a comparison, such as machine, database and size.
        memory: Resident memory of the server's processes at its highest, in MiB.
        routes: Templates such as `/api/v1/books/{book_id}`, with what was measured.
    """

    at: str
    commit: str
    conditions: dict[str, Any]
    memory: float
    routes: dict[str, Measured]


def append(history: Path, run: Run) -> None:
    """Add the run to the end of the file, which is created if it is missing."""
    with history.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(run)) + "\n")


def read(history: Path) -> list[Run]:
    """All runs of the file, the oldest first; none if it is missing."""
    if not history.exists():
        return []
    lines = (json.loads(line) for line in history.read_text(encoding="utf-8").splitlines())
    return [
        Run(**{**line, "routes": {name: Measured(**each) for name, each in line["routes"].items()}}) for line in lines
    ]


def find(runs: list[Run], conditions: Mapping[str, Any], *, commit: str = "") -> Run | None:
    """The newest of these runs under the same conditions, of a commit that begins like this."""
    same = (run for run in reversed(runs) if run.conditions == conditions and run.commit.startswith(commit))
    return next(same, None)


def verdict(before: list[float], after: list[float], *, higher_is_better: bool) -> Verdict:
    """Compare the rounds of two runs: they differ if the ranges do not overlap and the medians are 5 % apart.

    With five rounds each, ranges of equal distributions are apart in 2 of 252 cases: the Mann-Whitney U test at its
    extreme, p < 0.01.
    """
    apart = max(before) < min(after) or max(after) < min(before)
    if not apart or abs(change(before, after)) < SMALLEST_DIFFERENCE:
        return "equal"
    return "better" if (median(after) > median(before)) is higher_is_better else "worse"


def change(before: list[float], after: list[float]) -> float:
    """The difference of the medians, as a share of the first."""
    return median(after) / median(before) - 1 if median(before) else 0.0


def differences(before: Measured, after: Measured) -> str:
    """What differs by more than noise, such as `worse: p50 +12 %, p99 +20 %`; `equal` if nothing does."""
    found: dict[Verdict, list[str]] = {"worse": [], "better": []}
    for name, title in METRICS.items():
        old, new = getattr(before, name), getattr(after, name)
        judged = verdict(old, new, higher_is_better=name == "requests_per_second")
        if judged in found:
            found[judged].append(f"{title} {change(old, new):+.0%}".replace("%", " %"))
    return "; ".join(f"{judged}: {', '.join(each)}" for judged, each in found.items() if each) or "equal"


def table(run: Run, before: Run | None) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of a report: medians of the rounds, and the differences from an earlier run."""
    heading = ["GET", "requests/s", "p50 ms", "p90 ms", "p99 ms", "CPU ms", "errors", *(["compared"] if before else [])]
    rows = []
    for name, each in run.routes.items():
        times = (f"{median(values):.1f}" for values in (each.p50, each.p90, each.p99, each.cpu))
        row = [name.removeprefix(API), f"{median(each.requests_per_second):,.0f}", *times, str(each.errors)]
        if before:
            row.append(differences(before.routes[name], each) if name in before.routes else "new")
        rows.append(row)
    return heading, rows


def summary(run: Run, before: Run | None) -> str:
    """One line about the run as a whole, and what it is compared with."""
    line = f"The server's memory was {run.memory:.0f} MiB at most"
    if before is None:
        return f"{line}. There is no earlier run to compare with under the same conditions."
    return f"{line}, {before.memory:.0f} MiB before. Compared with {before.commit or 'the run'} of {before.at}."


def markdown(run: Run, before: Run | None) -> str:
    """The report as a table in Markdown, for a comment."""
    heading, rows = table(run, before)
    lines = [heading, ["---"] * len(heading), *([f"`{row[0]}`", *row[1:]] for row in rows)]
    return "\n".join(
        ["### Benchmark", "", *(f"| {' | '.join(line)} |" for line in lines), "", summary(run, before), ""]
    )
