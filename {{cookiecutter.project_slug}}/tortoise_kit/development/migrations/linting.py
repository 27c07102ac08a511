"""Statements that block or break a running service on Postgres, found by some of squawk's rules.

Downgrades are not linted: they are emergencies.
"""

import asyncio
import json
import re
import shutil
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient

from tortoise_kit.development.migrations.rewrites import rewrites, types_after
from tortoise_kit.migrations.files import MigrationError, MigrationFile, find
from tortoise_kit.sql.parsing import owner, qualified_owner, statements, without_comments

OLDEST_POSTGRES = "14"  # the oldest version in maintenance; newer ones lock less
BUILD_CONCURRENTLY = "use CONCURRENTLY, in a separate file with RUN_IN_TRANSACTION = False"
EXCLUDE = "it builds an index while nobody can use the table, and cannot be NOT VALID: accept it for a small table"
VALIDATE_LATER = "add it NOT VALID, and VALIDATE it in the next file"
CHECK_FIRST = "in three files: CHECK (… IS NOT NULL) NOT VALID, VALIDATE, SET NOT NULL"
TWO_DEPLOYS = "the running version still reads it: deploy code that does not, then drop it with the next deploy"
THREE_DEPLOYS = "the running version still reads the old name: add the new one beside it, in three deploys"

# squawk's other rules are about taste (types of columns) or about time limits, which every migration here has.
REMEDIES = {
    "adding-field-with-default": "rewrites the table: add the column without it, and the default in the next file",
    "adding-foreign-key-constraint": VALIDATE_LATER,
    "adding-not-nullable-field": CHECK_FIRST,
    "adding-required-field": "fails on a table with rows: give it a default, or add it as NULL and fill it",
    "adding-serial-primary-key-field": "rewrites the table: build a unique index CONCURRENTLY, then make it the key",
    "ban-concurrent-index-creation-in-transaction": "set RUN_IN_TRANSACTION = False, and put nothing else in the file",
    "ban-drop-column": TWO_DEPLOYS,
    "ban-drop-table": TWO_DEPLOYS,
    "ban-truncate-cascade": "also empties tables that are not named: name them",
    "changing-column-type": "{rewrites} the table: add a column of the new type, as for a rename",
    "constraint-missing-not-valid": VALIDATE_LATER,
    "disallowed-unique-constraint": f"build the index first ({BUILD_CONCURRENTLY}), then add it USING INDEX",
    "renaming-column": THREE_DEPLOYS,
    "renaming-table": THREE_DEPLOYS,
    "require-concurrent-index-creation": BUILD_CONCURRENTLY,
    "require-concurrent-index-deletion": BUILD_CONCURRENTLY,
    "require-concurrent-partition-detach": BUILD_CONCURRENTLY,
    "require-concurrent-reindex": BUILD_CONCURRENTLY,
    "require-lock-timeout": "without a transaction it may wait for a minute and block others: run it in one",
    "syntax-error": "Postgres rejects it too",
}

_EXCLUDES = re.compile(r"\bADD\s+CONSTRAINT\s+\S+\s+EXCLUDE\b", re.IGNORECASE)
_CREATES_TABLE = re.compile(r"CREATE\s+(?:\w+\s+){0,2}TABLE\b", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """A statement that blocks other sessions, or that breaks the version of the service that still runs.

    Attributes:
        file: The name of the migration.
        statement: The SQL, on one line.
        rule: squawk's name of the rule; `-- squawk-ignore RULE` above the statement accepts it.
        remedy: What to write instead.
    """

    file: str
    statement: str
    rule: str
    remedy: str


class _Recorder(AsyncpgDBClient):
    """A Postgres client without a server: it records statements and returns no rows."""

    def __init__(self) -> None:
        super().__init__(connection_name="lint")
        self.script: list[str] = []

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[dict[str, Any]]]:
        return 0, await self.execute_query_dict(query, values)

    async def execute_query_dict(self, query: str, _values: list[Any] | None = None) -> list[dict[str, Any]]:
        self.script.append(query)
        return []

    async def execute_script(self, query: str) -> None:
        self.script.append(query)


async def lint(location: Path, *, app: str) -> list[Finding]:
    """Check all files' SQL for Postgres, except on tables that the same file creates: nobody uses those yet.

    Files run without a database as far as they get, so SQL that a file computes from rows is not checked completely.

    Raises:
        MigrationError: squawk is not installed, or fails.
    """
    files = find(location, app)
    findings: list[Finding] = []
    for before, file in zip([None, *files], files, strict=False):
        findings += _about_types(await _findings(file), types_after(before) if before else {})
    return findings


def _about_types(findings: Sequence[Finding], types: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """The findings without changes of types that do not rewrite the table."""
    for each in findings:
        known = rewrites(each.statement, owner(each.statement), types)
        if each.rule != "changing-column-type" or known is not False:
            yield replace(each, remedy=each.remedy.format(rewrites="rewrites" if known else "may rewrite"))


async def _findings(file: MigrationFile) -> list[Finding]:
    whole = getattr(file.load(), "RUN_IN_TRANSACTION", True)
    sql = await _sql(file)
    found = [
        _finding(file, rule, _statement_at(sql, report["line"], report["column"]))
        for report in await _squawk(sql, file.name, whole=whole)
        if _counts(rule := report["rule_name"], report["help"], whole=whole)
    ]
    new = {qualified_owner(each) for each in map(without_comments, statements(sql)) if _CREATES_TABLE.match(each)}
    return [each for each in found if qualified_owner(each.statement) not in new]


def _finding(file: MigrationFile, rule: str, statement: str) -> Finding:
    return Finding(file.name, statement, rule, EXCLUDE if _EXCLUDES.search(statement) else REMEDIES[rule])


def _counts(rule: str, advice: str | None, *, whole: bool) -> bool:
    """Whether the rule applies here. Without a transaction the wait for a lock is long, so it must block nobody."""
    if rule == "require-lock-timeout":
        return not whole and re.search(r"blocking: (reads|writes)", advice or "") is not None
    return rule in REMEDIES


async def _sql(file: MigrationFile) -> str:
    recorder = _Recorder()
    try:
        recorder.script.append(await file.load().upgrade(recorder))
    except Exception as error:  # noqa: BLE001 - it lacks rows; what it sent before is checked
        recorder.script.append(f"-- {type(error).__name__}")
    return "".join(f"{script.strip().rstrip(';')};\n" for script in recorder.script if without_comments(script))


async def _squawk(sql: str, name: str, *, whole: bool) -> list[dict[str, Any]]:
    arguments = ["--reporter=json", f"--pg-version={OLDEST_POSTGRES}", f"--stdin-filepath={name}.sql"]
    if whole:
        arguments.append("--assume-in-transaction")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(squawk_program(), *arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await process.communicate(sql.encode())
    try:
        reports: list[dict[str, Any]] = json.loads(out)
    except ValueError as error:
        message = f"squawk failed on {name}: {err.decode() or out.decode()}"
        raise MigrationError(message) from error
    return reports


def squawk_program() -> str:
    """Squawk in this environment, even if its programs are not on the path."""
    if found := shutil.which("squawk", path=sysconfig.get_path("scripts")) or shutil.which("squawk"):
        return found
    message = "squawk is not installed: install the dependency group `postgres` (squawk-cli)."
    raise MigrationError(message)


def _statement_at(sql: str, line: int, column: int) -> str:
    """The statement at a position (both numbers from 0), without comments and on one line."""
    lines: Sequence[str] = sql.splitlines(keepends=True)
    place = sum(map(len, lines[:line])) + column
    found = next((text for start, text in _placed(sql) if start <= place < start + len(text)), "")
    return " ".join(without_comments(found).split())


def _placed(sql: str) -> Iterator[tuple[int, str]]:
    start = 0
    for statement in statements(sql):
        start = sql.index(statement, start)
        yield start, statement
        start += len(statement)
