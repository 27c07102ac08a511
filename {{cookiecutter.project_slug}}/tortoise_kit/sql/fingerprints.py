"""Statements as kinds and shapes: what a text is for, and which texts are the same but for their values."""

import re
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a statement is for; a budget counts queries alone, and each is a round trip."""

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


def kind_of(text: str) -> Kind:
    """What a statement is for, by its first word; of a script, its first statement."""
    first = _FIRST_WORD.match(text)
    if text.startswith(_ASYNCPG_RESET) or first is None:
        return Kind.SESSION
    return _KINDS.get(first[1].upper(), Kind.QUERY)


def shape_of(text: str) -> str:
    """The statement on one line, without comments and values: each is a `?`, and a list of them of any length `(?)`.

    So the same query with another number of keys in its IN-list has the same shape, and a shape can be logged: it
    holds no value, even where somebody wrote one into the text.
    """
    return _remembered(text) if len(text) <= _LONGEST_CACHED else _without_values(text)


def _without_values(text: str) -> str:
    marked = _VALUES.sub(lambda found: found["name"] or (" " if found["comment"] else "?"), text)
    return _SPACES.sub(" ", _LISTS.sub("(?)", marked)).strip()


_remembered = lru_cache(maxsize=1024)(_without_values)
