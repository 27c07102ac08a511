"""What a database has otherwise than its migrations."""

import asyncio
import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise_kit.doctor.findings import Finding
from tortoise_kit.migrations.catalog import Difference
from tortoise_kit.migrations.comparison import compare

SECONDS = 60.0  # for all migrations to run again
_SUBJECT = re.compile(r"(?:[\w ]+ of (?:column|table)|\w+) (\S+)")  # as in "default of column users.name is missing"

_KEPT = re.compile(r"has the columns of (\S+) on ")  # as `duplicate-index` says it


@dataclass(frozen=True)
class History:
    """Where the migrations of a database are.

    Attributes:
        config: Tortoise's configuration to run migrations with.
        location: The folder of all apps' migrations.
        app: Tortoise's name of the app.
    """

    config: Mapping[str, Any]
    location: Path
    app: str


async def drift(history: History) -> list[Finding]:
    """The differences, each as a finding.

    Raises:
        TimeoutError: It takes longer than 60 s.
        MigrationError: See `compare`.
    """
    async with asyncio.timeout(SECONDS):
        differences = await compare(dict(history.config), location=history.location, app=history.app)
    return [_finding(each) for each in differences]


def _finding(one: Difference) -> Finding:
    subject = _SUBJECT.match(one.what)
    remedy = "\n".join(f"{statement};" for statement in one.remedy)
    return Finding("schema-drift", subject[1] if subject else "the schema", one.what, remedy)


def without_contradictions(findings: list[Finding]) -> list[Finding]:
    """Of two indexes with the same columns, the one in the migrations stays: it is enough to drop the other one."""
    dropped = {each.subject for each in findings if each.kind == "schema-drift" and "DROP INDEX" in each.remedy}
    return [
        each
        for each in findings
        if each.kind != "duplicate-index" or not (kept := _KEPT.search(each.seen)) or kept[1] not in dropped
    ]


def keeping_journal(history: History, mode: str) -> History:
    """The same with the journal's mode of an SQLite file, which connecting would change."""
    config = copy.deepcopy(dict(history.config))
    for each in config["connections"].values():
        each["credentials"]["journal_mode"] = mode
    return History(config, history.location, history.app)
