"""Quoting and parsing SQL: where a statement ends, and enough of the grammar of a schema to compare two of them.

It parses the statements that Tortoise writes, and handwritten ones that SQLite keeps.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import accumulate

CONSTRAINTS = ("CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK")
_TOKEN = re.compile(r"""[xX]?'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),;]|[^\s(),;'"]+""")
_COMMENT = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|[ \t]*(?:/\*.*?\*/|--[^\n]*)""", re.DOTALL)


def quoted(name: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def tokens(sql: str) -> list[str]:
    """The words, quoted texts and brackets of a statement without comments."""
    return _TOKEN.findall(sql)


def without_comments(sql: str) -> str:
    """The statement without comments, and without the blanks before them."""
    return _COMMENT.sub(lambda match: match[1] or "", sql).strip()


def statements(script: str) -> Iterator[str]:
    """The statements of an SQLite script, one by one, without their semicolons.

    SQLite itself decides where one ends, so a semicolon in a literal, a comment or a trigger's body does not end it.
    """
    begun = ""
    for part in script.split(";"):
        begun += part
        if sqlite3.complete_statement(begun + ";"):
            if without_comments(begun):
                yield begun.strip()
            begun = ""
        else:
            begun += ";"
    if without_comments(begun).strip("; \n"):
        yield begun.rstrip("; \n").strip()


def owner(statement: str) -> str:
    """The table of a CREATE TABLE, CREATE INDEX or COMMENT ON."""
    words = tokens(statement)
    upper = [word.upper() for word in words]
    start = upper.index("TABLE") if "TABLE" in upper else upper.index("ON")
    return next(word for word in words[start:] if word.startswith('"')).strip('"')


def definitions(create_table: str) -> list[str]:
    """What is between the outer parentheses of a CREATE TABLE without comments: columns, then constraints."""
    parts: list[str] = []
    depth = start = 0
    for match in _TOKEN.finditer(create_table):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if match[0] == "(" and depth == 1:
            start = match.end()
        elif (match[0], depth) in {(",", 1), (")", 0)}:
            parts.append(create_table[start : match.start()].strip())
            start = match.end()
    return parts


def column_definitions(create_table: str) -> dict[str, str]:
    """The definitions of a CREATE TABLE's columns by name, in their order."""
    parts = ((tokens(part)[0], part) for part in definitions(create_table))
    return {first.strip('"'): part for first, part in parts if first.upper() not in CONSTRAINTS}


def constraint_definitions(create_table: str) -> list[str]:
    """The definitions of a CREATE TABLE's constraints."""
    return [part for part in definitions(create_table) if tokens(part)[0].upper() in CONSTRAINTS]


def is_check(constraint: str) -> bool:
    """Whether the definition of a constraint is a CHECK."""
    return re.match(r"(CONSTRAINT\s+\S+\s+)?CHECK\b", constraint, re.IGNORECASE) is not None


def meaning(words: Iterable[str]) -> list[str]:
    """Tokens in the form in which SQLite compares them: without quotes around names, in upper case."""
    return [word if word.startswith("'") else word.strip('"').upper() for word in words]


def with_default(definition: str, default: str | None) -> str:
    """A column's definition with this DEFAULT, unless it has one already or `default` is empty."""
    return definition if not default or split_default(definition)[1] else f"{definition} DEFAULT {default}"


def target_of(definition: str, references: str | None) -> str | None:
    """`references` (what follows REFERENCES) with the column that a definition refers to in the same table."""
    match = re.search(r'REFERENCES ("[^"]+") \(("[^"]+")\)', definition)
    if not (references and match and references.startswith(f"{match[1]} (")):
        return references
    return re.sub(r'\("[^"]+"\)', lambda _: f"({match[2]})", references, count=1)


def split_default(definition: str) -> tuple[list[str], list[str]]:
    """The tokens of a column's definition without its DEFAULT, and those of the default's value."""
    words = tokens(definition)
    upper = [word.upper() for word in words]
    if "DEFAULT" not in upper:
        return words, []
    start = upper.index("DEFAULT")
    depths = accumulate({"(": 1, ")": -1}.get(word, 0) for word in words[start + 1 :])
    end = start + 2 + list(depths).index(0)
    return words[:start] + words[end:], words[start + 1 : end]
