"""Search for words, which finds the same rows on both databases.

A model keeps the words of some of its columns in one more, a `SearchField`, and a queryset is filtered by
`matching("search", "red lam")`: the row must have all words, and the last one may be the beginning of a word. Words are
split here, in Python; the databases only compare them:

    a word is a run of letters and digits, in any script
    case, accents and encodings of a character make no difference (NFKD, case folding, no combining marks)
    the first 64 characters of a word count, and the first 1 000 different words of a row

Postgres finds them by the index `GinIndex.of_words("search", …)`; its own parser and dictionaries are not used, since
they would find other rows. SQLite reads each row's words: FTS5 would be a second table, kept by triggers, that
migrations do not know.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Any, override

from tortoise import fields
from tortoise.models import Model

from tortoise_kit.sql.conditions import SQLCondition

WORD_CHARACTERS = 64  # no word is longer, and Postgres' index takes some 2 000 bytes
WORDS_MAX = 1_000  # of one row; with more, a row would match nearly every search
WORD = re.compile(r"[^\W_]+")


def words_vector(column: str) -> str:
    """SQL of a column's words, as Postgres indexes them."""
    return f"array_to_tsvector(string_to_array({column}, ' '))"


# The value is words separated by blanks, so that nothing in it is an operator, a quote or a wildcard.
POSTGRES = words_vector("{column}") + " @@ CAST(replace({value}, ' ', ' & ') || ':*' AS tsquery)"
SQLITE = (
    "NOT EXISTS (SELECT 1 FROM (SELECT ' ' || {column} || ' ' AS words) CROSS JOIN "
    """json_each('[" ' || replace({value}, ' ', ' "," ') || '"]') AS word WHERE instr(words, word.value) = 0)"""
)


def words(*texts: str) -> list[str]:
    """The different words of some texts, in the order of their first occurrence."""
    found = (word[0][:WORD_CHARACTERS] for text in texts for word in WORD.finditer(_folded(text)))
    return list(islice(dict.fromkeys(found), WORDS_MAX))


def searchable(*texts: str) -> str:
    """What a `SearchField` stores for some texts, for rows that are written without objects."""
    return " ".join(words(*texts))


def matching(field: str, text: str) -> SQLCondition | None:
    """The condition that a row has all words of `text`, the last one as the beginning of a word.

    Args:
        field: The name of the `SearchField`.
        text: Any text.

    Returns:
        The condition, or None if the text has no word.
    """
    *whole, last = [word[0][:WORD_CHARACTERS] for word in WORD.finditer(_folded(text))] or [""]
    if not last:
        return None
    return SQLCondition(field, " ".join([*dict.fromkeys(whole), last]), postgres=POSTGRES, sqlite=SQLITE)


def _folded(text: str) -> str:
    """The same for texts that differ only in case, accents or the encoding of characters."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in decomposed if not unicodedata.category(each).startswith("M"))


class SearchField(fields.TextField):
    """The words of other columns, set whenever an object is saved: `SearchField(of=("name", "text"))`.

    Where columns are written without their object, by `update()`, `update_many` or `copy_many`, write this one with
    them, as `searchable(…)`; `save(update_fields=…)` must name it.
    """

    def __init__(self, *, of: Sequence[str] = (), **options: Any) -> None:
        super().__init__(**{"default": "", **options})
        self.of = tuple(of)

    @property
    @override
    def constraints(self) -> dict[str, Any]:
        """Read-only for clients: `CreateSchema` and `PatchSchema` leave it out."""
        return {**super().constraints, "readOnly": True}

    @override
    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        """The words of an object's columns; another value as it is."""
        if isinstance(instance, Model):
            value = searchable(*(getattr(instance, name) for name in self.of))
        return super().to_db_value(value, instance)
