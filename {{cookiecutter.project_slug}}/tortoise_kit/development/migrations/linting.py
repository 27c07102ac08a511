"""What a migration does to those who use its tables on Postgres: the rules of squawk that are about that.

Only the way there is looked at: who takes a migration back has given up on something already.
"""

import asyncio
import json
import re
import shutil
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient

from tortoise_kit.migrations.files import MigrationError, MigrationFile, find
from tortoise_kit.sql.parsing import statements, without_comments

OLDEST_POSTGRES = "14"  # the oldest that is maintained; newer ones lock less
BUILD_CONCURRENTLY = "use CONCURRENTLY, in a file of its own with RUN_IN_TRANSACTION = False"
VALIDATE_LATER = "add it NOT VALID, and VALIDATE it in the next file"
CHECK_FIRST = "in three files: CHECK (… IS NOT NULL) NOT VALID, VALIDATE, SET NOT NULL"
TWO_DEPLOYS = "the version that still runs reads it: first deploy code that does not, and drop it with the next one"
THREE_DEPLOYS = "the version that still runs reads the old name: add the new one beside it, in three deploys"

# The rest of squawk's rules are about taste (types of columns) or about time limits, which every migration here has.
REMEDIES = {
    "adding-field-with-default": "rewrites the table: add the column without it, and the default with the next file",
    "adding-foreign-key-constraint": VALIDATE_LATER,
    "adding-not-nullable-field": CHECK_FIRST,
    "adding-required-field": "fails when there are rows: give it a default, or add it as NULL and fill it",
    "adding-serial-primary-key-field": "rewrites the table: build a unique index CONCURRENTLY and make that the key",
    "ban-concurrent-index-creation-in-transaction": "set RUN_IN_TRANSACTION = False, and one statement in the file",
    "ban-drop-column": TWO_DEPLOYS,
    "ban-drop-table": TWO_DEPLOYS,
    "ban-truncate-cascade": "empties tables that are not named: name them",
    "changing-column-type": "rewrites the table: add a column of the new type, as for a new name",
    "constraint-missing-not-valid": VALIDATE_LATER,
    "disallowed-unique-constraint": f"build the unique index first ({BUILD_CONCURRENTLY}); the constraint may use it",
    "renaming-column": THREE_DEPLOYS,
    "renaming-table": THREE_DEPLOYS,
    "require-concurrent-index-creation": BUILD_CONCURRENTLY,
    "require-concurrent-index-deletion": BUILD_CONCURRENTLY,
    "require-concurrent-partition-detach": BUILD_CONCURRENTLY,
    "require-concurrent-reindex": BUILD_CONCURRENTLY,
    "require-lock-timeout": "without a transaction it may wait for a minute, and others behind it: give it one",
    "syntax-error": "Postgres would refuse it too",
}

_CREATED = re.compile(r'\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)', re.IGNORECASE)
_CHANGED = re.compile(r'^\s*(?:ALTER\s+TABLE\s+(?:ONLY\s+)?|CREATE\s.*?\sON\s+)"?(\w+)', re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """A statement that stops others, or that the version of the service that still runs does not survive.

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
    """A Postgres without rows and without a server, which writes down what it is told."""

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
    """Look at all files' SQL for Postgres; a table that the same file makes is nobody's yet.

    Files are run as far as they get without a database: one that computes its SQL from rows is not seen whole.

    Raises:
        MigrationError: squawk is not installed, or fails.
    """
    return [finding for file in find(location, app) for finding in await _findings(file)]


async def _findings(file: MigrationFile) -> list[Finding]:
    whole = getattr(file.load(), "RUN_IN_TRANSACTION", True)
    sql = await _sql(file)
    found = [
        Finding(file.name, _statement_at(sql, told["line"], told["column"]), rule, REMEDIES[rule])
        for told in await _squawk(sql, file.name, whole=whole)
        if _counts(rule := told["rule_name"], told["help"], whole=whole)
    ]
    new = set(_CREATED.findall(sql))
    return [each for each in found if not ((table := _CHANGED.match(each.statement)) and table[1] in new)]


def _counts(rule: str, advice: str | None, *, whole: bool) -> bool:
    """Whether a rule is one of ours. Without a transaction the wait for a lock is long: then it must stop nobody."""
    if rule == "require-lock-timeout":
        return not whole and re.search(r"blocking: (reads|writes)", advice or "") is not None
    return rule in REMEDIES


async def _sql(file: MigrationFile) -> str:
    recorder = _Recorder()
    try:
        recorder.script.append(await file.load().upgrade(recorder))
    except Exception as error:  # noqa: BLE001 - it misses rows; what it said before is looked at
        recorder.script.append(f"-- {type(error).__name__}")
    return "".join(f"{script.strip().rstrip(';')};\n" for script in recorder.script if without_comments(script))


async def _squawk(sql: str, name: str, *, whole: bool) -> list[dict[str, Any]]:
    arguments = ["--reporter=json", f"--pg-version={OLDEST_POSTGRES}", f"--stdin-filepath={name}.sql"]
    if whole:
        arguments.append("--assume-in-transaction")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(_program(), *arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await process.communicate(sql.encode())
    try:
        told: list[dict[str, Any]] = json.loads(out)
    except ValueError as error:
        message = f"squawk failed on {name}: {err.decode() or out.decode()}"
        raise MigrationError(message) from error
    return told


def _program() -> str:
    """The program of this environment, also where its programs are not on the path."""
    if found := shutil.which("squawk", path=sysconfig.get_path("scripts")) or shutil.which("squawk"):
        return found
    message = "squawk is not installed: it comes with the dependency group `postgres` (squawk-cli)."
    raise MigrationError(message)


def _statement_at(sql: str, line: int, column: int) -> str:
    """The statement at a place, both numbers from 0, without comments and on one line."""
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
