"""Requests that mean no good: each feature lists its own in `hostile.py`, and `test_hostile_requests.py` sends all.

The status of each is written down, and both databases have to give it: so both give the same.
"""

from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import Role

CANARY = "c4nary-7f3a"
"""Part of what hostile requests send; it may be in no problem and in no line of the log."""

INT64 = 2**63
MANY_DIGITS = "9" * 5000
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """One request; `{category}`, `{product}` and `{order}` in its path and its texts are those of rows that exist."""

    name: str
    method: str = "GET"
    path: str
    status: int
    role: Role | None = None
    json: Any = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value
