"""What an examination finds: kinds of faults, findings with their remedies, and the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad it is: an `error` loses data or stops the service, now or soon; a `warning` makes it slow."""

    WARNING = "warning"
    ERROR = "error"


# Every kind of finding; `docs/operations.md` has a row for each.
KINDS: Mapping[str, Severity] = {
    "missing-foreign-key-index": Severity.WARNING,
    "duplicate-index": Severity.WARNING,
    "unused-index": Severity.WARNING,
    "invalid-index": Severity.ERROR,
    "sequential-scans": Severity.WARNING,
    "repeated-statement": Severity.WARNING,
    "slow-statement": Severity.WARNING,
    "long-transaction": Severity.WARNING,
    "idle-in-transaction": Severity.WARNING,
    "blocking-session": Severity.ERROR,
    "pool-too-large": Severity.ERROR,
    "pool-too-small": Severity.WARNING,
    "connections-near-limit": Severity.ERROR,
    "unsafe-server-setting": Severity.ERROR,
    "no-time-limit": Severity.WARNING,
    "dead-rows": Severity.WARNING,
    "transaction-id-age": Severity.ERROR,
    "sequence-near-end": Severity.ERROR,
    "low-cache-hit-ratio": Severity.WARNING,
    "replica-lag": Severity.WARNING,
    "replica-unusable": Severity.ERROR,
    "schema-drift": Severity.ERROR,
    "corrupt-database": Severity.ERROR,
    "foreign-key-violation": Severity.ERROR,
    "journal-mode": Severity.WARNING,
    "large-wal": Severity.WARNING,
    "free-pages": Severity.WARNING,
    "never-analyzed": Severity.WARNING,
    "accessible-by-others": Severity.ERROR,
}


class Finding(NamedTuple):
    """One fault.

    Attributes:
        kind: One of `KINDS`.
        subject: What has the fault: a table, an index, a session, a statement, a setting or a file.
        seen: What was measured, with units, and why it matters. It holds no value of a row or of a statement.
        remedy: SQL statements, each with a semicolon and on its own line; or a setting or a shell command.
    """

    kind: str
    subject: str
    seen: str
    remedy: str

    @property
    def severity(self) -> Severity:
        """That of its kind."""
        return KINDS[self.kind]

    def as_json(self) -> dict[str, str]:
        """All of it, for `json.dumps`."""
        return {"kind": self.kind, "severity": self.severity.value, **self._asdict()}


@dataclass(frozen=True)
class Report:
    """The result of an examination.

    Attributes:
        findings: In the order of the checks; empty if the database is healthy.
        unchecked: One line for each check that could not be run: what it is, and why.
    """

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


class NotChecked(Exception):
    """A check cannot be run; the message says why in one line."""


def amount(count: float, unit: str) -> str:
    """A number with its unit in the right number: `1 row`, `12,000 rows`."""
    return f"{count:,.0f} {unit}{'' if round(count) == 1 else 's'}"


def size(count: float) -> str:
    """Bytes for people, in MiB."""
    return f"{count / 2**20:,.1f} MiB"


def duration(seconds: float) -> str:
    """Seconds for people: `2.5 s`, `12 min`, `3.1 h`, `9 days`."""
    limits = ((120, 1, ".1f", "s"), (7200, 60, ".0f", "min"), (172_800, 3600, ".1f", "h"))
    for limit, divisor, precision, unit in limits:
        if seconds < limit:
            return f"{seconds / divisor:{precision}} {unit}"
    return f"{seconds / 86_400:.0f} days"
