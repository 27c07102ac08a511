"""A span for each statement, by OpenTelemetry's conventions for databases, without values."""

import re
from functools import lru_cache
from time import time_ns
from typing import override

from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from tortoise_kit.sql.fingerprints import Kind, fingerprint
from tortoise_kit.sql.recording import Statement, Watcher

SYSTEMS = {"postgres": "postgresql", "sqlite": "sqlite"}  # their names in the conventions
_TABLE = r'(?:"[^"]+"\.|\w+\.)?(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+)\b(?!\s*\())'
_CHANGED = re.compile(rf"\b(?P<word>INSERT INTO|DELETE FROM|UPDATE|COPY) (?:ONLY )?{_TABLE}", re.IGNORECASE)
_READ = re.compile(rf"(?<!DISTINCT )\bFROM (?:ONLY )?{_TABLE}", re.IGNORECASE)
_WORD = re.compile(r"\w+")


class StatementSpans(Watcher):
    """Makes each statement of a block a span, below the span that is current where the statement was sent.

    The name is the operation and the table, such as `SELECT orders`; BEGIN, COMMIT and savepoints are spans, too. The
    text has a mark in place of each value. A failure has its type and SQLSTATE, but not its message, which may contain
    values.

    Args:
        tracer: Starts the spans.
        dialect: `postgres` or `sqlite`.
    """

    def __init__(self, tracer: Tracer, dialect: str) -> None:
        self._tracer = tracer
        self._system = SYSTEMS.get(dialect, "other_sql")

    @override
    def end(self, statement: Statement, error: BaseException | None) -> None:
        name, attributes = _described(_without_values(statement))
        duration = int(statement.seconds * 1e9)
        end = time_ns()
        span = self._tracer.start_span(
            name,
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": self._system, **attributes, **_place(statement.site)},
            start_time=end - duration,
        )
        if error is not None:
            span.set_attribute("error.type", f"{type(error).__module__}.{type(error).__qualname__}")
            if isinstance(state := getattr(error, "sqlstate", None), str):
                span.set_attribute("db.response.status_code", state)
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)


def _without_values(statement: Statement) -> str:
    """Of BEGIN, COMMIT and savepoints the first word: savepoints are numbered, and each would be another text."""
    word = _WORD.search(statement.text) if statement.kind is Kind.TRANSACTION else None
    return word[0] if word else fingerprint(statement.text)


@lru_cache(maxsize=1024)
def _described(text: str) -> tuple[str, dict[str, str]]:
    """The name and the attributes of a statement without values."""
    operation, table = operation_and_table(text)
    attributes = {"db.operation.name": operation, "db.query.text": text}
    if table:
        attributes["db.collection.name"] = table
    return f"{operation} {table}".rstrip(), attributes


def operation_and_table(text: str) -> tuple[str, str]:
    """What a statement does, such as `SELECT`, and to which table: the first one, or none.

    A statement that begins with WITH does what its first changing part does, or else it reads.
    """
    word = _WORD.search(text)
    first = word[0].upper() if word else ""
    changed = _CHANGED.search(text) if first not in {"SELECT", "BEGIN"} else None
    if first == "WITH":
        first = changed["word"].split()[0].upper() if changed else "SELECT"
    found = changed or (_READ.search(text) if first == "SELECT" else None)
    return first, (found["quoted"] or found["plain"] or "") if found else ""


def _place(site: str | None) -> dict[str, str | int]:
    """The line that sent a statement, such as `app/orders/queries.py:31`."""
    path, _, line = (site or "").rpartition(":")
    return {"code.file.path": path, "code.line.number": int(line)} if path else {}
