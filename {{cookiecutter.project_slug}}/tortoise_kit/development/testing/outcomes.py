"""What a test found for a line of `contract.py`, which `--accept` may write there."""

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A line of a file.

    Attributes:
        path: The file.
        line: From 1.
    """

    path: str
    line: int

    def __str__(self) -> str:
        path = Path(self.path)
        return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{self.line}"


def declared_here() -> Place:
    """Where an object is created: the default factory of a field of its dataclass."""
    frame = inspect.currentframe()
    for _ in range(2):  # over the generated __init__
        frame = frame.f_back if frame else None
    return Place(frame.f_code.co_filename, frame.f_lineno) if frame else Place("", 0)


@dataclass(frozen=True)
class Outcome:
    """What one test measured for one line.

    Attributes:
        call: `Access`, `Budget` or `Hostile`.
        path, line: Of the call.
        declared: What it declares: a status for each caller, a number for each database, or a status for the request.
        slot: The caller's, the database's or the request's name, by which `declared` has it.
        value: The status or the number.
        names: Constants of the file that may stand for a list of statuses, by its text.
    """

    call: str
    path: str
    line: int
    declared: Mapping[str, int]
    slot: str
    value: int
    names: Mapping[str, str] = field(default_factory=dict)


def constants(path: str) -> dict[str, str]:
    """The constants of an imported file that are tuples, by their text."""
    found = (each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path)
    names = next((vars(each) for each in found), {})
    return {repr(value): name for name, value in names.items() if name.isupper() and isinstance(value, tuple)}
