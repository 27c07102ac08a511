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

# Names in double quotes are kept; text, numbers and parameters become a mark.
_VALUES = re.compile(r"""("(?:[^"]|"")*")|'(?:[^']|'')*'|\$\d+|\?\d*|(?<![\w.$])\d+(?:\.\d+)?\b""")
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)*\s*\)(?:\s*,\s*\(\s*\?(?:\s*,\s*\?)*\s*\))*")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=2048)
def kind_of(text: str) -> Kind:
    """What a statement is for, by its first word; of a script, its first statement."""
    first = _FIRST_WORD.match(text)
    if text.startswith(_ASYNCPG_RESET) or first is None:
        return Kind.SESSION
    return _KINDS.get(first[1].upper(), Kind.QUERY)


@lru_cache(maxsize=2048)
def shape_of(text: str) -> str:
    """The statement on one line, without values: every one is a `?`, and a list of them, however long, is `(?)`.

    So the same query with another number of keys in its IN-list has the same shape, and a shape can be logged: it
    holds no value, even where somebody wrote one into the text.
    """
    without_values = _VALUES.sub(lambda found: found[1] or "?", text)
    return _SPACES.sub(" ", _LISTS.sub("(?)", without_values)).strip()
