"""What clients and operators see of database errors: by kind, and never a word of the database's."""

import logging
import re
from collections.abc import AsyncGenerator

import asyncpg
import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from tortoise.connection import get_connection

from app.database import StartupCheck
from app.main import create_app
from app.settings import PROJECT_FILE, Settings
from tortoise_kit.db import writability
from tortoise_kit.db.error_codes import POSTGRES, SQLITE, Outcome, of_postgres
from tortoise_kit.db.errors import Constraint, ConstraintViolation, LockNotAvailable, PoolTimeout
from tortoise_kit.db.translation import translated
from tortoise_kit.http.database_problems import DATABASE_PROBLEMS
from tortoise_kit.http.problems import install_problems
from tortoise_kit.problems.errors import Conflict

WORD = "c4nary"
ROW = re.compile(r"^\| ([a-z -]+) \| ([0-9, ]+) \| (.*) \| (.*) \|$", re.MULTILINE)
DOCUMENT = (PROJECT_FILE.parent / "docs" / "errors.md").read_text(encoding="utf-8")
DOCUMENTED = {
    Outcome(meaning): (statuses.split(", "), re.findall(r"`(\w+)`", postgres), re.findall(r"`(\w+)`", sqlite))
    for meaning, statuses, postgres, sqlite in ROW.findall(DOCUMENT)
}
KINDS = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", DOCUMENT, re.MULTILINE))
NO_ERRORS = ("00", "01", "02")  # classes of success, warnings, and no data
CODES = sorted({getattr(each, "sqlstate", None) or "XX000" for each in vars(asyncpg.exceptions).values()})


@pytest.fixture
async def broken(client: AsyncClient) -> AsyncGenerator[AsyncClient]:
    """The service with a route for each error, as in production."""
    app = create_app(Settings(environment="test"))
    app.state.startup = StartupCheck()

    @app.get("/raise/{code}")
    async def fail(code: str) -> None:
        with translated():
            raise asyncpg.PostgresError.new({"C": code, "S": "ERROR", "V": "ERROR", "M": WORD})

    @app.get("/exhaust")
    async def exhaust() -> None:
        raise PoolTimeout(WORD)

    @app.post("/run")
    async def run(statement: str) -> None:
        await get_connection("default").execute_script(statement)

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as calls:
        yield calls


def test_the_page_of_errors_lists_each_code_with_its_meaning() -> None:
    assert DOCUMENTED.keys() == set(Outcome)
    for meaning, (_, postgres, sqlite) in DOCUMENTED.items():
        assert sorted(postgres) == sorted(code for code, outcome in POSTGRES.items() if outcome is meaning)
        assert sorted(f"SQLITE_{name}" for name in sqlite) == sorted(
            name for name, outcome in SQLITE.items() if outcome is meaning
        )


def test_the_page_of_errors_lists_each_kind_of_problem_with_its_status() -> None:
    others = [kind("x") for kind in DATABASE_PROBLEMS if kind is not ConstraintViolation]
    raised = [*map(ConstraintViolation, Constraint), *others]
    problems = [DATABASE_PROBLEMS[type(error)](error) for error in raised]

    assert {each.kind: str(int(each.status)) for each in problems if each.kind} == KINDS
    assert [each.status for each in problems if not each.kind] == [404]


async def test_what_an_operator_must_tell_apart_has_kinds_of_its_own(broken: AsyncClient) -> None:
    codes = {
        "08006": "database-away",
        "28P01": "database-refuses",
        "55P03": "lock-timeout",
        "57014": "statement-timeout",
    }
    found = {code: (await broken.get(f"/raise/{code}")).json()["type"] for code in codes}
    full = (await broken.get("/exhaust")).json()

    assert found == {code: f"urn:problem:{kind}" for code, kind in codes.items()}
    assert (full["type"], "in use" in full["detail"]) == ("urn:problem:pool-exhausted", True)


async def test_every_sqlstate_gets_the_status_that_the_page_says(broken: AsyncClient) -> None:
    wrong = []
    assert len(CODES) > 250
    for code in (*(each for each in CODES if not each.startswith(NO_ERRORS)), "ZZ999"):
        answer = await broken.get(f"/raise/{code}")
        outcome = Outcome.VALUE if code == "42601" else of_postgres(code)  # a syntax error without a position
        if str(answer.status_code) not in DOCUMENTED[outcome][0] or WORD in answer.text:
            wrong.append((code, answer.status_code, answer.text))
        assert ("Retry-After" in answer.headers) is (answer.status_code == 503)

    assert wrong == []


async def test_a_missing_table_or_column_is_a_503_that_only_the_log_names(
    broken: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    for statement in ("SELECT * FROM c4nary", "SELECT c4nary FROM users", "SELECT c4nary(1)"):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            answer = await broken.post("/run", params={"statement": statement})

        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:schema-mismatch")
        assert "does not fit this version" in answer.json()["detail"]
        assert WORD not in answer.text
        [record] = [each for each in caplog.records if each.name.startswith("tortoise_kit.http")]
        assert record.getMessage() == "database.error"
        assert record.__dict__["route"] == "/run"
        assert WORD in record.__dict__["reason"]


async def test_ready_says_that_the_database_is_full_until_that_is_some_seconds_ago(
    broken: AsyncClient, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    if database == "sqlite":
        size = 9_000_000  # more than earlier tests freed
        fill = f"PRAGMA max_page_count = 1; CREATE TABLE c4nary AS SELECT zeroblob({size}) AS x"
    else:
        fill = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 60.0)
    full = await broken.post("/run", params={"statement": fill})
    not_ready = await broken.get("/health/ready")
    monkeypatch.setattr(writability, "REMEMBERED_SECONDS", 0.0)
    if database == "sqlite":
        await broken.post("/run", params={"statement": "PRAGMA max_page_count = 4294967294"})
    ready = await broken.get("/health/ready")
    get_connection("default").failures = writability.WriteFailures()  # type: ignore[attr-defined]  # other tests share it

    assert full.status_code == 503
    assert (not_ready.status_code, not_ready.json()["type"]) == (503, "urn:problem:database-full")
    assert ready.status_code == 200


async def test_an_application_of_its_own_needs_no_texts_and_may_have_some() -> None:
    """As the kit's README has it: no error of the database is a bug by default, and a text can be replaced."""
    app = FastAPI()
    install_problems(app, {LockNotAvailable: lambda _: Conflict("Mine.")})
    errors = [ConstraintViolation(kind) for kind in Constraint] + [
        kind("x") for kind in DATABASE_PROBLEMS if kind is not ConstraintViolation and issubclass(kind, Exception)
    ]

    @app.get("/{number}")
    async def fail(number: int) -> None:
        raise errors[number]

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        found = [(await client.get(f"/{number}")).json() for number in range(len(errors))]

    assert {body["status"] for body in found} == {404, 409, 422, 503}
    assert "Mine." in {body["detail"] for body in found}


def test_a_coroutine_function_translates_no_error() -> None:
    async def late(_: Exception) -> Conflict:
        return Conflict("x")

    with pytest.raises(TypeError, match="translates LockNotAvailable by a plain function"):
        install_problems(FastAPI(), {LockNotAvailable: late})  # type: ignore[dict-item]  # the mistake
