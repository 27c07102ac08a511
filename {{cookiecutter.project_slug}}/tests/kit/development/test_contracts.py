"""Contracts of features: run with their folder, written by `--accept`, and a missing line is named with its file."""

import os
import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from app.settings import PROJECT_FILE
from tests.contract import test_lists, test_routes
from tests.contract.cases import EVERYBODY, Access, Budget, Call, Paged
from tortoise_kit.development.testing.accepting import rewritten
from tortoise_kit.development.testing.outcomes import Outcome

SUITE = {
    "conftest.py": 'pytest_plugins = ["tortoise_kit.development.testing.plugin"]\n',
    "tests/doctors/contract.py": "",
    "tests/doctors/test_doctors.py": "def test_of_doctors(): ...\n",
    "tests/nurses/contract.py": "",
    "tests/nurses/test_nurses.py": "def test_of_nurses(): ...\n",
    "tests/contract/cases.py": """
from dataclasses import dataclass, field
from tortoise_kit.development.testing import declared_here

@dataclass
class Budget:
    route: str
    queries: int
    place: object = field(default_factory=declared_here)
""",
    "tests/contract/budgets.py": """
from cases import Budget

BUDGETS = [
    Budget("a", 1),
    Budget("b", 2),
    *(Budget(route, number) for route, number in [("c", 1)]),
]
""",
    "tests/contract/test_contract.py": """
import sys
from pathlib import Path
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from budgets import BUDGETS

def test_of_the_service(): ...

@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.feature(name)) for name in ("doctors", "nurses")]
)
def test_of_a_feature(name): ...

@pytest.mark.feature("doctors")
@pytest.mark.parametrize("budget", BUDGETS)
def test_budget(budget, database, accept):
    if accept:
        accept.line("Budget", budget.place, dict.fromkeys(("sqlite", "postgres"), budget.queries), database, 2)
    else:
        assert budget.queries == 2
""",
}
OF_DOCTORS = {
    "doctors/test_doctors.py::test_of_doctors",
    "contract/test_contract.py::test_of_a_feature[doctors]",
    *(
        f"contract/test_contract.py::test_budget[{name}-budget{n}]"
        for name in ("sqlite", "postgres")
        for n in (0, 1, 2)
    ),
}


BYTE_CODE = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A project with two features."""
    for name, text in SUITE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(suite: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={suite}", *arguments]
    return subprocess.run(  # noqa: S603 -- the plugin under test
        command, cwd=suite, capture_output=True, check=False, text=True, timeout=60, env=environment()
    )


def environment() -> dict[str, str]:
    """Where Python keeps byte code stays as it is: else each process would compile all modules again."""
    kept = {name: value for name, value in os.environ.items() if name in BYTE_CODE}
    return {**kept, "PYTHONPATH": str(PROJECT_FILE.parent)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "collected"),
    [
        (["tests/doctors", "-k", "of_doctors"], {"doctors/test_doctors.py::test_of_doctors"}),
        (["tests/doctors/test_doctors.py"], {"doctors/test_doctors.py::test_of_doctors"}),
        (
            ["tests/doctors", "tests/nurses"],
            {
                *OF_DOCTORS,
                "nurses/test_nurses.py::test_of_nurses",
                "contract/test_contract.py::test_of_a_feature[nurses]",
            },
        ),
        (
            ["tests"],
            {
                *OF_DOCTORS,
                "nurses/test_nurses.py::test_of_nurses",
                "contract/test_contract.py::test_of_a_feature[nurses]",
                "contract/test_contract.py::test_of_the_service",
            },
        ),
    ],
    ids=["by name", "one file", "two features", "everything"],
)
def test_the_folder_of_a_feature_runs_its_part_of_the_contract(
    suite: Path, arguments: list[str], collected: set[str]
) -> None:
    ended = run(suite, "--collect-only", *arguments)

    found = {line.removeprefix("tests/") for line in ended.stdout.splitlines() if "::" in line}
    assert found == collected, ended.stdout + ended.stderr


@pytest.mark.slow
def test_accept_shows_what_it_writes_and_fails_if_it_cannot_write_a_line(suite: Path) -> None:
    accepted = run(suite, "-n", "2", "tests/doctors", "--accept")
    file = suite / "tests/contract/budgets.py"
    written = file.read_text()
    file.write_text(written.replace('("c", 1)', '("c", 2)'))
    again = run(suite, "-n", "0", "tests/doctors", "--accept")
    passed = run(suite, "-n", "0", "tests/doctors")

    assert [accepted.returncode, again.returncode, passed.returncode] == [1, 0, 0], accepted.stdout + accepted.stderr
    shown = [line for line in accepted.stdout.splitlines() if line.startswith(("+", "-", "not")) and "://" not in line]
    assert shown == [
        "--- tests/contract/budgets.py",
        "+++ tests/contract/budgets.py",
        '-    Budget("a", 1),',
        '+    Budget("a", 2),',
        "not written: tests/contract/budgets.py:7: write queries 2 where number comes from",
    ]
    assert written == SUITE["tests/contract/budgets.py"].replace('"a", 1', '"a", 2')
    assert "nothing to accept" in again.stdout


CALLERS = ("nobody", "member", "staff", "admin")


def statuses(line: int, declared: tuple[int, ...], *found: int) -> list[Outcome]:
    before = dict(zip(CALLERS, declared, strict=True))
    names = {"(401, 200, 200, 200)": "SIGNED_IN"}
    return [Outcome("Access", "", line, before, name, each, names) for name, each in zip(CALLERS, found, strict=False)]


def queries(line: int, declared: tuple[int, int], **found: int) -> list[Outcome]:
    before = dict(zip(("sqlite", "postgres"), declared, strict=True))
    return [Outcome("Budget", "", line, before, name, each) for name, each in found.items()]


@pytest.mark.parametrize(
    ("before", "outcomes", "after"),
    [
        ("Budget('é', 1)", queries(1, (1, 1), sqlite=3, postgres=3), "Budget('é', 3)"),
        ("Budget('é', 1, f)", queries(1, (1, 1), sqlite=3), "Budget('é', 3, f)"),
        ("Budget('é', 1, f)", queries(1, (1, 1), sqlite=3, postgres=1), "Budget('é', 3, f, {\"postgres\": 1})"),
        ("Budget('é', 1)", queries(1, (1, 1), sqlite=1, postgres=2), "Budget('é', 1, per_database={\"postgres\": 2})"),
        ("Budget('é', 3, f, {'postgres': 1})", queries(1, (3, 1), sqlite=4), "Budget('é', 4, f, {\"postgres\": 1})"),
        ("Budget('é', 3, f, {'postgres': 1})", queries(1, (3, 1), postgres=3), "Budget('é', 3, f)"),
        (
            "[\n  Budget('é', queries=1),\n]",
            queries(2, (1, 1), sqlite=2, postgres=2),
            "[\n  Budget('é', queries=2),\n]",
        ),
        ("[Budget(r, 1) for r in ()]", [*queries(1, (1, 1), sqlite=2, postgres=2)] * 2, "[Budget(r, 2) for r in ()]"),
        ("Access('é', ANY, f)", statuses(1, (200,) * 4, 401), "Access('é', SIGNED_IN, f)"),
        ("Access('é', (200, 200, 200, 200))", statuses(1, (200,) * 4, 403), "Access('é', (403, 200, 200, 200))"),
        ("Access('é', ANY)", statuses(1, (200,) * 4, 200, 200, 200, 200), "Access('é', ANY)"),
    ],
)
def test_a_line_gets_what_was_found(tmp_path: Path, before: str, outcomes: list[Outcome], after: str) -> None:
    file = tmp_path / "contract.py"
    file.write_text(before, encoding="utf-8")

    texts, problems = rewritten([Outcome(**{**vars(each), "path": str(file)}) for each in outcomes])

    assert (texts.get(file, before), problems) == (after, [])


LOOP = """[Hostile(
    name=f"patch: {n}", status=s) for n, s in ROWS]
ROWS = [("é id", 422), ("longer é id", 422), ("other", 400)]
"""


def answered(line: int, declared: int, **found: int) -> list[Outcome]:
    return [
        Outcome("Hostile", "", line, {text: declared}, text, each)
        for name, each in found.items()
        if (text := name.replace("_", " ").replace("patch", "patch:"))
    ]


@pytest.mark.parametrize(
    ("before", "outcomes", "after"),
    [
        ("Hostile(name='é', status=422)", answered(1, 422, é=404), "Hostile(name='é', status=404)"),
        (LOOP, answered(1, 422, patch_é_id=409), LOOP.replace('("é id", 422)', '("é id", 409)')),
        (LOOP, answered(1, 422, patch_longer_é_id=409), LOOP.replace('longer é id", 422', 'longer é id", 409')),
        (LOOP, answered(1, 422, patch_é_id=422), LOOP),
    ],
)
def test_a_hostile_request_gets_its_status_where_it_is_written(
    tmp_path: Path, before: str, outcomes: list[Outcome], after: str
) -> None:
    test_a_line_gets_what_was_found(tmp_path, before, outcomes, after)


@pytest.mark.parametrize(
    ("text", "outcomes", "problem"),
    [
        ("[Access(r, s) for r, s in ()]", statuses(1, (200,) * 4, 401), "write statuses SIGNED_IN where s comes from"),
        (
            "[Access(r, ANY) for r in ()]",
            [*statuses(1, (200,) * 4, 401), *statuses(1, (200,) * 4, 200)],
            "nobody gets 200 and 401 from the calls of this line; divide it",
        ),
        ("make('é')", queries(1, (1, 1), sqlite=2), "no Budget(…) begins here"),
        ("make('é')", answered(1, 422, é=404), "'é' gets 404: write its status by hand"),
        (LOOP, answered(1, 422, patch_unknown=404), "'patch: unknown' gets 404: write its status by hand"),
        (
            LOOP,
            answered(1, 400, patch_other=409, get_other=404),
            "'patch: other' gets 409 and 'get other' gets 404: give each its own line",
        ),
        (
            LOOP,
            answered(1, 400, other=409) + answered(1, 400, other=404),
            "'other' gets 409 and 'other' gets 404: both databases must return one status",
        ),
    ],
)
def test_a_line_that_cannot_be_written_is_named_and_stays(
    tmp_path: Path, text: str, outcomes: list[Outcome], problem: str
) -> None:
    file = tmp_path / "contract.py"
    file.write_text(text, encoding="utf-8")

    texts, problems = rewritten([Outcome(**{**vars(each), "path": str(file)}) for each in outcomes])

    assert (texts, problems) == ({}, [f"{file}:1: {problem}"])


def test_a_missing_line_is_printed_with_its_file() -> None:
    with pytest.raises(pytest.fail.Exception) as access:
        test_routes.test_every_route_is_in_the_list_and_every_line_has_a_route("Access", {}, "accounts")
    with pytest.raises(pytest.fail.Exception) as budgets:
        test_routes.test_every_route_is_in_the_list_and_every_line_has_a_route("Budget", {}, "accounts")

    assert "Add to ACCESS in tests/accounts/contract.py:\n" in str(access.value)
    assert '\n    Access("GET /api/v1/auth/me", (401, 200, 200, 200)),\n' in str(access.value)
    assert '\n    Access("POST /api/v1/auth/register", (201, 201, 201, 201), prepare),\n' in str(access.value)
    assert "Add to BUDGETS in tests/accounts/contract.py:\n" in str(budgets.value)
    assert '\n    Budget("GET /api/v1/auth/me", 1),\n' in str(budgets.value)
    assert "run `pytest tests/accounts --accept`" in str(budgets.value)


async def of_one_order(_: object) -> Call:
    return Call()


def test_a_missing_line_has_what_creates_the_rows_of_a_route_with_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    route = SimpleNamespace(dependant=SimpleNamespace(dependencies=[]), status_code=None)
    found = {"GET /orders/{order_id}": route, "POST /orders/{order_id}/pay": route, "POST /orders": route}
    monkeypatch.setattr(test_routes, "routes", lambda: {"orders": found})
    lines = {"orders": [Access("GET /orders/{order_id}", EVERYBODY, of_one_order)]}

    with pytest.raises(pytest.fail.Exception) as missing:
        test_routes.test_every_route_is_in_the_list_and_every_line_has_a_route("Access", lines, "orders")

    assert '\n    Access("POST /orders/{order_id}/pay", (200, 200, 200, 200), of_one_order),\n' in str(missing.value)
    assert '\n    Access("POST /orders", (200, 200, 200, 200), prepare),\n' in str(missing.value)


def test_a_line_of_a_route_that_is_gone_is_named_with_its_place() -> None:
    gone = Access("GET /gone", EVERYBODY)
    lines = {"accounts": [*test_routes.ACCESS["accounts"], gone]}

    with pytest.raises(AssertionError, match=rf"{Path(__file__).name}:\d+: no route GET /gone"):
        test_routes.test_every_route_is_in_the_list_and_every_line_has_a_route("Access", lines, "accounts")


@pytest.mark.parametrize(
    ("few", "many", "error"),
    [
        (2, 2, None),
        (1, 1, None),
        (3, 3, "3 queries, and the line says 2"),
        (1, 2, "grow with rows: 1 for 1 of each, 2 for 7"),
    ],
)
async def test_a_budget_is_an_upper_bound_that_may_not_grow_with_rows(
    monkeypatch: pytest.MonkeyPatch, few: int, many: int, error: str | None
) -> None:
    async def queries_of(_app: object, _budget: Budget, rows: int) -> tuple[int, str]:
        return (few if rows == 1 else many), "the queries"

    monkeypatch.setattr(test_routes, "queries_of", queries_of)
    check = test_routes.test_a_route_sends_at_most_as_many_queries_as_its_line_says_and_no_more_for_more_rows
    arguments: Any = {"app": None, "db": None, "database": "sqlite", "accept": False}

    with pytest.raises(AssertionError, match=error) if error else nullcontext():
        await check(budget=Budget("GET /x", 2), **arguments)


@pytest.mark.parametrize(
    ("accepted", "error"),
    [
        ({"-name": "staff read it once a year"}, None),
        ({}, 'no index\nOr add accepted={"ORDER": "REASON"} to the list, tests/kit/development/test_contracts.py:'),
        ({"-name": "a reason", "name": "a reason"}, "an index serves ['name']: remove it"),
    ],
)
async def test_an_order_without_an_index_is_accepted_with_a_reason_only(
    app: FastAPI, db: None, monkeypatch: pytest.MonkeyPatch, accepted: dict[str, str], error: str | None
) -> None:
    async def judged(_client: object, url: str, **_: object) -> None:
        if url.endswith("=-name"):
            message = "no index"
            raise AssertionError(message)

    monkeypatch.setattr(test_lists, "assert_index_serves", judged)
    monkeypatch.setattr(test_lists, "offered", lambda: {"/x": ["name", "-name"]})
    list_of_x = Paged("/x", "x", nobody, accepted=accepted)

    with pytest.raises((AssertionError, pytest.fail.Exception), match=re.escape(error)) if error else nullcontext():
        await test_lists.assert_indexes_serve(app, list_of_x)


async def nobody() -> None:
    """Create no rows."""
