"""The benchmark of a rendered project: numbers are there, and a comparison says what is more than noise."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Bake
from tests.machines import run_module
from tests.rendering import SERVICE, TIMEOUT_SECONDS

WORKFLOW = SERVICE / ".github" / "workflows" / "benchmarks.yaml"
SMALL = ("--size", "20", "--seconds", "0.2", "--rounds", "2", "--connections", "2")
ROUNDS = st.lists(st.floats(0.1, 1e6), min_size=2, max_size=9)
CONDITIONS = {"machine": "ci", "size": 1000}


def load_runs() -> Any:
    """The module of the service; here `benchmarks` is another package."""
    specification = importlib.util.spec_from_file_location("service_runs", SERVICE / "benchmarks" / "runs.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["service_runs"] = module
    specification.loader.exec_module(module)
    return module


runs = load_runs()
STEADY = runs.Measured([100.0, 102.0], [5.0, 5.1], [7.0, 7.2], [9.0, 12.0], [1.0, 1.1], requests=40, errors=0)


def run_of(commit: str, **routes: Any) -> Any:
    return runs.Run("2026-11-26T12:00:00+00:00", commit, CONDITIONS, 100.0, routes)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([10, 11, 12], [20, 21, 22], "worse"),
        ([10, 11, 12], [5, 6, 7], "better"),
        ([10, 11, 12], [11.5, 20, 30], "equal"),
        ([10.0, 10.1, 10.2], [10.3, 10.4, 10.5], "equal"),
    ],
    ids=["above all before", "below all before", "ranges overlap", "less than 5 % apart"],
)
def test_latencies_differ_only_by_more_than_noise(before: list[float], after: list[float], verdict: str) -> None:
    opposite = {"better": "worse", "worse": "better", "equal": "equal"}[verdict]

    assert runs.verdict(before, after, higher_is_better=False) == verdict
    assert runs.verdict(before, after, higher_is_better=True) == opposite


@given(before=ROUNDS, after=ROUNDS)
def test_the_other_way_round_better_is_worse(before: list[float], after: list[float]) -> None:
    there, back = (runs.verdict(*pair, higher_is_better=True) for pair in ((before, after), (after, before)))

    assert {there, back} in ({"equal"}, {"better", "worse"}, {"equal", "better"}, {"equal", "worse"})
    assert runs.verdict(before, before, higher_is_better=True) == "equal"
    if there == "better":
        assert max(before) < min(after)


def test_a_report_names_what_is_worse_and_what_is_better() -> None:
    slower = replace(STEADY, requests_per_second=[50.0, 51.0], p50=[10.0, 10.2], cpu=[0.5, 0.5])
    before, after = run_of("a", **{"/api/v1/books": STEADY}), run_of("b", **{"/api/v1/books": slower, "/new": STEADY})

    report = runs.markdown(after, before)

    assert "| worse: req/s -50 %, p50 +100 %; better: CPU -52 % |" in report
    assert "| `/books` | 50 | 10.1 | 7.1 | 10.5 | 0.5 | 0 |" in report
    assert report.count("| new |") == 1
    assert "| equal |" in runs.markdown(before, before)


def test_a_run_is_compared_with_the_newest_under_the_same_conditions_or_of_a_commit(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    first, second = run_of("aaa1", route=STEADY), run_of("bbb2", route=STEADY)
    other = replace(first, commit="ccc3", conditions={**CONDITIONS, "size": 5})
    for each in (first, second, other):
        runs.append(history, each)

    kept = runs.read(history)

    assert kept == [first, second, other]
    assert runs.find(kept, CONDITIONS) == second
    assert runs.find(kept, CONDITIONS, commit="aaa") == first
    assert runs.find(kept, CONDITIONS, commit="ccc") is None
    assert runs.read(tmp_path / "nothing.jsonl") == []


def test_two_runs_are_kept_compared_and_bounded(bake: Bake, tmp_path: Path) -> None:
    project, history, report = bake(benchmarks=True), tmp_path / "history.jsonl", tmp_path / "report.md"
    options = (*SMALL, "--requests", "3", "--history", str(history), "--markdown", str(report))

    first = run_module(project, "benchmarks", *options)
    second = run_module(project, "benchmarks", *options)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "no earlier run" in first.stdout
    assert "Compared with" in second.stdout
    lines = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 2
    for run in lines:
        assert run["memory"] > 10
        assert "/api/v1/auth/me" in run["routes"]
        for measured in run["routes"].values():
            assert (measured["requests"], measured["errors"]) == (2 * 3, 0)
            percentiles = zip(measured["p50"], measured["p90"], measured["p99"], strict=True)
            assert all(p50 <= p90 <= p99 for p50, p90, p99 in percentiles)
            assert all(len(measured[name]) == 2 for name in runs.METRICS)
            assert min(measured["requests_per_second"]) > 0
    assert len(report.read_text(encoding="utf-8").splitlines()) >= len(lines[0]["routes"]) + 4


def test_ci_measures_the_base_first_and_only_the_jobs_that_write_may_write() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    commands = [step["run"] for step in jobs["measure"]["steps"] if "benchmarks --history" in step.get("run", "")]

    assert "../base" in commands[0]
    assert "--markdown" in commands[1]
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in jobs.items()} == {
        "measure": None,
        "comment": {"pull-requests": "write"},
        "keep": {"contents": "write"},
    }
    assert all(job["timeout-minutes"] <= 30 for job in jobs.values())


def test_ci_keeps_the_series_of_main_in_a_branch_of_its_own(tmp_path: Path) -> None:
    keep = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["keep"]["steps"][-1]["run"]
    origin = tmp_path / "origin"
    shell(
        f"git init --quiet --initial-branch main {origin} && cd {origin} && touch code && git add code && "
        "git -c user.name=A -c user.email=a@example.org commit --quiet --message First",
        tmp_path,
    )

    for number in (1, 2):
        clone = tmp_path / f"clone{number}"
        shell(f"git clone --quiet {origin} {clone}", tmp_path)
        shell(keep, clone, RUN=json.dumps({"run": number}), GITHUB_SHA="abc")

    assert shell("git show benchmarks:history.jsonl", origin) == '{"run": 1}\n{"run": 2}\n'
    assert shell("git ls-tree --name-only benchmarks", origin) == "history.jsonl\n"
    assert shell("git ls-tree --name-only main", origin) == "code\n"


def shell(script: str, folder: Path, **variables: str) -> str:
    """What the script prints, run as GitHub runs it."""
    ended = subprocess.run(
        ["bash", "-e", "-c", script],  # noqa: S607 - the shell of this machine
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), **variables},
        capture_output=True,
        check=False,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
