"""What a statement is: its kind, its fingerprint (the text without values), the line that sent it, its rows."""

import re
import sys
import sysconfig
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class Kind(StrEnum):
    """What a statement is for; a budget counts only queries, and each is a round trip."""

    QUERY = "query"
    TRANSACTION = "transaction"
    SESSION = "session"


_FIRST_WORD = re.compile(r"(?:\s|/\*.*?\*/|--[^\n]*\n)*(\w*)", re.DOTALL)
_KINDS = {
    **dict.fromkeys(("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"), Kind.TRANSACTION),
    **dict.fromkeys(("SET", "RESET", "PRAGMA", "LISTEN", "UNLISTEN", "DISCARD", "CLOSE", "DEALLOCATE"), Kind.SESSION),
}
_ASYNCPG_RESET = "SELECT pg_advisory_unlock_all()"  # begins what asyncpg sends when a connection goes back

# Names in double quotes are kept, comments dropped; texts, numbers and parameters become a mark.
_VALUES = re.compile(
    r"""
    (?P<name>"(?:[^"]|"")*")
    | (?P<comment>/\*.*?\*/|--[^\n]*)
    | \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | (?P<tag>\$(?:[A-Za-z_]\w*)?\$).*?(?P=tag)
    | \$\d+ | \?\d* | (?<![\w.$])\d+(?:\.\d+)?\b
    """,
    re.DOTALL | re.VERBOSE,
)
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)*\s*\)(?:\s*,\s*\(\s*\?(?:\s*,\s*\?)*\s*\))*")
_SPACES = re.compile(r"\s+")
_LONGEST_CACHED = 10_000  # characters; a bulk insert has many more, and another text for each number of rows

_PROJECT = Path.cwd()
_INSTALLED = ("stdlib", "platstdlib", "purelib", "platlib", "scripts")
_OTHERS = (Path(__file__).parents[1], *(Path(sysconfig.get_path(name)) for name in _INSTALLED))

_last_line: ContextVar[str | None] = ContextVar("last_call_site", default=None)


def kind_of(text: str) -> Kind:
    """What a statement is for, by its first word; of a script, its first statement."""
    return _cached_kind(text) if len(text) <= _LONGEST_CACHED else _kind_of(text)


def _kind_of(text: str) -> Kind:
    first = _FIRST_WORD.match(text)
    if text.startswith(_ASYNCPG_RESET) or first is None:
        return Kind.SESSION
    return _KINDS.get(first[1].upper(), Kind.QUERY)


def fingerprint(text: str) -> str:
    """The statement on one line, without comments and values: each value is a `?`, a list of any length is `(?)`.

    So the same query with another number of keys in its IN list has the same fingerprint. It can be logged: it holds
    no value, even where one was written into the text.
    """
    return _cached(text) if len(text) <= _LONGEST_CACHED else _without_values(text)


def _without_values(text: str) -> str:
    marked = _VALUES.sub(lambda found: found["name"] or (" " if found["comment"] else "?"), text)
    return _SPACES.sub(" ", _LISTS.sub("(?)", marked)).strip()


_cached, _cached_kind = lru_cache(maxsize=1024)(_without_values), lru_cache(maxsize=1024)(_kind_of)


def rows_of(result: object) -> int | None:
    """The number of rows in a driver's result, or at the end of its status, such as `INSERT 0 5`."""
    if isinstance(result, list):
        return len(result)
    status = result[1].decode() if isinstance(result, tuple) else result  # asyncpg: rows, status, whether complete
    last = status.rpartition(" ")[2] if isinstance(status, str) else ""
    return int(last) if last.isdecimal() else None


def call_site() -> str | None:
    """The innermost line of the service's own code on the stack, such as `app/orders/queries.py:31`.

    Own code is all but the kit, installed libraries and Python. Tortoise prefetches in tasks, whose stacks begin in
    Tortoise: for these it is the line that was last found in their context, which is the one that awaits them.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # `inspect.stack` reads files
    while frame is not None:
        if (place := is_own_code(frame.f_code.co_filename)) is not None:
            _last_line.set(f"{place}:{frame.f_lineno}")
            break
        frame = frame.f_back
    return _last_line.get()


@lru_cache(maxsize=4096)
def is_own_code(filename: str) -> str | None:
    """The path of a file of the service, relative to the project if it is below; None for all other code."""
    path = Path(filename)
    if filename.startswith("<") or any(path.is_relative_to(folder) for folder in _OTHERS):
        return None
    return path.relative_to(_PROJECT).as_posix() if path.is_relative_to(_PROJECT) else str(path)
